"""Arms of a policy in scenarios of organisation: levels, what an arm changes, what control changes, and both together.

y(s, a, r) is an outcome in scenario s, arm a and replicate r; all have the same seed in replicate r.  The first arm of
the experiment is the base, and c(s) is the scenario that differs from s in nothing but control:

    what an arm changes         y(s, a) − y(s, base)
    what control changes        y(s, a) − y(c(s), a)
    difference in differences   [y(s, a) − y(s, base)] − [y(c(s), a) − y(c(s), base)]

the last is 0 where an arm does the same with control and without.  It is additive: where levels differ, equal shares
of change are unequal differences, so shares stand beside them.  Verdicts on the primary outcomes are those of
`sim.analysis.paired`; Holm's step is taken over the primary outcomes of all arms of one scenario.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.analysis.grid import NOTE, Grid, heading, named, over, write_figures, write_rows
from sim.analysis.paired import Comparison, compare, family
from sim.outcomes import outcomes, primary
from sim.summary import aligned, number, smallest_effect, table

KEYS = ("scenario", "arm")
WITHOUT_CONTROL = {"dossier": "status_quo", "centralised": "fragmented", "takeover": "status_quo",
                   "franchise": "fragmented", "tribute": "fragmented", "truce": "fragmented"}
STORY = {  # beside the primary outcomes
    "Harm by perpetrator": ("injuries_authorities", "injuries_groups", "injuries_clashes", "deaths_authorities",
                            "deaths_groups", "deaths_clashes", "deaths_environment", "abductions",
                            "abductions_after_pushback", "clashes"),
    "Where people are": ("people_mean", "stay_mean", "in_camps_mean", "in_flats_mean", "informal_mean", "left",
                         "elsewhere_share"),
    "Dependence": ("unaided_share", "unaided_before_pushback", "unaided_after_pushback", "indebted_mean", "trust_mean",
                   "price_mean", "rents", "ransoms"),
    "Market": ("hhi_clients", "hhi_turf"),
    "State": ("pushbacks", "procedures", "admissions", "operation_nights", "found_and_moved", "state_cost",
              "cost_operations", "cost_camps", "cost_support", "cost_admissions", "protection_cost"),
}
LINES = {  # measure: its line in the accounts
    "patrols": "cost_patrols", "operations": "cost_operations", "camps": "cost_camps", "support": "cost_support",
    "legal": "cost_admissions",
}
PARTS = ("difference", "control", "interaction")  # columns: what an arm changes, what control changes, both together
DIGITS = 7  # significant ones in the table on disk
PAGE = {  # outcomes in the tables of the page, beside the primary ones, by study
    "camps": ("in_camps_mean", "in_flats_mean", "informal_mean", "rents", "indebted_mean", "ransoms", "injuries_groups",
              "trust_mean", "people_mean", "protection_cost"),
    "pushbacks": ("pushbacks", "procedures", "injuries_authorities", "injuries_groups", "abductions_after_pushback",
                  "unaided_before_pushback", "unaided_after_pushback", "trust_mean", "indebted_mean", "people_mean",
                  "stay_mean", "price_mean"),
    "protection": ("injuries_authorities", "injuries_groups", "people_mean", "stay_mean", "unaided_share",
                   "elsewhere_share", "trust_mean", "admissions", "rents", "ransoms", "state_cost", "protection_cost"),
    "branding": ("price_mean", "unaided_share", "clashes", "operation_nights", "found_and_moved", "deaths_clashes",
                 "injuries_groups", "hhi_clients"),
}
ABREAST = 5  # arms side by side on the terminal
SHOWN = ("people_mean", "unaided_share", "trust_mean", "rents", "ransoms", "state_cost", "protection_cost")  # there


def analyse(folder: Path) -> str:
    """`<study>.csv` and figures beside the runs; returns tables for the terminal."""
    from sim.figures.policies import figures

    grid = Grid(folder, KEYS)
    rows = rows_of(grid)
    study = str(grid.columns["experiment"][0])
    write_rows(rows, Path(folder) / f"{study}.csv")
    write_figures(figures(study, rows, grid.sample()), folder)
    return "\n\n".join([*blocks(rows), f"{grid.sample()}; {NOTE}"])


def every_outcome() -> list[str]:
    """The primary outcomes and those that tell the story, each once."""
    return [*primary(), *(name for names in STORY.values() for name in names)]


# comparisons -------------------------------------------------------------------------------------------------------
class Place(NamedTuple):
    """Where a comparison belongs."""

    outcome: str
    scenario: str
    arm: str


def rows_of(grid: Grid) -> list[dict]:
    """Lines of the table on disk, one an outcome, scenario and arm."""
    found = {part: judge(pairs) for part, pairs in zip(PARTS, (arm_pairs(grid), control_pairs(grid),
                                                               interaction_pairs(grid)))}
    rows = []
    for name in every_outcome():
        runs = grid[name]
        for (s, scenario), (a, arm) in ((s, a) for s in enumerate(grid.axes["scenario"])
                                        for a in enumerate(grid.axes["arm"])):
            mean, low, high = over(runs[s, a])
            row = {"outcome": name, "unit": named(name)[1], "scenario": scenario, "arm": arm,
                   "n": int(np.isfinite(runs[s, a]).sum()), "mean": mean, "low": low, "high": high}
            for part in PARTS:
                row |= columns(part, found[part].get(Place(name, scenario, arm)))
            rows.append({key: rounded(value) for key, value in row.items()})
    return rows


def arm_pairs(grid: Grid) -> dict[Place, tuple]:
    """What each arm changes: (base arm, arm, smallest effect, whether it is a share), a comparison a place."""
    return {Place(name, scenario, arm): (runs[s, 0], runs[s, a], *smallest_effect(name))
            for name, runs in all_runs(grid) for s, scenario in enumerate(grid.axes["scenario"])
            for a, arm in enumerate(grid.axes["arm"]) if a}


def control_pairs(grid: Grid) -> dict[Place, tuple]:
    """What control changes in each arm."""
    return {Place(name, scenario, arm): (runs[c, a], runs[s, a], *smallest_effect(name))
            for name, runs in all_runs(grid) for s, c, scenario in controlled(grid)
            for a, arm in enumerate(grid.axes["arm"])}


def interaction_pairs(grid: Grid) -> dict[Place, tuple]:
    """Differences in differences; what matters is measured against the base arm without control."""
    pairs = {}
    for name, runs in all_runs(grid):
        entry = outcomes()[name]
        for s, c, scenario in controlled(grid):
            smallest = entry.smallest(np.nanmean(runs[c, 0])) or None if entry.smallest_effect else None
            for a, arm in enumerate(grid.axes["arm"]):
                if a:
                    pairs[Place(name, scenario, arm)] = (runs[c, a] - runs[c, 0], runs[s, a] - runs[s, 0], smallest,
                                                         False)
    return pairs


def all_runs(grid: Grid):
    """Every outcome with its runs: scenarios × arms × replicates."""
    return ((name, grid[name]) for name in every_outcome())


def controlled(grid: Grid) -> list[tuple[int, int, str]]:
    """Scenarios whose counterpart without control was run: its place, the counterpart's, its name."""
    names = grid.axes["scenario"]
    return [(s, names.index(WITHOUT_CONTROL[scenario]), scenario) for s, scenario in enumerate(names)
            if WITHOUT_CONTROL.get(scenario) in names]


