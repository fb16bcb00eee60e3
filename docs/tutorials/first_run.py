# %% [markdown]
# # First run
#
# This tutorial plays one month of a small market, looks at the results as tables and as a figure, and changes one
# parameter. It takes five minutes. Results are simulated under stated assumptions and are no estimate for any place,
# group or person.
#
# ## A market
#
# `status_quo` is the name of a [scenario](../scenarios.md). `scale=0.1` makes everything a tenth of the real size,
# `nights` is the length of the record, and the nights of the warm-up are played before it so that queues and prices
# settle. A study leaves `scale`, `nights` and `warmup` at their defaults: real size, 365 nights and 120 nights.

# %%
from sim import Market

SMALL = {"scale": 0.1, "nights": 30, "warmup": 30}
market = Market("status_quo", **SMALL)
results = market.run()
print(results)

# %% [markdown]
# In a notebook, write `results` alone on the last line of a cell to see the same as a table. The first column names
# an outcome with its unit. [Outcomes](../outcomes.md) says exactly what each of them means.
#
# ## The nights
#
# The results hold four tables: one row for the run, one a night, one a group and night, and one a calendar month of
# what would have been reported. Each is a pandas data frame, and the unit of each column travels with it.

# %%
print(results.tables)
nights = results.to_pandas("nights")
columns = ["price_mean", "attempts", "crossings", "interceptions"]
print(nights.set_index("date")[columns].tail(5))
print({name: nights.attrs["units"][name] for name in columns})

# %% [markdown]
# ## The groups
#
# Ten groups compete. The table of groups tells what each asks and how many clients it has.

# %%
groups = results.to_pandas("groups").query("active")
print(groups.groupby("group")[["price", "clients", "members"]].mean().round(1))

# %% [markdown]
# ## A figure
#
# `plot()` draws all standard figures that these results allow, `plot("turf")` one of them. `save` writes PDF and PNG.

# %%
figures = results.plot()
print(list(figures))
figures.save("first_run")

# %% [markdown]
# ## Change one thing
#
# Any [parameter](../parameters.md) is a keyword whose dots are underscores. The next market has twice as many patrols
# and the same seed, so it begins with the same people on the same nights.

# %%
patrolled = Market("status_quo", police_patrols=160, **SMALL).run()
for name in ("price_mean", "success_rate", "crossings"):
    print(f"{name:18} {results.outcomes[name]:10.3f} {patrolled.outcomes[name]:10.3f}")

# %% [markdown]
# Do not read much into these two columns. They are one run of a small month each, and chance alone can make such a
# difference. [Compare two worlds](compare_worlds.py) shows how to tell an effect from chance.
#
# A name that is misspelt is refused in one line, which gives the nearest name that exists.

# %%
try:
    Market("status_quo", police_patrol=160)
except ValueError as error:
    print(error)

# %% [markdown]
# ## The same from the command line
#
# This command in a terminal gives the same numbers and writes a report, `results/single/latest/report.html`:
#
#     python -m sim scenario=status_quo police.patrols=160 scale=0.1 nights=30 warmup=30
