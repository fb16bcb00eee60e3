"""What a decomposition says: tables for the terminal and for docs/decomposition.md."""

from math import fsum
from pathlib import Path

from sim.findings.text import number, table, title
from sim.registry import LABEL
from sim.registry.outcomes import outcomes, primary
from sim.studies.decomposition.study import ALSO, PARTS, RATIOS, TOTAL, TRANSFERS, Game, largest_error, plain

SHOWN = 3  # interactions an outcome, on the terminal


def amount(value, digits, millions=False) -> str:
    """A signed number; `0` stands for exactly nothing, `+0.00` for less than is shown."""
    if value == 0:
        return "0"
    return f"{value / 1e6:+.2f} M" if millions else number(value, digits, signed=True)


def with_half(row, digits, millions=False) -> str:
    """Mean ± half-width of the 95 % interval; one unit for both."""
    half = row["high"] - row["mean"]
    said = f"{half / 1e6:.2f} M" if millions else number(half, digits)
    return amount(row["mean"], digits, millions) + (f" ± {said}" if half > 0 else "")


def in_millions(rows) -> bool:
    """Whether rows of one outcome are told in millions."""
    return max((abs(row["mean"]) for row in rows), default=0) >= 1e6


def text(game: Game, rows, pairs, sample) -> str:
    """Shapley values by lever and outcome, transfers apart, parts of ratios, largest interactions."""
    whole = {(row["outcome"], row["lever"]): row for row in rows if not row["part"]}
    shown = game.shown()
    apart = [name for name in shown if name in (*ALSO, *TRANSFERS, *PARTS)]
    blocks = [f"Shapley values of {len(game.levers)} levers: {sample}",
              *filter(None, (block(game, whole, [name for name in shown if name not in apart]),
                             block(game, whole, apart))),
              "Transfers to organisations are paid by groups and are no part of the joint surplus.",
              *parts_text(game, rows), *pairs_text(game, pairs),
              f"Values sum to the differences (largest relative error {largest_error(game):.0e}). Mean ± half-width of "
              "the 95 % interval over seeds: chance in the simulation alone.\n" + LABEL]
    return "\n\n".join(blocks)


def block(game, whole, names) -> str:
    """A table: a lever a line, an outcome a column; the last line is the difference they sum to."""
    levers = [*game.levers, TOTAL]
    columns = {name: [whole[name, lever] for lever in levers] for name in names}
    cells = [[with_half(row, outcomes()[name].digits, in_millions(rows)) for row in rows]
             for name, rows in columns.items()]
    head = ["lever", *(title(name) for name in names)]
    return table(head, [[plain(lever), *line] for lever, *line in zip(levers, *cells)], widest=18) if names else ""


def parts_text(game, rows) -> list[str]:
    """How much of a ratio's difference came through its numerator and its denominator, where both moved."""
    said = []
    for name in RATIOS:
        sums = [sum(row["mean"] for row in rows if row["outcome"] == name and row["part"] == part)
                for part in ("by_numerator", "by_denominator")]
        if all(sums):
            over, under = (amount(value, outcomes()[name].digits) for value in sums)
            said.append(f"  {title(name)}: {over} through the numerator, {under} through the denominator")
    return ["\n".join(["sums over levers of", *said])] if said else []


def pairs_text(game, pairs) -> list[str]:
    """The largest second-order interactions of each outcome."""
    if len(game.levers) < 2:
        return []
    said = []
    for name in (name for name in game.shown() if name not in PARTS):
        mine = [pair for pair in pairs if pair["outcome"] == name and pair["mean"] != 0]
        each = [f"{plain(p['lever'])} × {plain(p['other'])} {with_half(p, outcomes()[name].digits, in_millions(mine))}"
                for p in sorted(mine, key=lambda p: -abs(p["mean"]))[:SHOWN]]
        said.append(f"  {title(name)}: {'; '.join(each) or 'none'}")
    return ["\n".join(["largest interactions (above 0: together more than apart; all in interactions.csv)", *said])]


# docs/decomposition.md ---------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Places of the page: tables of both reference runs, those of the second with `dossier_` before their names."""
    said = {}
    for name, prefix in (("decomposition", ""), ("decomposition_dossier", "dossier_")):
        rows, pairs = rows_read(reference, f"{name}.csv"), rows_read(reference, f"{name}_interactions.csv")
        places = {"n": str(rows[0]["n"]), "n_less": str(rows[0]["n"] - 1), "values": values_table(rows, primary()),
                  "apart": values_table(rows, (*ALSO, *TRANSFERS, *PARTS)), "order": order_table(rows),
                  "parts": parts_table(rows), "pairs": pairs_table(pairs), "sure": sure_list(rows),
                  "error": f"{error_of(rows):.0e}", "nothing": ", ".join(map(plain, without_effect(rows))).capitalize()}
        said |= {prefix + key: value for key, value in places.items()}
    return said


