"""Control by patrols: bands of harm, displacement, the market and what the state spends, side by side.

Nothing is weighed against anything here and no point is singled out.  Differences are paired, taken from control 0 at
the same number of patrols: what control changes while enforcement stays as it is.
"""

from pathlib import Path

import numpy as np

from sim.figures import write_figures
from sim.findings.text import NOTE, cells, heading, named, number, table
from sim.registry.files import write_rows
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


def analyse(folder: Path) -> str:
    """`frontier.csv` and two figures a scenario beside the runs; returns tables for the terminal."""
    from sim.studies.frontier import figures

    grid = Grid(folder, KEYS)
    grid.place(CONTROL, 0.0)
    write_rows(rows_of(grid), Path(folder) / "frontier.csv")
    drawn, blocks = {}, []
    for scenario in grid.axes["scenario"]:
        tail = "" if len(grid.axes["scenario"]) == 1 else f"_{scenario}"
        drawn[f"frontier{tail}"] = (lambda s=scenario: figures.draw(grid, s),
                                    figures.caption(grid, scenario, grid.sample()))
        drawn[f"frontier_bands{tail}"] = (lambda s=scenario: figures.draw_bands(grid, s),
                                          figures.caption_bands(grid, scenario, grid.sample()))
        blocks += tables(grid, scenario)
    write_figures(drawn, folder)
    return "\n\n".join([*blocks, f"{grid.sample()}; {NOTE}"])


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


def rows_of(grid: Grid) -> list[dict]:
    """Lines of the table on disk, one a scenario, outcome and point."""
    rows, theme_of = [], {name: theme for theme, names in THEMES.items() for name in names}
    for scenario in grid.axes["scenario"]:
        for name in every_outcome():
            level, difference = levels(grid, name, scenario), differences(grid, name, scenario)
            for c, control in enumerate(grid.axes[CONTROL]):
                for k, patrols in enumerate(grid.axes[PATROLS]):
                    row = {"scenario": scenario, "theme": theme_of.get(name, ""), "outcome": name,
                           "unit": named(name)[1], "control": control, "patrols": patrols, "n": len(grid.replicates)}
                    row |= dict(zip(("mean", "low", "high"), level[:, c, k].tolist()))
                    row |= dict(zip(("difference", "difference_low", "difference_high"), difference[:, c, k].tolist()))
                    rows.append(row | {"sign": int(sign(difference)[c, k])})
    return rows


def tables(grid: Grid, scenario: str) -> list[str]:
    """For each control that is drawn as a band, and its difference from control 0: outcomes by patrols."""
    blocks = []
    for control in banded(grid):
        blocks.append(block(grid, f"{scenario}, control {control:g}: mean", levels, scenario, control, False))
        if control:
            blocks.append(block(grid, f"{scenario}, control {control:g}: paired difference from control 0", differences,
                                scenario, control, True))
    return blocks


def banded(grid: Grid) -> list[float]:
    """Controls drawn as bands: those of `BANDS` that were run, at least the ends."""
    return sorted({c for c in grid.axes[CONTROL] if c in BANDS} | {grid.axes[CONTROL][0], grid.axes[CONTROL][-1]})


def block(grid: Grid, title: str, values, scenario: str, control: float, signed: bool) -> str:
    """One table: a line an outcome, a column a number of patrols; mean ± half-width."""
    place, body = grid.place(CONTROL, control), []
    for theme, names in THEMES.items():
        for name in names:
            body.append([f"{theme}: {heading(name)}",
                         *cells(values(grid, name, scenario)[:, place], named(name)[2], signed)])
    return table([title, *(f"{patrols:g} patrols" for patrols in grid.axes[PATROLS])], body)


def documented(reference: Path) -> dict[str, str]:
    """The table of docs/frontier.md from the reference run: means at control 0, differences at the other bands."""
    from experiments.pages import difference, markdown_table, of_main, reference_rows

    rows = reference_rows("frontier.csv", reference)
    find = {(row["outcome"], float(row["control"]), row["patrols"]): row for row in rows}
    patrols, body = list(dict.fromkeys(row["patrols"] for row in rows)), []
    for theme, names in THEMES.items():
        for name in names:
            digits = named(name)[2]
            body.append([f"{theme}: {heading(name)}", "0",
                         *(number(float(find[name, 0.0, k]["mean"]), digits) for k in patrols)])
            for control in BANDS[1:]:
                changes = [difference(find[name, control, k], digits) for k in patrols]
                body.append(["", f"*{control:g} minus 0*", *changes])
    head = ["outcome", "control", *(f"{k} patrols" for k in patrols)]
    return {"table": markdown_table(head, body), "n": rows[0]["n"], **of_main(reference)}
