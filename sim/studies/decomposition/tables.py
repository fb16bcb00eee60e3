"""Findings of a decomposition: Shapley values by lever, their order, parts of a ratio, and interactions."""

from math import fsum, nan

from sim.findings import Cell, Findings, Number, Table
from sim.findings.text import title
from sim.registry import LABEL
from sim.registry.outcomes import outcomes, primary
from sim.studies.decomposition.study import ALSO, PARTS, TOTAL, TRANSFERS, plain

WORDS = ("outcome", "part", "unit", "lever", "other")  # columns without numbers
RATIO = "bribes_per_gross"  # the ratio whose numerator and denominator both change
LARGEST = 3  # interactions shown for each outcome


def present(tables) -> Findings:
    """Return Shapley values by lever and outcome, first-in and last-in effects, parts of a ratio, and interactions."""
    rows, pairs = (list(map(numbers, tables.get(name, []))) for name in ("shapley", "interactions"))
    here = {row["outcome"] for row in rows}
    apart = [name for name in (*ALSO, *TRANSFERS, *PARTS) if name in here]
    n, levers = rows[0]["n"], len(whole_rows(rows, rows[0]["outcome"])) - 1
    sample = f"{levers} levers, {1 << levers} combinations × {n} seed{'s' if n > 1 else ''}"
    shown = {"values": values_table(f"Shapley values of {sample}", rows, [name for name in primary() if name in here]),
             "apart": values_table(f"Shapley values of {sample}: price, clashes, transfers and parts of ratios", rows,
                                   apart),
             "order": order_table(rows, here), "parts": parts_table(rows), "pairs": pairs_table(pairs)}
    error = f"{error_of(rows):.0e}"
    remarks = ("Transfers to organisations are paid by groups and are not part of the joint surplus.",
               f"Values sum to the differences (largest error over outcomes {error} of the largest value). Each cell "
               "is "
               "the mean ± half-width of the 95 % interval over seeds, which shows chance in the simulation "
               "alone.", LABEL)
    return Findings({name: table for name, table in shown.items() if table.rows}, remarks,
                    {"n": str(n), "n_less": str(n - 1), "sure": significant_list(rows, here), "error": error,
                     "nothing": ", ".join(map(plain, without_effect(rows, here))).capitalize()})


# rows of the CSV tables --------------------------------------------------------------------------------------------
def numbers(row) -> dict:
    """A row of texts with its numeric cells converted; an empty cell is NaN."""
    return {key: value if key in WORDS else int(value) if key == "n" else float(value or "nan")
            for key, value in row.items()}


def whole_rows(rows, name) -> dict[str, dict]:
    """Rows of one outcome by lever, without the parts of ratios."""
    return {row["lever"]: row for row in rows if row["outcome"] == name and not row["part"]}


def in_millions(rows) -> bool:
    """Whether rows of one outcome are shown in millions."""
    return max((abs(row["mean"]) for row in rows), default=0) >= 1e6


def cell(row, name: str, millions: bool = False, mean="mean", high="high") -> Number:
    """Mean ± half-width; `0` means exactly 0 in every seed, `+0.00` a value below the shown digits."""
    half = row[high] - row[mean]
    if row[mean] == 0 and not half > 0:
        return Number(0.0)
    return Number(row[mean], outcomes()[name].digits, half if half > 0 else nan, signed=True, in_millions=millions)


def error_of(rows) -> float:
    """Largest |Σφ − difference| of means over outcomes, relative to the largest value of the outcome."""
    errors = [0.0]
    for name in dict.fromkeys(row["outcome"] for row in rows):
        by = {lever: row["mean"] for lever, row in whole_rows(rows, name).items()}
        total, largest = by.pop(TOTAL), max(map(abs, by.values()))
        errors.append(abs(fsum(by.values()) - total) / largest if largest else 0.0)
    return max(errors)