def rows_read(reference: Path, name: str) -> list[dict]:
    """A reference table with numbers as numbers; an empty cell is NaN."""
    from experiments.pages import reference_rows

    words = ("outcome", "part", "unit", "lever", "other")
    return [{key: value if key in words else int(value) if key == "n" else float(value or "nan")
             for key, value in row.items()} for row in reference_rows(name, reference)]


def whole_rows(rows, name) -> dict[str, dict]:
    """Lines of one outcome by lever, the parts of ratios left out."""
    return {row["lever"]: row for row in rows if row["outcome"] == name and not row["part"]}


def values_table(rows, names) -> str:
    """Shapley values ± half-widths: a line a lever, a column an outcome; the last line is what they sum to."""
    from experiments.pages import markdown_table

    columns = [[with_half(row, outcomes()[name].digits, in_millions(by.values())) for row in by.values()]
               for name in names for by in [whole_rows(rows, name)]]
    levers = [plain(lever) for lever in whole_rows(rows, names[0])]
    levers[-1] = "*all: the difference*"
    return markdown_table(["lever", *map(title, names)], [[lever, *line] for lever, *line in zip(levers, *columns)])


def order_table(rows) -> str:
    """Effects of a lever alone and on top of all others, of levers that do anything."""
    from experiments.pages import markdown_table

    body = []
    for name in primary():
        by = whole_rows(rows, name)
        for lever, row in by.items():
            if lever != TOTAL and lever not in without_effect(rows) and row["mean"]:
                million, digits = in_millions(by.values()), outcomes()[name].digits
                ends = [{"mean": row[kind], "high": row[f"{kind}_high"]} for kind in ("first_in", "last_in")]
                body.append([title(name), plain(lever), *(with_half(end, digits, million) for end in ends)])
    for before, line in zip(body[::-1][1:], body[::-1]):
        line[0] = "" if line[0] == before[0] else line[0]
    return markdown_table(["outcome", "lever", "alone (first in)", "on top of all others (last in)"], body)


def parts_table(rows) -> str:
    """The ratio whose numerator and denominator both move: its values through each, by lever."""
    from experiments.pages import markdown_table

    name = "bribes_per_gross"
    by = {part: {row["lever"]: row for row in rows if row["outcome"] == name and row["part"] == part}
          for part in ("", "by_numerator", "by_denominator")}
    moving = [lever for lever in by["by_numerator"] if any(by[part][lever]["mean"] for part in by)]
    body = [[plain(lever), *(with_half(by[part][lever], outcomes()[name].digits) for part in by)] for lever in moving]
    return markdown_table(["lever", title(name), "through bribes", "through gross income"], body)


def pairs_table(pairs) -> str:
    """The largest interactions of each outcome."""
    from experiments.pages import markdown_table

    body = []
    for name in (*primary(), *ALSO, *TRANSFERS):
        mine = [pair for pair in pairs if pair["outcome"] == name and pair["mean"]]
        for pair in sorted(mine, key=lambda pair: -abs(pair["mean"]))[:SHOWN]:
            body.append([title(name), f"{plain(pair['lever'])} × {plain(pair['other'])}",
                         with_half(pair, outcomes()[name].digits, in_millions(mine))])
    for before, line in zip(body[::-1][1:], body[::-1]):
        line[0] = "" if line[0] == before[0] else line[0]
    return markdown_table(["outcome", "levers", "interaction"], body)


def sure_list(rows) -> str:
    """One line an outcome: levers whose value has an interval without 0, the largest first."""
    lines = []
    for name in (*primary(), *ALSO):
        by = whole_rows(rows, name)
        sure = [row for lever, row in by.items() if lever != TOTAL and (row["low"] > 0 or row["high"] < 0)]
        cells = [f"{plain(row['lever'])} {with_half(row, outcomes()[name].digits, in_millions(by.values()))}"
                 for row in sorted(sure, key=lambda row: -abs(row["mean"]))]
        lines.append(f"- *{title(name)}*: {'; '.join(cells) or 'none'}")
    return "\n".join(lines)


def error_of(rows) -> float:
    """Largest |Σφ − difference| of means over outcomes, relative to the largest value of the outcome."""
    errors = []
    for name in dict.fromkeys(row["outcome"] for row in rows):
        by = {lever: row["mean"] for lever, row in whole_rows(rows, name).items()}
        total = by.pop(TOTAL)
        errors.append(abs(fsum(by.values()) - total) / max(map(abs, by.values())))
    return max(errors)


def without_effect(rows) -> list[str]:
    """Levers whose value is exactly 0 in all primary outcomes but the joint surplus."""
    by = [whole_rows(rows, name) for name in primary() if name != "joint_surplus"]
    return [lever for lever in by[0] if not any(of_outcome[lever]["mean"] for of_outcome in by)]
