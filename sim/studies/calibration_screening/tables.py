"""Findings of the screening before a calibration, from its table."""

from sim.findings import Cell, Findings, Number, Table
from sim.registry.parameters import registry
from sim.runs.parameter_draws import Free, free, why
from sim.studies.calibration_screening.study import SHOWN

TOP = 12  # parameters of the ranking on outcomes that the table shows
WHY = "free or not, and why"


def present(tables) -> Findings:
    """Return the parameters with the largest effects on summaries and the free ones; with `sensitivity_ranking` also
    those with the largest effects on outcomes."""
    lines = tables["calibration_screening"]
    rank = {row["parameter"]: row for row in lines}
    moving = str(sum(float(row["score"]) > 0 for row in lines))
    shown = {"screening": screening(lines[:SHOWN]), "free": free_parameters(rank)}
    if "sensitivity_ranking" in tables:
        shown["outcomes"] = on_outcomes(tables["sensitivity_ranking"][:TOP], rank)
    remark = (f"{moving} of {len(lines)} parameters change a summary by more than chance could. An effect is over a "
              "parameter's whole range, in units of the summary's error.")
    return Findings(shown, (remark,), {"shown": str(SHOWN), "moving": moving, "screened": str(len(lines))})


def screening(lines) -> Table:
    """Table of the parameters with the largest effects on summaries."""
    body = tuple((row["rank"], f"`{row['parameter']}`", row["status"], Number(float(row["score"]), 2), *moves(row),
                  reason(row["parameter"])) for row in lines)
    return Table("Parameters with the largest effects on the summaries",
                 ("rank", "parameter", "status", "score", "largest effect on", "size (errors)", WHY), body)


def free_parameters(rank: dict[str, dict]) -> Table:
    """Table of the free parameters and their results in the screening."""
    head = ("parameter", "prior", "range", "status", "rank", "largest effect on", "size (errors)", "why it is free")
    return Table("Free parameters", head, tuple(free_row(parameter, rank.get(parameter.key)) for parameter in free()))


def free_row(parameter: Free, ranked: dict | None) -> tuple[Cell, ...]:
    """The row of a free parameter, with its rank and effect if it was screened."""
    place = (ranked["status"], placed(ranked), *moves(ranked)) if ranked else ("", "", "", "")
    return (f"`{parameter.key}`", parameter.prior, f"{parameter.low:g} – {parameter.high:g}", *place, parameter.reason)


def on_outcomes(lines, rank: dict[str, dict]) -> Table:
    """Table of the parameters on which outcomes depend most, and whether the calibration frees them."""
    body = tuple((row["rank"], f"`{row['parameter']}`", row["status"], placed(rank.get(row["parameter"])),
                  reason(row["parameter"])) for row in lines)
    return Table("Parameters with the largest effects on the outcomes",
                 ("rank on outcomes", "parameter", "status", "rank on summaries", WHY), body)


def placed(row: dict | None) -> str:
    """The rank of a parameter if it changes any summary by more than chance, else `none`."""
    return row["rank"] if row and float(row["score"]) else "none"


def moves(row: dict) -> tuple[Cell, Cell]:
    """The summary on which a parameter has its largest effect, and that effect in errors of the summary."""
    return (row["largest_in"], Number(float(row["largest"]), 1)) if row["largest_in"] else ("none", "")


def reason(key: str) -> str:
    """Whether a parameter is free, and why; a table of an earlier version may name one that has been taken out."""
    return ": ".join(why(key)) if key in registry() else "taken out of the model since"
