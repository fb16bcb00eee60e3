"""Two models of arrivals from January 2021 to September 2023.

`history_growth` uses the model's own season and one period of growth: the rate is constant until June 2021, grows by
the same factor each month until July 2022 and is constant again, so that both yearly totals of registrations are met.
It uses two numbers of the data and no month.
`history_registered` uses registrations in centres month by month; the published total of a gap between published months
is spread over the gap by the season.  No registrations of 2023 are published up to September: registrations of 2023 are
inferred from detections at the ratio of 2022, so detections of 2023 are no test of this arm.

Registrations are the share `observation.registered` of arrivals.  `python -m sim history` writes both scenarios.
"""

import numpy as np
from scipy.optimize import brentq

from sim.registry import series
from sim.world.calendar import Calendar

FIRST, MONTHS = np.datetime64("2021-01"), 33
WINDOW = np.arange(FIRST, FIRST + np.timedelta64(MONTHS, "M"))  # months, 2021-01 to 2023-09
GROWS = (np.datetime64("2021-06"), np.datetime64("2022-07"))  # last month before the growth and first month after it
NIGHTS = int((series.LAST - FIRST.astype("datetime64[D]")).astype(int)) + 1
WARMUP = 120  # nights


def days(months) -> np.ndarray:
    """Length of each month in days."""
    months = np.asarray(months, "datetime64[M]")
    return ((months + np.timedelta64(1, "M")).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)


def season(parameters) -> np.ndarray:
    """The model's seasonal factor of arrivals by month of the window, as the mean over the month's days."""
    calendar = Calendar(parameters)
    nights = np.arange(NIGHTS) + calendar.night_of(str(FIRST) + "-01")
    by_night = np.array([calendar.season(night) for night in nights])
    month = (FIRST.astype("datetime64[D]") + np.arange(NIGHTS).astype("timedelta64[D]")).astype("datetime64[M]")
    return np.array([by_night[month == m].mean() for m in WINDOW])


def growth(parameters, registered_share: float) -> tuple[float, np.ndarray]:
    """Arrivals per night before the growth, and the factor on them by month (`history_growth`)."""
    shape, length = season(parameters), days(WINDOW)
    months = np.clip((WINDOW - GROWS[0]).astype(int) / (GROWS[1] - GROWS[0]).astype(int), 0, 1)
    of_year = {number: WINDOW.astype("datetime64[Y]") == np.datetime64(str(number)) for number in (2021, 2022)}

    def total(number, factor):
        return float((length * shape * factor**months)[of_year[number]].sum())

    totals = {number: series.year("registered_year", number) / registered_share for number in of_year}
    factor = brentq(lambda f: total(2022, f) / total(2021, f) - totals[2022] / totals[2021], 0.5, 10)
    return totals[2021] / total(2021, factor), factor**months


def registered(parameters) -> np.ndarray:
    """Registrations by month of the window (`history_registered`)."""
    known, shape = series.monthly("registered_month"), season(parameters) * days(WINDOW)
    values = np.array([known.get(month, np.nan) for month in WINDOW])
    for gap in series.of("registered_period"):
        inside = (gap.first_month <= WINDOW) & (gap.last_month >= WINDOW)
        values[inside] = gap.value * shape[inside] / shape[inside].sum()
    detections = np.array(list(series.monthly("detections_route").values()))
    of_2022 = WINDOW.astype("datetime64[Y]") == np.datetime64("2022")
    later = np.isnan(values)
    values[later] = detections[later] * values[of_2022].sum() / detections[of_2022].sum()
    return values


def before(registered_share: float) -> float:
    """Arrivals per night in 2020, with which the warm-up runs."""
    return series.year("registered_year", 2020) / 366 / registered_share


def steps(factors, of=WINDOW, digits: int = 4) -> list[dict]:
    """Dated factors on arrivals: one record for each period of months `of` with the same factor other than 1."""
    rows = []
    for month, length, factor in zip(of, days(of), factors):
        factor = round(float(factor), digits)
        if rows and rows[-1]["factor"] == factor:
            rows[-1]["nights"] += int(length)
        else:
            rows.append({"date": f"{month}-01", "nights": int(length), "factor": factor})
    return [row for row in rows if row["factor"] != 1]
