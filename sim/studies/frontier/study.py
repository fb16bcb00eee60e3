"""Control by patrols: bands of harm, displacement, the market and what the state spends, side by side.

Nothing is weighed against anything here and no point is singled out.  Differences are paired, taken from control 0 at
the same number of patrols: what control changes while enforcement stays as it is.
"""

from pathlib import Path

import numpy as np

from sim.findings.text import named
from sim.registry.outcomes import primary
from sim.runs.grid import Grid
from sim.statistics.intervals import over, sign

CONTROL, PATROLS = "organisation.control", "police.patrols"
KEYS = ("scenario", CONTROL, PATROLS)
THEMES = {  # what stands together in the bands and the table
    "Harm": ("deaths_per_10k", "abductions_per_10k", "injuries_per_10k"),
    "Displacement": ("people_mean", "stay_mean", "unaided_share"),
    "Market": ("crossed_within_30", "outlay_per_arrival", "bribes_per_gross"),
    "State and groups": ("state_cost", "pushbacks_per_10k", "joint_surplus"),
}
MORE = ("left_per_10k", "clashes", "price_mean", "attempts_per_crossing", "deaths_authorities", "deaths_groups",
        "deaths_clashes", "deaths_environment", "hhi_owners")  # in the table on disk alone
BANDS = (0.0, 0.5, 1.0)  # control drawn as bands


def read(folder: Path) -> Grid:
    """The runs over control and patrols; ConfigurationError, one line, where control 0 is missing."""
    grid = Grid(folder, KEYS)
    grid.place(CONTROL, 0.0)
    return grid


def every_outcome() -> list[str]:
    """Outcomes in the table on disk: the themes, the primary ones and `MORE`, each once."""
    return list(dict.fromkeys([*(name for names in THEMES.values() for name in names), *primary(), *MORE]))


def levels(grid: Grid, name: str, scenario: str) -> np.ndarray:
    """Mean, low, high × control × patrols [outcome's unit]."""
    return over(grid[name][grid.place("scenario", scenario)])


def differences(grid: Grid, name: str, scenario: str) -> np.ndarray:
    """Paired difference from control 0 at the same patrols: mean, low, high × control × patrols [outcome's unit]."""
    runs = grid[name][grid.place("scenario", scenario)]
    return over(runs - runs[grid.place(CONTROL, 0.0)])


def rows(grid: Grid) -> dict[str, list[dict]]:
    """`frontier.csv`: a line for each scenario, outcome and point."""
    lines, theme_of = [], {name: theme for theme, names in THEMES.items() for name in names}
    for scenario in grid.axes["scenario"]:
        for name in every_outcome():
            level, difference = levels(grid, name, scenario), differences(grid, name, scenario)
            for c, control in enumerate(grid.axes[CONTROL]):
                for k, patrols in enumerate(grid.axes[PATROLS]):
                    row = {"scenario": scenario, "theme": theme_of.get(name, ""), "outcome": name,
                           "unit": named(name)[1], "control": control, "patrols": patrols, "n": len(grid.replicates)}
                    row |= dict(zip(("mean", "low", "high"), level[:, c, k].tolist()))
                    row |= dict(zip(("difference", "difference_low", "difference_high"), difference[:, c, k].tolist()))
                    lines.append(row | {"sign": int(sign(difference)[c, k])})
    return {"frontier": lines}


def banded(controls: list[float]) -> list[float]:
    """Controls drawn as bands: those of `BANDS` that were run, at least the ends."""
    return sorted({c for c in controls if c in BANDS} | {min(controls), max(controls)})


def named_by(name: str, scenario: str, scenarios: list[str]) -> str:
    """The name of a table or figure of one scenario; the scenario is part of it where there are several."""
    return name if len(scenarios) == 1 else f"{name}_{scenario}"
