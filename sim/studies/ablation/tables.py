"""Findings of the study `ablation`: what each arm moves, and which mechanisms move nothing."""

from sim.findings import Findings, Number, Table
from sim.findings.rows import distinct, value_of
from sim.findings.text import NOTE, heading, named
from sim.registry.outcomes import primary
from sim.studies.ablation.study import IRRELEVANT, VERDICTS

READ = ("Changes are those of an arm from the base of its scenario, in % of the base. A change in *emphasis* moves the "
        "outcome: Holm's p over all arms of the scenario is below 0.05, and the change exceeds the noise floor, which "
        "is the larger end of the 95 % intervals of the irrelevant arms.")


def present(tables) -> Findings:
    """Return changes of the primary outcomes by arm, one table a scenario, and the arms that move no outcome."""
    rows = tables["ablation"]
    shown = {scenario: changes(scenario, [row for row in rows if row["scenario"] == scenario])
             for scenario in distinct(rows, "scenario")}
    shown["counts"] = counts(rows)
    n = rows[0]["n"]
    return Findings(shown, (READ, f"{n} paired runs an arm, the same seeds in all arms; {NOTE}"),
                    {"n": n, "arms": str(len({(r["scenario"], r["arm"]) for r in rows})), "idle": idle(rows)})


def changes(scenario: str, rows) -> Table:
    """Table with one row for each arm: changes of the primary outcomes, and the names of others that it moves."""
    body = []
    for arm in distinct(rows, "arm"):
        here = {row["outcome"]: row for row in rows if row["arm"] == arm}
        others = [named(name)[0] for name, row in here.items()
                  if name not in primary() and row["verdict"] == VERDICTS[0]]
        cells = ["identical"] * len(primary()) if is_identical(here) else [cell(here[name]) for name in primary()]
        body.append((arm, *cells, "; ".join(others) or "–"))
    floor = {row["outcome"]: row for row in rows}
    body.append(("*noise floor, ±*", *(str(share(floor[name], "floor")) for name in primary()), ""))
    return Table(f"{scenario}: change without each mechanism or lever, % of the base",
                 ("arm", *(heading(name) for name in primary()), "other outcomes moved"), tuple(body))


def cell(row) -> str:
    """A change in % with the half-width of its interval, in emphasis where the arm moves the outcome."""
    if row["difference"] == "":
        return "–"
    change, half = share(row, "difference"), value_of(row, "high") - value_of(row, "difference")
    base = abs(value_of(row, "base"))
    text = str(change._replace(half_width=100 * half / base if base else float("nan"), signed=True))
    return f"*{text}*" if row["verdict"] == VERDICTS[0] else text


def share(row, field: str) -> Number:
    """A column of a row in % of the base's mean; no number where the base is 0."""
    base = abs(value_of(row, "base"))
    return Number(100 * value_of(row, field) / base if base else float("nan"), 1)


def is_identical(here: dict) -> bool:
    """Whether all runs of an arm equal those of the base."""
    return all(row["verdict"] in (VERDICTS[2], "") for row in here.values())


def counts(rows) -> Table:
    """Table of the number of outcomes that each arm moves, by scenario; irrelevant arms show how often chance does."""
    scenarios = distinct(rows, "scenario")
    body = []
    for arm in distinct(rows, "arm"):
        cells = []
        for scenario in scenarios:
            here = [row for row in rows if row["arm"] == arm and row["scenario"] == scenario]
            moved = sum(row["verdict"] == VERDICTS[0] for row in here)
            cells.append("" if not here else "identical" if is_identical(dict(enumerate(here))) else
                         f"{moved} of {len(here)}")
        body.append((arm, *cells))
    return Table("Outcomes moved by each arm", ("arm", *scenarios), tuple(body))


def idle(rows) -> str:
    """The arms that move no outcome in any scenario, as a sentence's list."""
    arms = [arm for arm in distinct(rows, "arm") if not arm.startswith(IRRELEVANT)
            and not any(row["verdict"] == VERDICTS[0] for row in rows if row["arm"] == arm)]
    return ", ".join(arms) or "none"
