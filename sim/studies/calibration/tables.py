"""The calibration in words: tables for the terminal and the places of docs/calibration.md."""

from pathlib import Path

from sim.findings.text import number, table
from sim.runs.parameter_draws import free, specification, why
from sim.studies.calibration.study import METHODS, STORED

TOP = 12  # of the ranking on outcomes that is answered for
SCREENED = 24  # parameters of the screening that are shown


def shown(row, name) -> str:
    """Median and 95 % interval of a method."""
    return "{} ({} to {})".format(*(plain(row[f"{name}_{part}"]) for part in ("median", "low", "high")))


def names_in(rows) -> list[str]:
    return [name for name in METHODS if f"{name}_median" in rows[0]]


def cells(row, names) -> list[str]:
    """One parameter in words."""
    identified = str(row["identified"]) == "True"
    return [row["parameter"], f"{plain(row['low'])} – {plain(row['high'])}", plain(row["default"]),
            *(shown(row, name) for name in names), *(number(float(row[f"{name}_recovery"]), 2) for name in names),
            *(number(float(row[f"{name}_contraction"]), 2) for name in names),
            number(float(row["disagreement"]), 2) if "disagreement" in row else "", "yes" if identified else "no"]


def head(names) -> list[str]:
    return ["parameter", "prior", "default", *(METHODS[n] for n in names), *(f"recovery {METHODS[n]}" for n in names),
            *(f"contraction {METHODS[n]}" for n in names), "difference (sd)", "identified"]


def said(lines, judged) -> str:
    """Tables for the terminal."""
    names = names_in(lines)
    passed = [[row["gate"], str(row["value"]), row["limit"], "passed" if row["passed"] else "not passed", row["remark"]]
              for row in judged]
    without = "" if "npe" in names else "\nwithout the extra `calibration` there is one method only"
    return (table(head(names), [cells(row, names) for row in lines]) + "\n\n"
            + table(["gate", "value", "limit", "", "remark"], passed) + without)


# docs/calibration.md -----------------------------------------------------------------------------------------------
def places(reference: Path) -> dict[str, str]:
    """Every place of the page by name."""
    from experiments.pages import markdown_table, reference_rows

    lines, judged, compared, screened, outcomes = (reference_rows(f"{name}.csv", reference) for name in (
        "calibration", "calibration_gates", "calibration_summaries", "calibration_screening", "sensitivity_ranking"))
    names, rank = names_in(lines), {row["parameter"]: row for row in screened}
    found = {"parameters": markdown_table(head(names), [cells(row, names) for row in lines]),
             "gates": markdown_table(["gate", "value", "limit", "", "remark"], [gate_cells(row) for row in judged]),
             "summaries": markdown_table(SUMMARY_HEAD, [summary_cells(r) for r in compared if not a_month(r)]),
             "months": markdown_table(SUMMARY_HEAD[:-1], [summary_cells(r)[:-1] for r in compared if a_month(r)]),
             "free": markdown_table(FREE_HEAD, [free_cells(one, rank.get(one.key)) for one in free()]),
             "screening": markdown_table(["rank", "parameter", "status", "score", "moves most", "by (errors)",
                                          "free or not, and why"], [screened_cells(r) for r in screened[:SCREENED]]),
             "outcomes": markdown_table(["rank on outcomes", "parameter", "status", "rank on summaries",
                                         "free or not, and why"],
                                        [answered_cells(row, rank.get(row["parameter"])) for row in outcomes[:TOP]]),
             "frozen": markdown_table(["keys", "why they stay at their defaults"],
                                      [[f"`{row['keys']}`", row["reason"]] for row in specification()["frozen"]]),
             "runs": judged[0]["value"], "added": judged[1]["value"], "stored": str(STORED),
             "count": str(len(compared)), "shown": str(SCREENED),
             "played": str(specification()["generations"]["play_posterior"]),
             "moving": str(sum(float(row["score"]) > 0 for row in screened)), "screened": str(len(screened)),
             "identified": ", ".join(f"`{row['parameter']}`" for row in lines if row["identified"] == "True") or "none",
             "joint": next(row["value"] for row in judged if row["gate"].startswith("joint distance")),
             "verdict": verdict(judged)}
    for row in lines:
        best = max(float(row[f"{name}_recovery"]) for name in names)
        found[f"recovery_{row['parameter'].split('.')[1]}"] = number(best, 2)
    for row in compared:
        found |= {f"{name}_{key_of(row['summary'])}": plain(row[name]) for name in row if name.endswith("median")}
    return found


SUMMARY_HEAD = ["summary", "reported", "interval", "prior, with error (99 %)", "below", "posterior (99 %)", "below",
                "source"]
FREE_HEAD = ["parameter", "prior", "range", "status", "rank", "moves most", "by (errors)", "why it is free"]


def plain(value) -> str:
    """Three significant digits, thousands whole."""
    value = float(value)
    return number(float(f"{value:.3g}"), 0) if abs(value) >= 100 else f"{value:.3g}"


def key_of(summary: str) -> str:
    """A summary's name as a place's."""
    return summary.replace("-", "_").replace("/", "_")


def a_month(row) -> bool:
    """Whether a summary is one of the shares of months."""
    return row["summary"].startswith("months_")


def gate_cells(row) -> list[str]:
    """A gate in words."""
    passed = {"True": "passed", "False": "**not passed**"}[row["passed"]] if row["limit"] else ""
    return [row["gate"], row["value"], row["limit"], passed, row["remark"]]


def summary_cells(row) -> list[str]:
    """What was reported, and what prior and posterior give; bold where they do not."""
    said = [row["label"], plain(row["target"]), f"{plain(row['interval_low'])} – {plain(row['interval_high'])}"]
    for name in ("prior", "posterior"):
        if not row.get(f"{name}_median"):
            said += ["", ""]
            continue
        low, middle, high = (plain(row[f"{name}_{end}"]) for end in ("low", "median", "high"))
        below = number(float(row[f"{name}_below"]), 3)
        said += [f"{middle} ({low} to {high})", below if row[f"{name}_covers"] == "True" else f"**{below}**"]
    return [*said, row["source"]]


def free_cells(one, ranked) -> list[str]:
    """A free parameter, and what the screening says of it."""
    said = [ranked["status"], placed(ranked), *moves(ranked)] if ranked else ["", "", "", ""]
    return [f"`{one.key}`", one.prior, f"{one.low:g} – {one.high:g}", *said, one.reason]


def placed(row) -> str:
    """The rank of a parameter that moves a summary by more than chance."""
    return row["rank"] if row and float(row["score"]) else "none"


def moves(row) -> list[str]:
    """The summary that a parameter moves most, and by how many errors."""
    return [row["largest_in"] or "none", number(float(row["largest"]), 1) if row["largest_in"] else ""]


def screened_cells(row) -> list[str]:
    """A line of the screening."""
    return [row["rank"], f"`{row['parameter']}`", row["status"], number(float(row["score"]), 2), *moves(row),
            ": ".join(why(row["parameter"]))]


def answered_cells(row, ranked) -> list[str]:
    """A parameter on which outcomes hang, and what is done about it here."""
    return [row["rank"], f"`{row['parameter']}`", row["status"], placed(ranked), ": ".join(why(row["parameter"]))]


def verdict(judged) -> str:
    """Which gates are passed, in a sentence."""
    from sim.runs.parameter_draws import remark

    return remark(judged)
