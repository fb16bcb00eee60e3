"""Prior-predictive sign robustness: two scenarios compared with all parameters drawn jointly over their plausible
ranges.

Each draw of a Latin hypercube runs both scenarios with the same seed.  If nearly all draws give the same sign, that
sign is a premise of the model and its ranges and not a finding.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.registry.errors import ConfigurationError
from sim.registry.outcomes import outcomes
from sim.registry.parameters import Parameters, flatten
from sim.registry.ranges import left_open, values_at, varied
from sim.runs.design import ARM
from sim.runs.plan import plan_of
from sim.runs.store import Journals
from sim.studies import Rows
from sim.world.draws import Draws, replicate_seed

HEADLINES = ("price_mean", "clashes", "abductions_per_10k", "bribes_per_gross", "deaths_per_10k", "crossed_within_30",
             "outlay_per_arrival", "joint_surplus")
PREMISE = 0.95  # a sign is a premise if it holds in a larger share of draws than this
DRAW = "draw_"  # prefix of a draw's number in the name of its arm
SETTINGS = ("scale", "nights", "warmup")  # settings that all runs share


class Sweep(NamedTuple):
    """A finished sweep, draw by draw."""

    design: list[dict]  # {key: value} of each draw
    differences: list[dict]  # {outcome: second scenario minus first} of each draw
    points: list[dict]  # rows of a design that repeats each draw, two rows for each draw


# the sweep ---------------------------------------------------------------------------------------------------------
def rounds(settings: dict, parameters: dict[str, Parameters]):
    """Yield the rows of every draw in both scenarios; ConfigurationError unless two scenarios are compared."""
    if len(parameters) != 2:
        raise ConfigurationError(f"scenarios={list(parameters)}: give two, the second is compared with the first")
    bases = {name: flatten(p.as_dict()) for name, p in parameters.items()}
    yield rows_to_run(bases, settings["parameter_draws"]["count"])


def rows_to_run(bases: dict[str, dict], draws: int) -> list[dict]:
    """Rows of the sweep's design; keys set by a scenario or on the command line keep their values."""
    seed = next(iter(bases.values()))["seed"]
    return [{"scenario": name, ARM: f"{DRAW}{number}", "seed": replicate_seed(seed, number), "replicates": 1,
             **left_open(base, values)}
            for number, values in enumerate(design(draws, seed)) for name, base in bases.items()]


def design(draws: int, seed: int) -> list[dict]:
    """A Latin hypercube over the plausible ranges, as one mapping of key to value for each draw."""
    keyed, entries = Draws(seed), varied()
    cube = np.empty((draws, len(entries)))
    for k in range(len(entries)):
        order = np.argsort(keyed.uniform("strata", 0, np.arange(draws), k))
        cube[:, k] = (order + keyed.uniform("within", 0, np.arange(draws), k)) / draws
    return [values_at(entries, point) for point in cube.tolist()]


def read(folder: Path) -> Sweep:
    """Read the differences of a finished sweep, draw by draw."""
    (head, points), journals = plan_of(folder), Journals(Path(folder))
    journals.refresh()
    runs = [journals.runs[point.identity, 0] for point in points]
    differences = [{name: second[name] - first[name] for name in HEADLINES}
                   for first, second in zip(runs[::2], runs[1::2])]
    repeated = [{"scenario": point.scenario, **{key: point.base[key] for key in SETTINGS}, **point.values}
             for point in points]
    return Sweep(design(head["settings"]["parameter_draws"]["count"], points[0].base["seed"]), differences, repeated)


# its tables --------------------------------------------------------------------------------------------------------
def rows(sweep: Sweep) -> Rows:
    """Rows of the signs, of all draws with their differences, and of the draws with the rarer signs (also as a
    design)."""
    table = signs(sweep.differences)
    draws = [{**row, **difference} for row, difference in zip(sweep.design, sweep.differences)]
    return {"emergence": table, "draws": draws, "other_signs": other_signs(table, sweep.design),
            "other_signs_design": design_of_other_signs(table, sweep.points)}


def signs(differences: list[dict]) -> list[dict]:
    """The shares of draws with a rise and with a fall of each headline outcome, and the verdict."""
    return [sign(name, np.array([draw[name] for draw in differences], float)) for name in HEADLINES]


def sign(name: str, values: np.ndarray) -> dict:
    """The row of one headline outcome; draws without a value are not counted."""
    finite = np.isfinite(values)
    row = {"outcome": name, "label": outcomes()[name].label, "draws": int(finite.sum())}
    if not finite.any():
        return row | {"rises": np.nan, "falls": np.nan, "median": np.nan, "verdict": "not seen",
                       "draw_of_the_other_sign": ""}
    up, down = (values[finite] > 0).mean(), (values[finite] < 0).mean()
    other = np.where(finite, -values if up >= down else values, -np.inf)  # largest where the rarer sign is clearest
    return row | {"rises": round(float(up), 4), "falls": round(float(down), 4),
                   "median": float(np.median(values[finite])),
                   "verdict": "premise" if max(up, down) > PREMISE else "either way",
                   "draw_of_the_other_sign": int(other.argmax()) if other.max() > 0 else ""}


def other_signs(table: list[dict], drawn: list[dict]) -> list[dict]:
    """Configurations with the clearest rarer sign: one row for each key, one column for each headline outcome."""
    shown = {row_of_sign["outcome"]: drawn[row_of_sign["draw_of_the_other_sign"]] for row_of_sign in table
             if row_of_sign["draw_of_the_other_sign"] != ""}
    return [{"key": e.key, "default": e.default, **{name: row[e.key] for name, row in shown.items()}} for e in varied()]


def design_of_other_signs(table: list[dict], points: list[dict]) -> list[dict]:
    """Rows of a design that repeats the draws with rarer signs; the first two points if no draw has a rarer sign."""
    names = {f"{DRAW}{line['draw_of_the_other_sign']}" for line in table}
    chosen = [point for point in points if point[ARM] in names] or points[:2]
    keys = dict.fromkeys(key for point in chosen for key in point)
    return [{key: point.get(key, "") for key in keys} for point in chosen]
