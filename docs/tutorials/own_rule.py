# %% [markdown]
# # A rule of your own
#
# How would prices differ if groups did not respond to each other, but asked twice the cost of a crossing? This
# tutorial writes that rule, installs it, checks that it keeps the laws of the model, and compares it with the model's
# own rule, with an interval. Results are simulated under stated assumptions and are no estimate for any place, group
# or person.
#
# ## A rule is a function of the world
#
# The rule `price` is called when owners review their prices. It reads the state and writes `groups.price` (EUR).

# %%
from pathlib import Path

Path("my_rules").mkdir(exist_ok=True)
Path("my_rules/my_rules.py").write_text('''"""Price as a fixed multiple of cost."""

import numpy as np

from sim.world.derived import crossing_cost

MULTIPLE = 2.0  # of the cost of a crossing; assumed


def twice_cost(world):
    """Every active group asks MULTIPLE times the cost of a crossing (EUR), within the floor and the ceiling."""
    market, groups = world.p.market, world.groups
    price = np.clip(MULTIPLE * crossing_cost(world), market.price_floor, market.price_ceiling)
    groups.price = np.where(groups.active, price, groups.price)
''', encoding="utf-8")

# %% [markdown]
# ## Give it a name
#
# The model finds rules by entry points, so a rule belongs to a package; the smallest has one file more. Usually one
# would install it with `pip install -e ./my_rules`. Here it goes into a folder of its own, so that this tutorial
# changes nothing on your machine.

# %%
import os
import subprocess
import sys

Path("my_rules/pyproject.toml").write_text('''[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "my-rules"
version = "0.1"

[project.entry-points."border_market_sim.rules"]
"price.twice_cost" = "my_rules:twice_cost"

[tool.hatch.build.targets.wheel]
only-include = ["my_rules.py"]
''', encoding="utf-8")
INSTALL = "install -q --no-deps --target site ./my_rules"
subprocess.run([sys.executable, "-m", "pip", *INSTALL.split()], check=True)
sys.path.insert(0, str(Path("site").absolute()))
os.environ["PYTHONPATH"] = os.pathsep.join([str(Path("site").absolute()), os.environ.get("PYTHONPATH", "")])

# %% [markdown]
# ## Does it keep the laws?
#
# `check_rule` plays small markets with the rule in several scenarios and at extreme cases. It checks that people and
# money are conserved, that no number is undefined, that the same seed gives the same bytes, and that a saved run
# continues exactly. `check_rule("price", twice_cost)` does the same with a function that is not installed yet.

# %%
from sim.command.conformance import check_rule

print(check_rule("price.twice_cost"))

# %% [markdown]
# ## Sweep over the two rules
#
# The name of a rule is a value of the key `rules.price`, and the first value is what the others are compared with.

# %%
from sim import sweep

SMALL = {"scale": 0.1, "nights": 20, "warmup": 20, "workers": 1}  # one process is enough for so little
found = sweep("fragmented", rules_price=["best_response", "twice_cost"], replicates=4, **SMALL)
print(found)
runs = found.to_pandas().pivot(index="replicate", columns="rules.price", values="price_mean")
difference = runs["twice_cost"] - runs["best_response"]
half_width = 3.182 * difference.std() / 2  # Student's t with 3 degrees of freedom; square root of 4 replicates
print(f"price: {difference.mean():+.0f} EUR ± {half_width:.0f} (95 % interval, 4 paired runs)")

# %% [markdown]
# The manifest of the results names the package and its version, and the hash of the model covers the rule, so that
# results with and without it are never mixed. [Extend](../extend.md) shows the other rules, and how to add a
# scenario, an outcome or a whole study.
