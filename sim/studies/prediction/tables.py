"""Findings of the prediction, from its tables."""

import math

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import distinct, value_of, with_ends
from sim.findings.text import number
from sim.registry import series
from sim.studies.prediction.forecast import BASELINES, SHARE, described
from sim.studies.prediction.scenario import label_of
from sim.studies.prediction.scores import LEVELS, held
from sim.studies.prediction.study import SOURCES

SHOWN = ("detections_route", "moved_announced", "deaths_recorded", "price_mean")  # all are in prediction.csv
HEAD = ("arm", "series", "months", "CRPS model", "CRPS mean field", "CRPS naive", "skill on mean field",
        "skill on naive", "in 50 %", "in 95 %", "in 50 %, intervals", "in 95 %, intervals", "mean PIT")
REMARK = ("Hindcasts are scored against months that were used for the defaults and the calibration, so they are an "
          "example "
          "and no validation. CRPS is in the unit of the series. Simulated.")


def present(tables) -> Findings:
    """Return the predictions, the hindcasts, and the scores of the hindcasts."""
    model = [row for row in tables["prediction"] if row["source"] == "model"]
    last, scores = str(series.LAST)[:7], tables["hindcast"]
    shown_tables = {"months": months("Predicted months", [row for row in model if row["month"] > last], shown(model)),
             "hindcast": months("Hindcasts", [row for row in model if row["month"] <= last], shown(model)),
             "scores": score_table(scores)}
    members = max((row["members"] for row in model), key=int)
    values = {"members": members} | {f"held_{level}": number(100 * held(int(members), level), 0) for level in LEVELS}
    return Findings(shown_tables, (REMARK,), values | skills(scores))


def shown(model) -> tuple[str, ...]:
    """Names of the series shown: the main series, and the share of one corridor."""
    return (*SHOWN, next(row["series"] for row in model if row["series"].startswith(SHARE)))


def months(title: str, rows, names) -> Table:
    """Table of median and central 95 % of some series, with one row for each arm and month."""
    find = {(row["arm"], row["month"], row["series"]): row for row in rows}
    body = tuple((label_of(arm), month, *(spanned(find[arm, month, name]) for name in names))
                 for arm in distinct(rows, "arm") for month in distinct([r for r in rows if r["arm"] == arm], "month"))
    return Table(f"{title}: median and central 95 % of the runs",
                 ("arm", "month", *("{} [{}]".format(*described(name)) for name in names)), body)


def spanned(row) -> Number:
    """The median with the central 95 % of the members."""
    return with_ends(row, ("q50", "q2.5", "q97.5"), 2 if row["series"].startswith(SHARE) else 0)


def score_table(rows) -> Table:
    """Table of scores by arm and series, without empty columns."""
    body = [score_cells(row) for row in rows]
    kept = [k for k in range(len(HEAD)) if any(line[k] != "" for line in body)]
    return Table("Scores of monthly distributions", tuple(HEAD[k] for k in kept),
                 tuple(tuple(line[k] for k in kept) for line in body))


def score_cells(row) -> list[Cell]:
    """The cells of one row of scores."""
    def cell(name, digits, percent=False) -> Cell:
        value = value_of(row, name)
        if not math.isfinite(value):
            return ""
        return Number(100 * value, 0, unit="%") if percent else Number(value, digits)

    large = 0 if float(row["crps_model"]) >= 10 else 2
    return [label_of(row["arm"]), described(row["series"])[0], row["months"],
            *(cell(f"crps_{source}", large) for source in SOURCES), *(cell(f"skill_{name}", 2) for name in BASELINES),
            *(cell(f"covered_{level}{tail}", 0, True) for tail in ("", "_interval") for level in LEVELS),
            cell("pit_mean", 2)]


def skills(scores) -> dict[str, str]:
    """The model's skill over each baseline, by arm and series."""
    return {f"skill_{name}_{row['arm']}_{row['series']}": number(value_of(row, f"skill_{name}"), 2)
            for row in scores for name in BASELINES}
