"""Findings of the study `history`: the agreement of simulated with documented months and years."""

import math

import numpy as np

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.findings.text import number
from sim.registry import series
from sim.studies.history.study import NOTES, PAIRS

HEAD = ("series", "arm", "period", "months", "level", "correlation", "peak / mean", "documented", "shape error",
        "inside band")
LABELS = {pair.observed: pair.label for pair in PAIRS}
REMARK = ("Bands contain 95 % of replicates and show chance in the simulation and in the reporting; with arrivals "
          "latent by nationality they also show the uncertainty of arrivals. In the arm fed from registrations, "
          "registrations (and detections of 2023) are inputs, not results; in the arm latent by nationality, "
          "detections are inputs.")
SPRING, WINTER = ("2022-03", "2022-04", "2022-05", "2022-06"), ("2022-11", "2022-12", "2023-01", "2023-02")


def present(tables) -> Findings:
    """Return fits of monthly series by arm and period, two turns of 2022, stays in centres and yearly figures."""
    fits, years, months = tables["history_fit"], tables["history_years"], tables["history"]
    stays = tables["history_stays"]
    shown = {"fit": fit_table(fits), "turns": turn_table(months), "stays": stay_table(stays),
             "years": year_table(years)}
    return Findings({name: table for name, table in shown.items() if table.rows}, (REMARK,),
                    sample(fits) | late_2022() | quoted(fits, years) | quoted_months(months) | quoted_stays(stays))


def inside(row) -> bool:
    """Whether the documented value of a month lies in the band."""
    return value_of(row, "low") <= value_of(row, "documented") <= value_of(row, "high")


def turn_table(months) -> Table:
    """Table of detections in spring 2022 and in the following winter: documented, and simulated with each arm."""
    rows = [row for row in months if row["series"] == "detections_route" and row["month"] in SPRING + WINTER]
    arms = list(dict.fromkeys(row["scenario"] for row in rows))
    by_place = {(row["month"], row["scenario"]): row for row in rows}
    body = tuple((month, Number(value_of(by_place[month, arms[0]], "documented"), 0),
                  *(with_ends(by_place[month, name], ("mean", "low", "high"), 0) for name in arms))
                 for month in dict.fromkeys(row["month"] for row in rows))
    return Table("Detections on the route in two turns of 2022",
                 ("month", "documented", *(NOTES.get(name, name) for name in arms)), body, "Simulated: mean (band).")


def stay_table(stays) -> Table:
    """Table of the mean stay in centres by year and arm."""
    body = tuple((arm(row), row["year"], documented(row), with_ends(row, ("mean", "low", "high"), 1))
                 for row in stays)
    return Table("Mean stay in centres [nights]", ("arm", "year", "documented", "simulated"), body,
                 "Simulated: nights in camps for each registered person, mean (band).")


def documented(row) -> Cell:
    """The documented number; empty if there is none."""
    value = value_of(row, "documented")
    return Number(value, 0) if math.isfinite(value) else ""


def sample(fits) -> dict[str, str]:
    """Replicates of an arm and scale of the runs."""
    return {"replicates": fits[0]["replicates"], "scale": number(value_of(fits[0], "scale"), 2)} if fits else {}


def quoted_months(months) -> dict[str, str]:
    """By series and arm: how many documented months there are, how many lie inside the band, and which do not.

    Of detections also which months of spring 2022 and which of the winter after it do not.
    """
    values = {}
    for row in months:
        if math.isfinite(value_of(row, "documented")):
            at = f"{row['series']}_{short(row)}"
            count, within, outside = values.get(at, (0, 0, ()))
            values[at] = (count + 1, within + inside(row), outside + (() if inside(row) else (row["month"],)))
    named = {}
    for at, (count, within, outside) in values.items():
        named |= {f"months_{at}": str(count), f"inside_{at}": str(within),
                  f"outside_{at}": ", ".join(outside) or "none"}
        for name, turn in (("spring", SPRING), ("winter", WINTER)):
            named[f"{name}_{at}"] = ", ".join(month for month in outside if month in turn) or "none"
    return named


def late_2022() -> dict[str, str]:
    """Documented registrations and detections of November and December 2022."""
    detections = series.monthly("detections_route")
    registered = {figure.date: figure.value for figure in series.of("registered_period")}
    return {"late_registered": number(registered["2022-11/2022-12"], 0),
            "late_detected": number(sum(detections[np.datetime64(m)] for m in ("2022-11", "2022-12")), 0)}


def quoted_stays(stays) -> dict[str, str]:
    """Simulated stays by arm and year."""
    return {f"stay_{short(row)}_{row['year']}": number(value_of(row, "mean"), 0) for row in stays}


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
