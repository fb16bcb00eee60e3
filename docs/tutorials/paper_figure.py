# %% [markdown]
# # Make the paper's figure
#
# This tutorial goes the whole way from a question to a figure and a sentence with their uncertainty: run, keep, draw
# at the width of a column, state what it rests on, and note how others can repeat it. Results are simulated under
# stated assumptions and are no estimate for any place, group or person.
#
# ## Run and keep
#
# A small comparison stands for the real one here. The only difference for a paper is the size: leave out `SMALL`, and
# take the replicates that the verdicts need. `folder` keeps everything.

# %%
from sim import compare

SMALL = {"scale": 0.1, "nights": 35, "warmup": 25, "workers": 1}
comparison = compare("fragmented", "centralised", replicates=4, folder="paper", **SMALL)

# %% [markdown]
# ## The standard figure
#
# The documentation's figure has a line on what it rests on: scenarios, number of replicates and length. Its caption
# and its alternative text come with it.

# %%
figures = comparison.plot("paired_differences")
print(figures.captions["paired_differences"])
figures.save("paper_figures")

# %% [markdown]
# ## A figure of your own
#
# `look` gives the name, colour, line and marker that a scenario has in all figures of the project. A column of a
# journal is some 85 mm wide; a figure that is drawn at its final size keeps its letters legible.

# %%
import matplotlib.pyplot as plt

from sim.figures.style import in_style, look

nights = comparison.to_pandas("nights")
weekly = nights.assign(week=nights.night // 7).groupby(["scenario", "replicate", "week"]).price_mean.mean()
with in_style():
    figure, axis = plt.subplots(figsize=(85 / 25.4, 60 / 25.4))
    for scenario in comparison.scenarios:
        style = look(scenario)
        by_week = weekly[scenario].unstack("replicate")
        middle, error = by_week.mean(axis=1), 3.182 * by_week.std(axis=1) / 2  # t, 3 degrees of freedom, 4 replicates
        axis.plot(by_week.index, middle, color=style.colour, linestyle=style.line, label=style.name)
        axis.fill_between(by_week.index, middle - error, middle + error, color=style.colour, alpha=0.2, linewidth=0)
    axis.set(xlabel="week", ylabel="mean price (EUR)")
    axis.legend(frameon=False)
    figure.savefig("paper_figures/price.pdf")
    figure.savefig("paper_figures/price.png", dpi=300)

# %% [markdown]
# ## The caption
#
# A reader needs n, the length, the interval and the words *simulated under stated assumptions*.

# %%
import json
from pathlib import Path

manifest = json.loads(Path("paper/manifest.json").read_text())
pairs = len(comparison.to_pandas("runs").replicate.unique())
print(f"Mean price a week under rival groups and under one organisation. Lines are means and bands 95 % intervals over "
      f"{pairs} paired runs of {SMALL['nights']} nights at a tenth of the real size. Simulated under stated "
      f"assumptions; no estimate for any place, group or person. border-market-sim {manifest['version']}, "
      f"configuration {manifest['configuration_hash']}.")

# %% [markdown]
# ## The sentence
#
# Numbers in a text should come from the table, not from memory.

# %%
summary = comparison.to_pandas("summary").set_index(["outcome", "scenario"])
row = summary.loc["price_mean", "centralised"]
interval = f"{row.difference_low:.0f} to {row.difference_high:.0f}"
print(f"The price rose by {row.difference:.0f} EUR ({interval}) under one organisation."
      if row.difference_low > 0 else "The price did not clearly rise under one organisation.")

# %% [markdown]
# ## So that others can repeat it
#
# The folder `paper` holds every parameter, seed, version and command. `report()` writes a page that states them in
# words. Put the folder into an archive with a DOI and cite that, as [archive](../archive.md) describes.

# %%
print(comparison.report())
print(manifest["command"])

# %% [markdown]
# The figures and tables of this documentation are made in the same way, from `experiments/`, by `python -m
# experiments centralisation`.
