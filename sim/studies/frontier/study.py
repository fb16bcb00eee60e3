"""Outcomes over control and patrols: harm, displacement, the market and the cost to the state side by side.

The study weighs no outcome against another and singles out no point.  Differences are paired and taken from control 0
at the same number of patrols: the effect of control at constant enforcement.
"""

from pathlib import Path

import numpy as np

from sim.findings.text import named
from sim.registry.outcomes import primary
from sim.runs.grid import Grid
from sim.statistics.intervals import over, sign

CONTROL, PATROLS = "organisation.control", "police.patrols"
KEYS = ("scenario", CONTROL, PATROLS)
THEMES = {  # groups of outcomes in the bands and the table
    "Harm": ("deaths_per_10k", "abductions_per_10k", "injuries_per_10k"),
    "Displacement": ("people_mean", "stay_mean", "unaided_share"),
    "Market": ("crossed_within_30", "outlay_per_arrival", "bribes_per_gross"),
    "State and groups": ("state_cost", "pushbacks_per_10k", "joint_surplus"),
}
MORE = ("left_per_10k", "clashes", "price_mean", "attempts_per_crossing", "deaths_authorities", "deaths_groups",
        "deaths_clashes", "deaths_environment", "hhi_owners")  # only in frontier.csv
BANDS = (0.0, 0.5, 1.0)  # values of control drawn as bands


def read(folder: Path) -> Grid:
    """Read the runs over control and patrols; ConfigurationError if control 0 is missing."""
    grid = Grid(folder, KEYS)
    grid.place(CONTROL, 0.0)
    return grid


def every_outcome() -> list[str]:
    """Outcomes of frontier.csv: those of the themes, the primary ones and `MORE`, each once."""
    return list(dict.fromkeys([*(name for names in THEMES.values() for name in names), *primary(), *MORE]))


def levels(grid: Grid, name: str, scenario: str) -> np.ndarray:
    """Mean, low and high × control × patrols [outcome's unit]."""
    return over(grid[name][grid.place("scenario", scenario)])


def differences(grid: Grid, name: str, scenario: str) -> np.ndarray:
    """Paired difference from control 0 at the same patrols: mean, low, high × control × patrols [outcome's unit]."""
    runs = grid[name][grid.place("scenario", scenario)]
    return over(runs - runs[grid.place(CONTROL, 0.0)])


def rows(grid: Grid) -> dict[str, list[dict]]:
    """Rows of `frontier.csv`, one for each scenario, outcome and point."""
    table, theme_of = [], {name: theme for theme, names in THEMES.items() for name in names}
    for scenario in grid.axes["scenario"]:
        for name in every_outcome():
            level, difference = levels(grid, name, scenario), differences(grid, name, scenario)
            for c, control in enumerate(grid.axes[CONTROL]):
                for k, patrols in enumerate(grid.axes[PATROLS]):
                    row = {"scenario": scenario, "theme": theme_of.get(name, ""), "outcome": name,
                           "unit": named(name)[1], "control": control, "patrols": patrols, "n": len(grid.replicates)}
                    row |= dict(zip(("mean", "low", "high"), level[:, c, k].tolist()))
                    row |= dict(zip(("difference", "difference_low", "difference_high"), difference[:, c, k].tolist()))
                    table.append(row | {"sign": int(sign(difference)[c, k])})
    return {"frontier": table}


def banded(controls: list[float]) -> list[float]:
    """Values of control drawn as bands: those of `BANDS` that were run, and the lowest and highest."""
    return sorted({c for c in controls if c in BANDS} | {min(controls), max(controls)})


def named_by(name: str, scenario: str, scenarios: list[str]) -> str:
    """The name of a table or figure of one scenario, which it includes if there are several."""
    return name if len(scenarios) == 1 else f"{name}_{scenario}"
