"""Findings of the study `history`: the agreement of simulated with documented months and years."""

import math

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.findings.text import number
from sim.studies.history.study import NOTES, PAIRS

HEAD = ("series", "arm", "period", "months", "level", "correlation", "peak / mean", "documented", "shape error",
        "inside band")
LABELS = {pair.observed: pair.label for pair in PAIRS}
REMARK = ("Bands contain 95 % of replicates and show chance in the simulation and in the reporting. In the arm fed "
          "from "
          "registrations, registrations (and detections of 2023) are inputs, not results.")


def present(tables) -> Findings:
    """Return fits of monthly series by arm and period, and yearly figures."""
    fits, years = tables["history_fit"], tables["history_years"]
    return Findings({"fit": fit_table(fits), "years": year_table(years)}, (REMARK,), quoted(fits, years))


def fit_table(fits) -> Table:
    """Table with one row for each series, arm and period: level, shape, and the share of months inside the band."""
    body = tuple((LABELS[row["series"]], arm(row), row["period"], row["months"], measure(row, "level"),
                  measure(row, "correlation"), measure(row, "peak"), Number(value_of(row, "documented_peak"), 2),
                  measure(row, "shape_error"), Number(100 * value_of(row, "inside_band"), 0, unit="%")) for row in fits)
    return Table("Months, simulated against documented", HEAD, body,
                 "Level: simulated over documented total. Shape error: standard deviation over months of "
                 "log(simulated / documented), free of any common factor.")


def measure(row, name: str) -> Cell:
    """A measure with its band; empty if it is undefined."""
    cell = with_ends(row, (name, f"{name}_low", f"{name}_high"), 2)
    return cell if math.isfinite(cell.value) else ""


def year_table(years) -> Table:
    """Table with one row for each yearly figure, arm and year."""
    body = tuple((row["label"], arm(row), row["year"],
                  Number(value_of(row, "documented"), 0) if row["documented"] else "",
                  with_ends(row, ("mean", "low", "high"), 0)) for row in years)
    return Table("Years, simulated (all events) against documented (recorded ones)",
                 ("yearly figure", "arm", "year", "documented", "simulated"), body)


def arm(row) -> str:
    """The name of the model of arrivals."""
    return NOTES.get(row["scenario"], row["scenario"])


def quoted(fits, years) -> dict[str, str]:
    """Levels and correlations by series, arm and period, and yearly means by figure, arm and year."""
    values = {}
    for row in fits:
        for name in ("level", "correlation"):
            place = f"{name}_{row['series']}_{short(row)}_{row['period'].replace('-', '_')}"
            values[place] = number(value_of(row, name), 2)
    for row in years:
        values[f"{row['series']}_{short(row)}_{row['year']}"] = number(value_of(row, "mean"), 0)
    return values


def short(row) -> str:
    """The scenario's name without the prefix `history_`."""
    return row["scenario"].removeprefix("history_")
