# %% [markdown]
# # Compare two worlds
#
# Does one organisation of all groups change the price of a crossing, compared with rival groups? This tutorial
# answers for a small market, says how sure the answer is, and shows why both worlds get the same seeds. Results are
# simulated under stated assumptions and are no estimate for any place, group or person.
#
# ## Play both worlds several times
#
# A replicate is one run with a seed of its own. Replicate 0 has the same seed in both worlds, so the same people
# arrive on the same nights with the same money; replicate 1 has another seed, again the same in both; and so on.

# %%
from sim import compare

SMALL = {"scale": 0.1, "nights": 30, "warmup": 30}
comparison = compare("fragmented", "centralised", replicates=6, workers=1, **SMALL)
print(comparison)

# %% [markdown]
# The first table gives means, the second differences from `fragmented` with their 95 % intervals. A verdict compares
# the interval with the smallest effect that would matter, which was fixed for each outcome before any run:
#
# - *different*: the interval excludes zero;
# - *equivalent*: the interval lies within the smallest effect that matters;
# - *undecided*: neither. More replicates would be needed, and that is what the verdict says.
#
# ## The difference by hand
#
# The table of runs has one row per scenario and replicate. The interval of the paired difference is that of a mean of
# six differences.

# %%
import numpy as np
from scipy import stats

runs = comparison.to_pandas("runs").pivot(index="replicate", columns="scenario", values="price_mean")
difference = runs["centralised"] - runs["fragmented"]
print(runs.assign(difference=difference).round(0))


def half_width(values):
    """Half of the 95 % interval of a mean (Student's t)."""
    return stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))


print(f"price: {difference.mean():+.0f} EUR ± {half_width(difference):.0f}")

# %% [markdown]
# ## What the same seeds are worth
#
# With seeds of their own, the variances of the two worlds would add up. With common seeds, whatever both worlds have
# in common cancels in the difference. The ratio of the two variances says how many independent pairs of runs one
# paired run replaces. A value near one means that pairing hardly helps for this outcome.

# %%
independent = runs["centralised"].var() + runs["fragmented"].var()
print(f"one paired run replaces {independent / difference.var():.1f} independent ones")

# %% [markdown]
# ## How many replicates are enough?
#
# The half-width shrinks with the square root of the number of replicates. This is the number for a half-width of 100
# EUR:

# %%
enough = int(np.ceil(len(difference) * (half_width(difference) / 100) ** 2))
print(f"{enough} replicates for ± 100 EUR")

# %% [markdown]
# ## A figure and a sentence
#
# The figure shows the paired differences of all primary outcomes.

# %%
comparison.plot("paired_differences").save("compare_worlds")
summary = comparison.to_pandas("summary").set_index(["outcome", "scenario"])
row = summary.loc["price_mean", "centralised"]
print(f"In a simulated market of a tenth of the real size, the mean price was {row.difference:+.0f} EUR "
      f"({row.difference_low:+.0f} to {row.difference_high:+.0f}; 95 % interval, {row.pairs:.0f} paired runs of 30 "
      "nights) under one organisation of all groups, compared with rival groups.")

# %% [markdown]
# The interval is that of chance within these rules and parameters. Whether the sign survives other parameters and
# other rules is a different question, which [emergence](../emergence.md) and [robustness](../robustness.md) answer
# for the main comparison. At real size and for a year the same comparison is `compare("fragmented", "centralised",
# replicates=24)`, or `python -m sim +experiment=centralisation` with two more scenarios.
