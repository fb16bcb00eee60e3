"""What each mechanism and lever moves: paired differences of an arm without it from the base of the same scenario.

An arm switches one mechanism off, or doubles it where the base does not have it.  An irrelevant arm changes a number by
so little that no outcome should answer (0.01 %), yet luck falls differently in it: its paired differences are the noise
floor of the design.  An outcome is moved by an arm if Holm's p over all arms of the scenario is below 0.05 and the
difference exceeds the floor, the larger end of the 95 % intervals of the irrelevant arms.  An arm whose runs equal
those of the base in every outcome is `identical`: the mechanism did not act at all.

Where a scenario has an arm with all levers off, `share` is the change with one lever off as a share of the change with
all off.  With all levers off `centralised` is `fragmented`, so this is the share of the difference between the two that
is lost with the lever.  Levers interact, and shares need not add up to 1.
"""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.findings.text import named
from sim.registry.outcomes import PER_10K, primary
from sim.registry.parameters import ConfigurationError
from sim.statistics.paired import compare, family
from sim.statistics.student import fieller
from sim.statistics.summary import smallest_effect

KEYS = ("scenario", "arm")
BASE, IRRELEVANT = "base", "irrelevant"  # the arm that others are compared with; how names of irrelevant arms begin
ALL_OFF = "levers all off"  # the arm whose change the shares of single levers refer to
LEVER = re.compile(r"lever (\w+) off")  # name of an arm with one lever off
OTHERS = ("price_mean", "attempts", "unaided_share", "in_camps_mean", "clashes", "fighters", "officers_attacked",
          "operation_nights", "found_and_moved", "hhi_owners")  # outcomes beside the primary ones
SHARES = ("share", "share_low", "share_high")  # columns
VERDICTS = ("moves", "within noise", "identical")
DIGITS = 7  # significant digits in the table on disk


class Ablated(NamedTuple):
    """Rows of the study's table, and the number of runs behind a difference, in words."""

    rows: list[dict]
    sample: str


def every_outcome() -> tuple[str, ...]:
    """The primary outcomes and `OTHERS`."""
    return (*primary(), *OTHERS)


def check_arms(places: list[tuple[str, str]]) -> None:
    """Raise ConfigurationError unless every scenario has the base and an irrelevant arm."""
    for scenario in dict.fromkeys(name for name, _ in places):
        arms = [arm for name, arm in places if name == scenario]
        if BASE not in arms:
            raise ConfigurationError(f"design: scenario={scenario} has no arm `{BASE}`; differences are taken from it")
        if not any(arm.startswith(IRRELEVANT) for arm in arms):
            raise ConfigurationError(f"design: scenario={scenario} has no arm whose name begins with `{IRRELEVANT}`; "
                                     "its differences are the noise floor")


def read(folder: Path) -> Ablated:
    """Compare all arms of a finished sweep; ConfigurationError where a run is missing."""
    path = Path(folder) / "runs.parquet"
    table = pq.read_table(path)
    columns = {name: table[name].to_pylist() for name in (*KEYS, "replicate")}
    places = list(dict.fromkeys(zip(columns["scenario"], columns["arm"])))
    check_arms(places)
    replicates = sorted(set(columns["replicate"]))
    row = {place: k for k, place in enumerate(zip(*columns.values()))}
    missing = [(*place, k) for place in places for k in replicates if (*place, k) not in row]
    if missing:
        raise ConfigurationError(f"{path}: {len(missing)} runs are missing, first {missing[0]}; give the sweep's "
                                 "command again")
    runs = {name: values_of(table, name) for name in every_outcome()}
    at = {place: [row[(*place, k)] for k in replicates] for place in places}
    compared = [line for scenario in dict.fromkeys(name for name, _ in places)
                for line in scenario_rows(scenario, at, runs)]
    nights = set(table["nights"].to_pylist()) if "nights" in table.column_names else set()
    long = f" of {nights.pop()} nights" if len(nights) == 1 else ""
    return Ablated(compared, f"{len(replicates)} paired runs{long} an arm, the same seeds in all arms")