def without_effect(rows, here) -> list[str]:
    """Levers whose value is exactly 0 in all primary outcomes except the joint surplus."""
    by = [whole_rows(rows, name) for name in primary() if name in here and name != "joint_surplus"]
    return [lever for lever in (by[0] if by else ()) if not any(of_outcome[lever]["mean"] for of_outcome in by)]


# tables ------------------------------------------------------------------------------------------------------------
def values_table(words: str, rows, names) -> Table:
    """Table of Shapley values with one row for each lever, one column for each outcome, and the sum in the last row."""
    columns = [[cell(row, name, in_millions(by.values())) for row in by.values()]
               for name in names for by in [whole_rows(rows, name)]]
    levers = [plain(lever) for lever in whole_rows(rows, names[0])] if names else []
    levers[-1:] = ["*all: the difference*"] if names else []
    return Table(words, ("lever", *map(title, names)), tuple(zip(levers, *columns)))


def order_table(rows, here) -> Table:
    """Table of effects of a lever alone and on top of all others, for levers that change more than the surplus."""
    body, idle = [], without_effect(rows, here)
    for name in (name for name in primary() if name in here):
        by = whole_rows(rows, name)
        for lever, row in by.items():
            if lever != TOTAL and lever not in idle and row["mean"]:
                ends = (cell(row, name, in_millions(by.values()), kind, f"{kind}_high")
                        for kind in ("first_in", "last_in"))
                body.append((title(name), plain(lever), *ends))
    return Table("Effect of a lever alone, and on top of all others",
                 ("outcome", "lever", "alone (first in)", "on top of all others (last in)"), without_repeats(body))


def parts_table(rows) -> Table:
    """Table of the values of `RATIO` through its numerator and through its denominator, by lever."""
    by = {part: {row["lever"]: row for row in rows if row["outcome"] == RATIO and row["part"] == part}
          for part in ("", "by_numerator", "by_denominator")}
    moving = [lever for lever in by["by_numerator"] if any(by[part][lever]["mean"] for part in by)]
    body = ((plain(lever), *(cell(by[part][lever], RATIO) for part in by)) for lever in moving)
    return Table("A ratio by its parts", ("lever", title(RATIO), "through bribes", "through gross income"), tuple(body))


def pairs_table(pairs) -> Table:
    """Table of the largest interactions of each outcome."""
    body = []
    for name in (*primary(), *ALSO, *TRANSFERS):
        nonzero = [pair for pair in pairs if pair["outcome"] == name and pair["mean"]]
        for pair in sorted(nonzero, key=lambda pair: -abs(pair["mean"]))[:LARGEST]:
            body.append((title(name), f"{plain(pair['lever'])} × {plain(pair['other'])}",
                         cell(pair, name, in_millions(nonzero))))
    return Table("Largest interactions of two levers", ("outcome", "levers", "interaction"), without_repeats(body),
                 "Above 0, two levers have a larger effect together than separately; interactions.csv lists all pairs.")


def without_repeats(body) -> tuple[tuple[Cell, ...], ...]:
    """Rows with an empty first cell if it repeats the cell above."""
    above = [None, *(line[0] for line in body)]
    return tuple(("" if line[0] == before else line[0], *line[1:]) for before, line in zip(above, body))


def significant_list(rows, here) -> str:
    """One Markdown item for each outcome: levers whose interval excludes 0, the largest effect first."""
    lines = []
    for name in (name for name in (*primary(), *ALSO) if name in here):
        by = whole_rows(rows, name)
        significant = [row for lever, row in by.items() if lever != TOTAL and (row["low"] > 0 or row["high"] < 0)]
        texts = [f"{plain(row['lever'])} {cell(row, name, in_millions(by.values()))}"
                 for row in sorted(significant, key=lambda row: -abs(row["mean"]))]
        lines.append(f"- *{title(name)}*: {'; '.join(texts) or 'none'}")
    return "\n".join(lines)
