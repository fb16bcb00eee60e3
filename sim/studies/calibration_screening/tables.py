"""Findings of the screening before a calibration, from its table."""

from sim.findings import Cell, Findings, Number, Table
from sim.runs.parameter_draws import Free, free, why
from sim.studies.calibration_screening.study import SHOWN

TOP = 12  # parameters of the ranking on outcomes that are answered for
WHY = "free or not, and why"


def present(tables) -> Findings:
    """What moves summaries most and what is free; with `sensitivity_ranking`, also what moves outcomes most."""
    lines = tables["calibration_screening"]
    rank = {row["parameter"]: row for row in lines}
    moving = str(sum(float(row["score"]) > 0 for row in lines))
    found = {"screening": screening(lines[:SHOWN]), "free": free_parameters(rank)}
    if "sensitivity_ranking" in tables:
        found["outcomes"] = on_outcomes(tables["sensitivity_ranking"][:TOP], rank)
    remark = (f"{moving} of {len(lines)} parameters move a summary by more than chance could. Effects are over a "
              "parameter's whole range, in errors of the summary.")
    return Findings(found, (remark,), {"shown": str(SHOWN), "moving": moving, "screened": str(len(lines))})


def screening(lines) -> Table:
    """The parameters that move summaries most."""
    body = tuple((row["rank"], f"`{row['parameter']}`", row["status"], Number(float(row["score"]), 2), *moves(row),
                  reason(row["parameter"])) for row in lines)
    return Table("Parameters that move the summaries most",
                 ("rank", "parameter", "status", "score", "moves most", "by (errors)", WHY), body)


def free_parameters(rank: dict[str, dict]) -> Table:
    """The free parameters, and what the screening says of each."""
    head = ("parameter", "prior", "range", "status", "rank", "moves most", "by (errors)", "why it is free")
    return Table("Free parameters", head, tuple(free_row(one, rank.get(one.key)) for one in free()))


def free_row(one: Free, ranked: dict | None) -> tuple[Cell, ...]:
    """A free parameter and its place in the screening, where it was screened."""
    place = (ranked["status"], placed(ranked), *moves(ranked)) if ranked else ("", "", "", "")
    return (f"`{one.key}`", one.prior, f"{one.low:g} – {one.high:g}", *place, one.reason)


def on_outcomes(lines, rank: dict[str, dict]) -> Table:
    """The parameters on which outcomes depend most, and what the calibration does about each."""
    body = tuple((row["rank"], f"`{row['parameter']}`", row["status"], placed(rank.get(row["parameter"])),
                  reason(row["parameter"])) for row in lines)
    return Table("Parameters that move the outcomes most",
                 ("rank on outcomes", "parameter", "status", "rank on summaries", WHY), body)


def placed(row: dict | None) -> str:
    """The rank of a parameter that moves a summary by more than chance."""
    return row["rank"] if row and float(row["score"]) else "none"


def moves(row: dict) -> tuple[Cell, Cell]:
    """The summary that a parameter moves most, and by how many errors."""
    return (row["largest_in"], Number(float(row["largest"]), 1)) if row["largest_in"] else ("none", "")


def reason(key: str) -> str:
    """Whether a parameter is free, and why."""
    return ": ".join(why(key))
