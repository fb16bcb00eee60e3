"""Findings of the pattern scorecard, from its tables."""

import math
import re

from sim.findings import Findings, Table
from sim.studies.patterns.declared import registered, wanted
from sim.studies.patterns.rows import CONFLICTS, SCORES, bounds, spanned
from sim.studies.patterns.score import DISAGREE, FAIL, OPEN, PASS, VERDICTS

DISPUTED = ("contested", "denied")
NOTE = ("Intervals (95 %) show chance in the simulation alone. In sample: set or calibrated with knowledge of the "
        "figure. "
        "Simulated under stated assumptions.")
OFF = ("pattern", "switched off for the test", "reported", "switched off", "verdict", "as set", "verdict as set")


def present(tables) -> Findings:
    """Return the scorecard, the effect of imposing terms, conflicts, and facts without a test."""
    rows, pairs = tables[SCORES], tables[CONFLICTS]
    shown = {"scores": Table("Stylised facts, reported and simulated",
                             ("pattern", "source", "reported", "basis of the bounds", "simulated", "verdict",
                              "holds in draws"), tuple(map(score_line, rows)), NOTE),
             "off": Table("With and without the terms that impose a pattern", OFF,
                          tuple(off_line(row) for row in rows if row["switched_off"])),
             "disagree": Table("Patterns whose sources disagree", ("pattern", "reported", "simulated", "verdict",
                               "disagrees with"), tuple(disagree_line(row) for row in rows if row["disagrees"])),
             "conflicts": Table("Pairs that are hard or impossible to reconcile",
                                ("pair", "why", "by", "replicates: both (each)", "draws: both (each)"),
                                tuple(map(conflict_line, pairs)))}
    return Findings(shown | not_tested(), (in_brief(rows),),
                    counts(rows) | by_verdict(rows) | {"never": never(pairs)} | values_of(rows))


def not_tested() -> dict[str, Table]:
    """Tables of the patterns that are inputs of the model, and of facts outside its scope."""
    declared = registered()
    return {"silent": Table("Stylised facts without a test", ("fact", "why it is outside the model"),
                            tuple((row["what"], row["why"]) for row in declared["silent"])),
            "inputs": Table("Patterns that are inputs of the model", ("pattern of the ledger", "why it is no test"),
                            tuple((f"`{name}`", why) for name, why in declared["inputs"].items()))}


# numbers of the page -----------------------------------------------------------------------------------------------
def in_brief(rows) -> str:
    """A sentence with the number of patterns by verdict, and the number of passing patterns in sample."""
    each = [(verdict, sum(row["verdict"] == verdict for row in rows)) for verdict in VERDICTS]
    known = sum(bool(row["in_sample"]) for row in rows if row["verdict"] == PASS)
    return (f"{len(rows)} patterns: {', '.join(f'{count} {verdict}' for verdict, count in each if count)}."
            + (f" Of the passing patterns {known} are in sample." if known else ""))


def counts(rows) -> dict[str, str]:
    """Numbers of patterns, arms, replicates and draws."""
    return {"patterns": str(len(rows)), "arms": str(len(wanted())), "n": str(least(rows)), "n_base": most(rows, "n"),
            "draws": most(rows, "draws")}


def by_verdict(rows) -> dict[str, str]:
    """Numbers and ids of patterns by verdict."""
    values = {"only_as_set": ids(row for row in rows if row["as_set_verdict"] == PASS and row["verdict"] != PASS)}
    for verdict in (PASS, FAIL, DISAGREE, OPEN):
        here, name = [row for row in rows if row["verdict"] == verdict], verdict.replace(" ", "_")
        values |= {name: str(len(here)), f"{name}_are": ids(here),
                  f"{name}_in_sample": str(sum(bool(row["in_sample"]) for row in here))}
    return values


def never(pairs) -> str:
    """Conflicting pairs that do not hold together in any draw."""
    return "; ".join(f"`{row['first']}` and `{row['second']}`" for row in pairs
                     if int(row["draws"]) and not int(row["both_in_draws"])) or "none"


def values_of(rows) -> dict[str, str]:
    """The value of every pattern by its id, tested and as set."""
    return {name: text for row in rows for name, text in ((row["pattern"], value(row, "value")),
                                                          (f"{row['pattern']}_as_set", value(row, "as_set")))}


def most(rows, name: str) -> str:
    """The largest whole number in a column."""
    return max((row[name] for row in rows), key=int)


def least(rows) -> int:
    """The smallest number of replicates of a pattern with a value."""
    return min((int(row["n"]) for row in rows if int(row["n"])), default=0)


def ids(rows) -> str:
    """Ids of patterns, separated by commas."""
    return ", ".join(f"`{row['pattern']}`" for row in rows) or "none"


# cells -------------------------------------------------------------------------------------------------------------
def real(cell: str, empty: float = math.nan) -> float:
    """A cell as a number; `empty` for an empty cell."""
    return float(cell) if cell else empty


def value(row, name: str) -> str:
    """A simulated value with its interval."""
    return unbroken(spanned(*(real(row[key]) for key in (name, f"{name}_low", f"{name}_high"))))


def reported(row) -> str:
    """The interval of a pattern."""
    return unbroken(bounds(real(row["low"], -math.inf), real(row["high"], math.inf)))


def unbroken(text: str) -> str:
    """A text whose numbers are not broken over lines."""
    return re.sub(r"(?<=\d) (?=\d)|(?<=[≥≤]) ", "\u00a0", text)


def score_line(row) -> tuple[str, ...]:
    """One row of the scorecard."""
    marks = [row["status"]] * (row["status"] in DISPUTED) + ["in sample"] * bool(row["in_sample"])
    what = row["label"] + (f" ({', '.join(marks)})" if marks else "")
    draws = f"{row['draws_holding']} of {row['draws']}" if int(row["draws"]) else "–"
    return (f"{what}\n`{row['pattern']}`", row["source"], f"{reported(row)} {row['unit']}", row["basis"],
            value(row, "value"), f"**{row['verdict']}**", draws)


def off_line(row) -> tuple[str, ...]:
    """One row of the effect of imposing terms; long lists of terms are shortened."""
    words = row["switched_off"].split(", ")
    shown = ", ".join(f"`{word}`" for word in words[:3])
    return (f"`{row['pattern']}`", shown + (f" and {len(words) - 3} more" if len(words) > 3 else ""), reported(row),
            value(row, "value"), row["verdict"], value(row, "as_set"), row["as_set_verdict"])


def disagree_line(row) -> tuple[str, ...]:
    """One row of the patterns that another source excludes."""
    return (f"{row['label']}\n`{row['pattern']}`", f"{reported(row)} {row['unit']}", value(row, "value"),
            row["verdict"], row["disagrees"])


def conflict_line(row) -> tuple[str, ...]:
    """One row of conflicts."""
    return (f"`{row['first']}` and `{row['second']}`", row["reason"], row["kind"], counted(row, "replicates"),
            counted(row, "draws"))


def counted(row, where: str) -> str:
    """The number in which both patterns hold, the total, and the numbers in which each holds."""
    if not int(row[where]):
        return "–"
    return f"{row[f'both_in_{where}']} of {row[where]} ({row[f'first_in_{where}']}, {row[f'second_in_{where}']})"
