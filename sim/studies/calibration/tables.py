"""Findings of the calibration, from its tables."""

from sim.findings import Cell, Findings, Number, Table
from sim.findings.text import number
from sim.runs.parameter_draws import remark, specification
from sim.studies.calibration.study import METHODS, STORED

SUMMARY_HEAD = ("summary", "reported", "interval", "prior, with error (99 %)", "below", "posterior (99 %)", "below",
                "source")
ONE_METHOD = "Without the extra `calibration` there is one method only."


def present(tables) -> Findings:
    """Return the posterior of each parameter, the gates, and reported, prior and posterior summaries."""
    lines, judged, compared = (tables[name] for name in ("calibration", "calibration_gates", "calibration_summaries"))
    methods = [name for name in METHODS if f"{name}_median" in lines[0]]
    shown = {"parameters": parameters(lines, methods), "gates": gates(judged),
             "summaries": Table("Reported summaries with prior and posterior predictions", SUMMARY_HEAD,
                                tuple(summary_cells(row) for row in compared if not is_month(row))),
             "months": Table("Shares of months", SUMMARY_HEAD[:-1],
                             tuple(summary_cells(row)[:-1] for row in compared if is_month(row))),
             "frozen": Table("Frozen parameters", ("keys", "why they stay at their defaults"),
                             tuple((f"`{row['keys']}`", row["reason"]) for row in specification()["frozen"]))}
    values = counts(lines, judged, compared) | recoveries(lines, methods) | medians(compared)
    return Findings(shown, () if "npe" in methods else (ONE_METHOD,), values)


# tables ------------------------------------------------------------------------------------------------------------
def parameters(lines, methods) -> Table:
    """Table of prior, posterior and recovery of each free parameter."""
    names = [METHODS[name] for name in methods]
    head = ("parameter", "prior", "default", *names, *(f"recovery {name}" for name in names),
            *(f"contraction {name}" for name in names), "difference (sd)", "identified")
    return Table("Free parameters: median and 95 % of the posterior", head,
                 tuple(parameter_cells(row, methods) for row in lines))


def parameter_cells(row, methods) -> tuple[Cell, ...]:
    """One row of the table of parameters."""
    return (row["parameter"], f"{plain(row['low'])} – {plain(row['high'])}", plain(row["default"]),
            *(posterior(row, name) for name in methods), *(Number(float(row[f"{n}_recovery"]), 2) for n in methods),
            *(Number(float(row[f"{name}_contraction"]), 2) for name in methods),
            Number(float(row["disagreement"]), 2) if "disagreement" in row else "",
            "yes" if row["identified"] == "True" else "no")


def posterior(row, method: str) -> str:
    """Median and 95 % interval of a method."""
    return "{} ({} to {})".format(*(plain(row[f"{method}_{part}"]) for part in ("median", "low", "high")))


def gates(judged) -> Table:
    """Table of every gate with its value, its limit and whether it is passed."""
    passed = {"True": "passed", "False": "**not passed**"}
    return Table("Gates", ("gate", "value", "limit", "", "remark"),
                 tuple((row["gate"], row["value"], row["limit"], passed[row["passed"]] if row["limit"] else "",
                        row["remark"]) for row in judged))


def summary_cells(row) -> tuple[str, ...]:
    """Reported value, and prior and posterior predictions; bold if a prediction does not cover the reported value."""
    cells = [row["label"], plain(row["target"]), f"{plain(row['interval_low'])} – {plain(row['interval_high'])}"]
    for name in ("prior", "posterior"):
        if not row.get(f"{name}_median"):
            cells += ["", ""]
            continue
        low, middle, high = (plain(row[f"{name}_{end}"]) for end in ("low", "median", "high"))
        below = number(float(row[f"{name}_below"]), 3)
        cells += [f"{middle} ({low} to {high})", below if row[f"{name}_covers"] == "True" else f"**{below}**"]
    return (*cells, row["source"])


def is_month(row) -> bool:
    """Whether a summary is one of the shares of months."""
    return row["summary"].startswith("months_")


def plain(value: str) -> str:
    """A number with three significant digits."""
    real = float(value)
    return number(float(f"{real:.3g}"), 0) if abs(real) >= 100 else f"{real:.3g}"


# numbers of the page -----------------------------------------------------------------------------------------------
def counts(lines, judged, compared) -> dict[str, str]:
    """Numbers of runs and summaries, identified parameters, and the verdict of the gates."""
    identified = ", ".join(f"`{row['parameter']}`" for row in lines if row["identified"] == "True")
    return {"runs": judged[0]["value"], "added": judged[1]["value"], "stored": str(STORED),
            "count": str(len(compared)), "played": str(specification()["generations"]["play_posterior"]),
            "identified": identified or "none", "verdict": remark(judged),
            "joint": next(row["value"] for row in judged if row["gate"].startswith("joint distance"))}


def recoveries(lines, methods) -> dict[str, str]:
    """Recovery of each parameter by the better method."""
    return {f"recovery_{row['parameter'].split('.')[1]}":
            number(max(float(row[f"{name}_recovery"]) for name in methods), 2) for row in lines}


def medians(compared) -> dict[str, str]:
    """Medians of prior and posterior, by summary."""
    return {f"{name}_{key_of(row['summary'])}": plain(row[name])
            for row in compared for name in row if name.endswith("median")}


def key_of(summary: str) -> str:
    """The name of a summary in names of values."""
    return summary.replace("-", "_").replace("/", "_")
