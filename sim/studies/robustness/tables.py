"""Findings of the study `robustness`: signs of claims in worlds of alternative rules."""

from sim.findings import Findings, Number, Table
from sim.findings.rows import distinct, with_ends
from sim.findings.text import NOTE, heading, named
from sim.registry.parameters import registry
from sim.studies.robustness.array import FOUR, TWOS
from sim.studies.robustness.study import WORDS

ONE_BY_ONE = 20  # up to this number of worlds each world has a row; more worlds are counted by price and stages
MARKS = {"keeps": "", "undecided": "?", "reverses": "**×**"}  # mark after a difference
COUNTS = "{keeps} / {undecided} / {reverses}"


def present(tables) -> Findings:
    """Return for every comparison the shares of worlds that keep each claim, and verdicts by world or group of
    worlds."""
    shares, shown = tables["robustness"], {}
    for k, comparison in enumerate(distinct(shares, "comparison")):
        tail = f"_{comparison.split(' ')[0]}" if k else ""
        claims, worlds = ([row for row in rows if row["comparison"] == comparison]
                        for rows in (shares, tables["robustness_worlds"]))
        shown[f"shares{tail}"] = share_table(comparison, claims)
        if int(claims[0]["worlds"]) > ONE_BY_ONE:
            shown[f"cells{tail}"] = cell_table(comparison, worlds)
        else:
            shown[f"differences{tail}"] = difference_table(comparison, worlds)
    n = shares[0]["n"]
    return Findings(shown, (f"{n} replicates a world, the same seeds in all worlds; {NOTE}",),
                    {"worlds": shares[0]["worlds"], "n": n})


def share_table(comparison: str, rows) -> Table:
    """Table with one row for each claim: the number of worlds that keep, leave undecided and reverse its sign."""
    body = tuple((heading(row["outcome"]), {"+": "rises", "-": "falls"}[row["claim"]],
                  *(row[word] for word in WORDS.values()), share(row)) for row in rows)
    return Table(f"{comparison}: claims in {rows[0]['worlds']} worlds of rules",
                 ("outcome", "claim", "keeps its sign", "undecided", "reversed", "share that keeps it (Wilson)"), body)


def share(row) -> str:
    """The share of worlds that keep a sign, with its interval [%]."""
    ends = (100 * float(row[name]) for name in ("share", "share_low", "share_high"))
    return "{:.0f} % ({:.0f} to {:.0f})".format(*ends)


def difference_table(comparison: str, rows) -> Table:
    """Table with one row for each world, named by its alternatives: differences with intervals and marks."""
    lines = {}
    for row in rows:
        lines.setdefault(row["world"], [alternatives(row)]).append(difference(row))
    head = ("rules", *map(heading, distinct(rows, "outcome")))
    return Table(f"{comparison} in each world", head, tuple(map(tuple, lines.values())),
                 "×: reversed sign; ?: undecided; else the sign is kept.")


def alternatives(row) -> str:
    """The alternatives of a world, as a text of `key=choice`."""
    apart = [f"`{key}={choice}`" for key, choice in row.items()
             if key.startswith("rules.") and choice != registry()[key].default]
    return ", ".join(apart) or "*the defaults*"


def difference(row) -> Number:
    """A paired difference with its interval and the mark of its verdict."""
    digits = named(row["outcome"])[2]
    return with_ends(row, ("difference", "low", "high"), digits, signed=True)._replace(verdict=MARKS[row["verdict"]])


def cell_table(comparison: str, rows) -> Table:
    """Table with one row for each price rule and number of stages: worlds that keep, leave undecided and reverse."""
    counts, claims = {}, distinct(rows, "outcome")
    for row in rows:
        place = tuple(row.get(key) or registry()[key].default for key in (FOUR, TWOS[0]))
        count = counts.setdefault(place, {name: dict.fromkeys(WORDS.values(), 0) for name in claims})
        count[row["outcome"]][row["verdict"]] += 1
    body = tuple((", ".join(place), str(sum(next(iter(count.values())).values())),
                  *(COUNTS.format(**count[name]) for name in claims)) for place, count in counts.items())
    return Table(f"{comparison} by rule of price and number of stages: worlds that keep, leave undecided and reverse "
                 "the sign", (f"`{FOUR}`, `{TWOS[0]}`", "worlds", *map(heading, claims)), body)
