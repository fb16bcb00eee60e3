# %% [markdown]
# # Calibrate one parameter on toy data
#
# Can a number that nobody reports be estimated from numbers that are reported? Here we make the data ourselves, with
# a known value of one parameter, and try to find that value again. If that fails, real data would not help either.
# The tutorial uses approximate Bayesian computation with a linear adjustment, the simplest member of the family that
# [the calibration](../calibration.md) uses. Results are simulated under stated assumptions and are no estimate for
# any place, group or person.
#
# ## Toy data
#
# `border.search_rate` is the area that a patrol searches. In the hidden truth it is 7. What "was reported" are two
# numbers of three weeks: the share of attempts that succeeded, and the mean price.

# %%
import numpy as np

from sim import Market, sweep

SMALL = {"scale": 0.1, "nights": 20, "warmup": 20}
REPORTED = ["success_rate", "price_mean"]
TRUTH = 7.0
truth = Market("status_quo", seed=99, border_search_rate=TRUTH, **SMALL).run().outcomes
data = np.array([truth[name] for name in REPORTED])
print(dict(zip(REPORTED, data.round(3))))

# %% [markdown]
# ## Simulate over the prior
#
# The registry gives 4 to 12 as the plausible range. We take that range as a uniform prior and play evenly spaced
# values, twice each.

# %%
values = np.linspace(4, 12, 17)
runs = sweep("status_quo", border_search_rate=values, replicates=2, workers=1, **SMALL).to_pandas()
drawn = runs["border.search_rate"].to_numpy()
simulated = runs[REPORTED].to_numpy()
print(len(drawn), "runs;", np.corrcoef(drawn, simulated.T)[0, 1:].round(2), "correlations with the parameter")

# %% [markdown]
# A reported number whose correlation is near zero contains no information about the parameter.
#
# ## Accept what lies near, and adjust
#
# Runs whose numbers lie near the data are kept, the nearer the larger their weight. Kept draws are then moved along a
# regression line to where the data are (Beaumont, Zhang and Balding 2002).

# %%
def posterior(observed, drawn, simulated, kept=0.7):
    """Adjusted draws and their weights, given observed numbers.

    drawn: parameter of each run; simulated: (runs, numbers); kept: share of the runs with a positive weight.
    """
    gap = (simulated - observed) / simulated.std(axis=0)
    distance = np.sqrt((gap ** 2).sum(axis=1))
    weight = np.clip(1 - (distance / np.quantile(distance, kept)) ** 2, 0, None)  # Epanechnikov's kernel
    design = np.column_stack([np.ones(len(drawn)), gap])
    root = np.sqrt(weight)
    coefficients = np.linalg.lstsq(design * root[:, None], drawn * root, rcond=None)[0]
    residuals = drawn - design @ coefficients
    weight = weight / weight.sum()
    effective = 1 / (weight ** 2).sum()  # so many equally weighted draws are worth as much
    wider = np.sqrt(effective / (effective - len(coefficients)))  # residuals of a fitted line are too small
    return np.clip(coefficients[0] + wider * residuals, 4, 12), weight


def quantiles(draws, weight, at=(0.025, 0.5, 0.975)):
    """Quantiles of weighted draws."""
    order = np.argsort(draws)
    return np.interp(at, np.cumsum(weight[order]) - weight[order] / 2, draws[order])


low, middle, high = quantiles(*posterior(data, drawn, simulated))
print(f"search rate: {middle:.1f} (95 % interval {low:.1f} to {high:.1f}); the truth is {TRUTH}")

# %% [markdown]
# ## Does the method work at all?
#
# One success may be luck. Take each simulated run in turn as if it were the data, estimate its parameter from all
# other points, and count how often the interval contains the true value. It should be about 95 %; with so few runs,
# chance alone allows some 86 % to 100 %. The correlation of estimates and truths says how much the data can tell.

# %%
estimates, covered = [], []
for value, numbers in zip(drawn, simulated):
    others = drawn != value
    low, middle, high = quantiles(*posterior(numbers, drawn[others], simulated[others]))
    estimates.append(middle)
    covered.append(low <= value <= high)
recovery = np.corrcoef(estimates, drawn)[0, 1]
print(f"intervals that contain the truth: {np.mean(covered):.0%}; recovery: r = {recovery:.2f}")

# %% [markdown]
# If far fewer intervals contain the truth, the method is too sure of itself, and its estimate from real data must not
# be believed. [The calibration](../calibration.md) has such gates for twelve parameters at once, reports which of
# them it did not pass, and finds that most motives of people and groups cannot be identified from published numbers.