def judge(pairs: dict[Place, tuple]) -> dict[Place, Comparison]:
    """Comparisons of at least two complete pairs; Holm over the primary outcomes of all arms of a scenario."""
    made = {place: compare(*pair) for place, pair in pairs.items()
            if np.isfinite(pair[0] + pair[1]).sum() > 1}
    for scenario in {place.scenario for place in made}:
        made |= family({place: c for place, c in made.items()
                        if place.scenario == scenario and place.outcome in primary()})
    return made


def columns(part: str, c: Comparison | None) -> dict:
    """Columns of one comparison; empty where there is none, a verdict only where a smallest effect was fixed."""
    names = [part, *(f"{part}_{word}" for word in ("low", "high", "percent", "percent_low", "percent_high", "smallest",
                                                   "p_holm", "verdict"))]
    if c is None:
        return dict.fromkeys(names, "")
    judged = c.smallest > 0
    shares = (c.percent, c.percent_low, c.percent_high) if part != "interaction" else ("", "", "")
    return dict(zip(names, (c.difference, c.low, c.high, *shares, c.smallest if judged else "",
                            c.p_holm if judged else "", c.verdict if judged else "")))


def rounded(value):
    """Numbers with so many significant digits that runs of the same seeds give the same text."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


# money -------------------------------------------------------------------------------------------------------------
def own_line(find: dict[Place, dict], scenario: str, arm: str) -> tuple[float, float, float]:
    """What an arm of `protection` spends more on its own measure than the base arm: mean, low, high [EUR].

    Patrols are all of the cost to the state but operations; no luck is in them, so they have no interval.
    """
    def change(name):
        row = find[Place(name, scenario, arm)]
        return tuple(float(row[f"difference{end}"] or "nan") for end in ("", "_low", "_high"))

    line = LINES[measure(arm)]
    if line == "cost_patrols":
        return (change("state_cost")[0] - change("cost_operations")[0],) * 3
    return change(line)


def measure(arm: str) -> str:
    """The measure of an arm of `protection`, whose name ends in its budget."""
    return arm.rpartition("_")[0]


# tables ------------------------------------------------------------------------------------------------------------
def blocks(rows: list[dict]) -> list[str]:
    """Tables for the terminal: levels of the base arm and what arms change, then differences in differences."""
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    scenarios, arms = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "arm"))
    texts = []
    for scenario in scenarios:
        for few in (arms[1:][k : k + ABREAST] for k in range(0, len(arms) - 1, ABREAST)):
            texts.append(block(find, scenario, arms[0], few, "difference", f"{scenario}: change from {arms[0]}",
                               [*primary(), *SHOWN]))
        if find[Place(primary()[0], scenario, arms[-1])]["interaction"] != "":
            title = f"{scenario}: change less that in {WITHOUT_CONTROL[scenario]}"
            for few in (arms[1:][k : k + ABREAST] for k in range(0, len(arms) - 1, ABREAST)):
                texts.append(block(find, scenario, None, few, "interaction", title, primary()))
    return texts


def block(find, scenario, base, arms, part, title, names) -> str:
    """One table: a line an outcome; the base's mean, then a column an arm with half-width and verdict."""
    columns = [[mean_text(find[Place(name, scenario, base)]) for name in names]] if base else []
    for arm in arms:
        here = [find[Place(name, scenario, arm)] for name in names]
        columns.append(aligned([(change_text(row, part), row[f"{part}_verdict"]) for row in here]))
    heads = [title, *([base] if base else []), *arms]
    return table(heads, [[heading(name), *(column[k] for column in columns)] for k, name in enumerate(names)])


