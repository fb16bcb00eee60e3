"""What docs/patterns.md says of the reference run."""

import math
import re
from pathlib import Path

from sim.studies.patterns.declared import registered, wanted
from sim.studies.patterns.rows import CONFLICTS, SCORES, bounds, spanned
from sim.studies.patterns.score import FAIL, OPEN, PASS

DISPUTED = ("contested", "denied")
HEADS = {
    "scores": ["pattern", "source", "reported", "basis of the bounds", "simulated", "verdict", "holds in draws"],
    "off": ["pattern", "switched off for the test", "reported", "switched off", "verdict", "as set", "verdict as set"],
    "conflicts": ["pair", "why", "by", "replicates: both (each)", "draws: both (each)"],
    "silent": ["fact", "why the model cannot speak to it"],
    "inputs": ["pattern of the ledger", "why it is no test"],
}


def documented(reference: Path) -> dict[str, str]:
    """Tables, counts and, by name, the value of every pattern."""
    from experiments.pages import markdown_table, reference_rows

    rows, pairs = reference_rows(SCORES, reference), reference_rows(CONFLICTS, reference)
    bodies = {"scores": [score_line(row) for row in rows],
              "off": [off_line(row) for row in rows if row["switched_off"]],
              "conflicts": [conflict_line(row) for row in pairs],
              "silent": [[row["what"], row["why"]] for row in registered()["silent"]],
              "inputs": [[f"`{name}`", why] for name, why in registered()["inputs"].items()]}
    said = {name: markdown_table(HEADS[name], body) for name, body in bodies.items()}
    said |= {"patterns": str(len(rows)), "arms": str(len(wanted())), "n": str(least(rows)),
             "n_base": most(rows, "n"), "draws": most(rows, "draws")}
    for verdict in (PASS, FAIL, OPEN):
        found = [row for row in rows if row["verdict"] == verdict]
        name = verdict.replace(" ", "_")
        said |= {name: str(len(found)), f"{name}_are": ids(found),
                 f"{name}_in_sample": str(sum(bool(row["in_sample"]) for row in found))}
    said["only_as_set"] = ids(row for row in rows if row["as_set_verdict"] == PASS and row["verdict"] != PASS)
    said["never"] = "; ".join(f"`{row['first']}` and `{row['second']}`" for row in pairs
                              if int(row["draws"]) and not int(row["both_in_draws"])) or "none"
    for row in rows:
        said |= {row["pattern"]: value(row, "value"), f"{row['pattern']}_as_set": value(row, "as_set")}
    return said


def most(rows, name: str) -> str:
    """The largest whole number in a column."""
    return max((row[name] for row in rows), key=int)


def least(rows) -> int:
    """The smallest number of replicates of a pattern that was told."""
    return min(int(row["n"]) for row in rows if int(row["n"]))


def ids(rows) -> str:
    """Ids of patterns in a sentence."""
    return ", ".join(f"`{row['pattern']}`" for row in rows) or "none"


def real(cell: str, empty: float = math.nan) -> float:
    """A number as it stands in the table."""
    return float(cell) if cell else empty


def value(row, name: str) -> str:
    """A simulated value with its interval."""
    return unbroken(spanned(*(real(row[key]) for key in (name, f"{name}_low", f"{name}_high"))))


def reported(row) -> str:
    """The interval of a pattern."""
    return unbroken(bounds(real(row["low"], -math.inf), real(row["high"], math.inf)))


def unbroken(text: str) -> str:
    """Numbers that no line breaks."""
    return re.sub(r"(?<=\d) (?=\d)|(?<=[≥≤]) ", "\u00a0", text)


def score_line(row) -> list[str]:
    """One line of the scorecard."""
    marks = [row["status"]] * (row["status"] in DISPUTED) + ["in sample"] * bool(row["in_sample"])
    what = row["label"] + (f" ({', '.join(marks)})" if marks else "")
    draws = f"{row['draws_holding']} of {row['draws']}" if int(row["draws"]) else "–"
    return [f"{what}<br>`{row['pattern']}`", row["source"], f"{reported(row)} {row['unit']}", row["basis"],
            value(row, "value"), f"**{row['verdict']}**", draws]


def off_line(row) -> list[str]:
    """One line of what switching off does; long lists in brief."""
    words = row["switched_off"].split(", ")
    shown = ", ".join(f"`{word}`" for word in words[:3])
    return [f"`{row['pattern']}`", shown + (f" and {len(words) - 3} more" if len(words) > 3 else ""), reported(row),
            value(row, "value"), row["verdict"], value(row, "as_set"), row["as_set_verdict"]]


def conflict_line(row) -> list[str]:
    """One line of conflicts."""
    return [f"`{row['first']}` and `{row['second']}`", row["reason"], row["kind"], counted(row, "replicates"),
            counted(row, "draws")]


def counted(row, where: str) -> str:
    """In how many of how many both hold, and each by itself."""
    if not int(row[where]):
        return "–"
    return f"{row[f'both_in_{where}']} of {row[where]} ({row[f'first_in_{where}']}, {row[f'second_in_{where}']})"