def values_of(table, name: str) -> np.ndarray:
    """An outcome, or one of `PER_10K`, of every run [its unit]."""
    if name in PER_10K:
        total = sum(np.array(table[part].to_pylist(), float) for part in PER_10K[name][2])
        return 1e4 * total / np.maximum(np.array(table["arrivals"].to_pylist(), float), 1.0)
    return np.array(table[name].to_pylist(), float)


def scenario_rows(scenario: str, at: dict, runs: dict) -> list[dict]:
    """Rows of one scenario, one for each arm and outcome."""
    arms = [arm for name, arm in at if name == scenario and arm != BASE]
    base = {name: values[at[scenario, BASE]] for name, values in runs.items()}
    changed = {arm: {name: values[at[scenario, arm]] for name, values in runs.items()} for arm in arms}
    same = {arm: all(np.array_equal(changed[arm][name], base[name], equal_nan=True) for name in runs) for arm in arms}
    lines = {}
    for name in runs:
        compared = {arm: compare(base[name], changed[arm][name], *smallest_effect(name)) for arm in arms
                    if np.isfinite(base[name] + changed[arm][name]).sum() > 1}
        judged = family({arm: c for arm, c in compared.items() if not same[arm]})
        floor = noise_floor(compared)
        for arm in arms:
            lines[arm, name] = one_row(scenario, arm, name, judged.get(arm, compared.get(arm)), floor, same[arm])
            if LEVER.fullmatch(arm) and ALL_OFF in arms:
                lines[arm, name] |= share(base[name], changed[arm][name], changed[ALL_OFF][name])
    return [lines[arm, name] for arm in arms for name in runs]


def noise_floor(compared: dict) -> float:
    """The larger end of the 95 % intervals of the irrelevant arms, in size [outcome's unit]; NaN without any."""
    ends = [abs(end) for arm, c in compared.items() if arm.startswith(IRRELEVANT) for end in (c.low, c.high)]
    return max(ends, default=float("nan"))


def one_row(scenario, arm, name, c, floor: float, same: bool) -> dict:
    """The row of one arm and outcome; `c` is None where fewer than two pairs are complete."""
    row = {"scenario": scenario, "arm": arm, "outcome": name, "unit": named(name)[1]}
    if c is None:
        return row | dict.fromkeys(("n", "base", "difference", "low", "high", "percent", "percent_low", "percent_high",
                                    "p_holm", "floor", "verdict", *SHARES), "")
    moves = c.differs and abs(c.difference) > floor
    values = {"n": c.n, "base": c.reference, "difference": c.difference, "low": c.low, "high": c.high,
              "percent": c.percent, "percent_low": c.percent_low, "percent_high": c.percent_high, "p_holm": c.p_holm,
              "floor": floor, "verdict": VERDICTS[2] if same else VERDICTS[0] if moves else VERDICTS[1]}
    rounded = {key: float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for key, v in values.items()}
    return row | rounded | dict.fromkeys(SHARES, "")


def share(base, one_off, all_off) -> dict:
    """The mean change with one lever off over that with all off, and Fieller's 95 % interval of the ratio.

    base, one_off, all_off: an outcome by replicate.  Empty for fewer than two complete replicates or a change of 0.
    """
    finite = np.isfinite(base + one_off + all_off)
    one, whole = (one_off - base)[finite], (all_off - base)[finite]
    if len(one) < 2 or not whole.mean():
        return dict.fromkeys(SHARES, "")
    sign = np.sign(whole.mean())
    ends = fieller(whole, sign * one)
    return {key: float(f"{v:.{DIGITS}g}") for key, v in zip(SHARES, (one.mean() / whole.mean(), *ends))}


def rows(source: Ablated) -> dict[str, list[dict]]:
    """Rows of `ablation.csv`, one for each scenario, arm and outcome."""
    return {"ablation": source.rows}