def mean_text(row) -> str:
    """A mean as people read it."""
    return number(float(row["mean"] or "nan"), named(row["outcome"])[2])


def change_text(row, part: str) -> str:
    """A difference ± its half-width."""
    if row[part] == "":
        return "–"
    digits, value, low = named(row["outcome"])[2], float(row[part]), float(row[f"{part}_low"])
    return f"{number(value, digits, True)} ± {number(value - low, digits, beside=value)}"


# the page ----------------------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Tables and numbers of docs/policies.md from the reference runs."""
    said = {}
    for study in ("camps", "pushbacks", "protection"):
        said |= study_texts(study, reference)
    return said | {"protection_money": money_table(reference)} | tables_by_budget(reference)


def tables_by_budget(reference: Path) -> dict[str, str]:
    """Changes by measure at one budget of `protection`, a table each."""
    from sim.documentation import reference_rows

    rows = reference_rows("protection.csv", reference)
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    base, *arms = dict.fromkeys(row["arm"] for row in rows)
    names, budgets = [*primary(), *PAGE["protection"]], dict.fromkeys(arm.rpartition("_")[2] for arm in arms)
    return {f"protection_at_{budget}": page_table(find, names, rows[0]["scenario"], [
        base, *(arm for arm in arms if arm.rpartition("_")[2] == budget)], "difference") for budget in budgets}


