"""Findings of experiments with arms: effects of each arm, effects of control, and their interaction."""

from collections.abc import Iterator

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import distinct, value_of, with_ends
from sim.findings.text import NOTE, heading, named, number
from sim.registry.outcomes import primary
from sim.studies.policies.study import LINES, PARTS, WITHOUT_CONTROL, Place, measure, own_line

SHOWN = {  # outcomes besides the primary ones, by experiment
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
ANY = ("people_mean", "unaided_share", "trust_mean", "rents", "ransoms", "state_cost", "protection_cost")  # else
NAMES = {"difference": "", "interaction": "_less", "control": "_control"}  # suffix of a table's name, by part
VERDICTS = ("Verdicts on primary outcomes: different (Holm over the primary outcomes of all arms of the scenario), "
            "equivalent (significantly smaller than the smallest effect of interest), undecided. Other outcomes have "
            "unadjusted intervals and no verdict.")


class Rows:
    """The rows of an experiment's table by outcome, scenario and arm."""

    def __init__(self, experiment: str, rows: list[dict]):
        self.names = [*primary(), *SHOWN.get(experiment, ANY)]
        self.scenarios, (self.base, *self.arms) = distinct(rows, "scenario"), distinct(rows, "arm")
        self.find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}

    def holds(self, scenario: str, part: str) -> bool:
        """Whether a scenario has any comparison of this part."""
        return any(row[part] != "" for place, row in self.find.items() if place.scenario == scenario)


def present(tables) -> Findings:
    """Return for every scenario the effects of arms, their interaction with control, and the effects of control."""
    experiment, rows = next((name, rows) for name, rows in tables.items() if rows and "interaction" in rows[0])
    source, shown = Rows(experiment, rows), {}
    for scenario in source.scenarios:
        for part, name in NAMES.items():
            for tail, arms in side_by_side(source.arms) if source.holds(scenario, part) else ():
                shown[f"{scenario}{name}{tail}"] = part_table(source, scenario, arms, part)
    if has_budgets(source.arms):
        shown["money"] = money_table(source)
    n = rows[0]["n"]
    return Findings(shown, (VERDICTS, f"{n} replicates a point, the same seeds at all points; {NOTE}"),
                    {"n": n, "arms": str(1 + len(source.arms))} | dict(quoted(source)))


def has_budgets(arms: list[str]) -> bool:
    """Whether every arm's name is a measure and a budget."""
    return bool(arms) and all(measure(arm) in LINES for arm in arms)


def side_by_side(arms: list[str]) -> list[tuple[str, list[str]]]:
    """Suffixes of table names with the arms of each table: arms of the same budget, or all arms."""
    if not has_budgets(arms):
        return [("", arms)]
    budgets = {}
    for arm in arms:
        budgets.setdefault(arm.rpartition("_")[2], []).append(arm)
    return [(f"_at_{budget}", members) for budget, members in budgets.items()]


def part_table(source: Rows, scenario: str, arms: list[str], part: str) -> Table:
    """Table with one row for each outcome and one column for each arm; effects of arms stand beside the base's mean."""
    base, without = source.base, WITHOUT_CONTROL.get(scenario)
    title = {"difference": f"{scenario}: change from {base}", "control": f"{scenario} minus {without} in each arm",
             "interaction": f"{scenario}: change less that in {without}"}[part]
    head = {"difference": [f"{base}: mean"], "control": [base], "interaction": []}[part] + arms
    body = []
    for name in source.names:
        rows = [source.find[Place(name, scenario, arm)] for arm in (base, *arms)]
        first = {"difference": [level(rows[0])], "control": [change(rows[0], part)], "interaction": []}[part]
        body.append((heading(name), *first, *(change(row, part) for row in rows[1:])))
    return Table(title, ("outcome", *(words.replace("_", " ") for words in head)), tuple(body))


def level(row) -> Number:
    """The mean of an outcome."""
    return Number(value_of(row, "mean"), named(row["outcome"])[2])


def change(row, part: str) -> Cell:
    """A comparison with its interval and verdict; empty without one."""
    if row[part] == "":
        return ""
    cell = with_ends(row, (part, f"{part}_low", f"{part}_high"), named(row["outcome"])[2], signed=True)
    return cell._replace(verdict=row[f"{part}_verdict"])


def quoted(source: Rows) -> Iterator[tuple[str, str]]:
    """Yield every number under `scenario_arm_outcome_KIND`, with KIND level, percent or a part."""
    for place, row in source.find.items():
        key = f"{place.scenario}_{place.arm}_{place.outcome}"
        yield f"{key}_level", str(level(row))
        for part in PARTS:
            if row[part]:
                yield f"{key}_{part}", str(change(row, part))
        if row["difference_percent"]:
            yield f"{key}_percent", f"{number(value_of(row, 'difference_percent'), 0, True)} %"


def money_table(source: Rows) -> Table:
    """Table of additional spending of each arm of `protection`: its own item, cost to the state, cost of protection
    [million EUR]."""
    body = []
    for scenario in source.scenarios:
        for arm in source.arms:
            totals = (source.find[Place(name, scenario, arm)] for name in ("state_cost", "protection_cost"))
            changes = [tuple(value_of(row, f"difference{end}") for end in ("", "_low", "_high")) for row in totals]
            cells = map(millions, (own_line(source.find, scenario, arm), *changes))
            body.append((scenario, arm.replace("_", " "), *cells))
    return Table("Spending in addition to the base arm, million EUR",
                 ("scenario", "arm", "its own item", "cost to the state", "cost of protection"), tuple(body))


def millions(ends) -> Number:
    """A change in millions with its interval; without one if it does not vary by chance."""
    mean, low, high = (value / 1e6 for value in ends)
    cell = Number(mean, 2, signed=True)
    return cell if low == high else cell._replace(low=low, high=high)