def study_texts(study: str, reference: Path) -> dict[str, str]:
    """Tables of one study and every number of it, by `study_scenario_arm_outcome` and what is meant."""
    from sim.documentation import difference, reference_rows

    rows = reference_rows(f"{study}.csv", reference)
    scenarios, arms = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "arm"))
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    said = {f"{study}_n": rows[0]["n"], f"{study}_arms": str(len(arms))}
    names = [*primary(), *PAGE[study]]
    for scenario in scenarios:
        said[f"{study}_{scenario}"] = page_table(find, names, scenario, arms, "difference")
        if find[Place(names[0], scenario, arms[-1])]["interaction"]:
            said[f"{study}_{scenario}_less"] = page_table(find, names, scenario, arms, "interaction")
        if find[Place(names[0], scenario, arms[0])]["control"]:
            said[f"{study}_{scenario}_control"] = page_table(find, names, scenario, arms, "control")
    for place, row in find.items():
        key, digits = f"{study}_{place.scenario}_{place.arm}_{place.outcome}", named(place.outcome)[2]
        said[f"{key}_level"] = number(float(row["mean"] or "nan"), digits)
        for part in PARTS:
            if row[part]:
                said[f"{key}_{part}"] = difference(row, digits, part)
        if row["difference_percent"]:
            said[f"{key}_percent"] = f"{number(float(row['difference_percent']), 0, True)} %"
    return said


def page_table(find, names, scenario, arms, part: str) -> str:
    """A line an outcome, a column an arm; bold: different, italic: equivalent; with the base's level beside changes."""
    from sim.documentation import difference, markdown_table

    marks = {"different": "**", "equivalent": "*"}
    shown = arms if part == "control" else arms[1:]
    body = []
    for name in names:
        digits, line = named(name)[2], [heading(name)]
        if part == "difference":
            line.append(mean_text(find[Place(name, scenario, arms[0])]))
        for arm in shown:
            row = find[Place(name, scenario, arm)]
            mark = marks.get(row[f"{part}_verdict"], "")
            line.append(f"{mark}{difference(row, digits, part)}{mark}")
        body.append(line)
    base = [f"{arms[0]}: mean"] if part == "difference" else []
    return markdown_table(["outcome", *(arm.replace("_", " ") for arm in (*base, *shown))], body)


def money_table(reference: Path) -> str:
    """What each arm of `protection` spends more: its own line, all of force, all of protection, in million EUR."""
    from sim.documentation import markdown_table, reference_rows

    find = {Place(row["outcome"], row["scenario"], row["arm"]): row
            for row in reference_rows("protection.csv", reference)}
    arms = list(dict.fromkeys(place.arm for place in find))[1:]
    body = []
    for scenario in dict.fromkeys(place.scenario for place in find):
        for arm in arms:
            cells = [own_line(find, scenario, arm)]
            for name in ("state_cost", "protection_cost"):
                row = find[Place(name, scenario, arm)]
                cells.append(tuple(float(row[f"difference{end}"]) for end in ("", "_low", "_high")))
            body.append([scenario, arm.replace("_", " "), *map(millions, cells)])
    return markdown_table(["scenario", "arm", "its own line", "cost to the state", "cost of protection"], body)


def millions(ends) -> str:
    """A change with its interval in millions; without one where nothing is left to luck."""
    mean, low, high = (number(value / 1e6, 2, True) for value in ends)
    return mean if low == high else f"{mean} ({low} to {high})"
