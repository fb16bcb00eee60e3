"""Arrivals by group of nationality from January 2021 to September 2023, of which two series are noisy sights.

    ln A_o,t − ln A_o,t−1 ~ N(0, WANDER²)                arrivals of group o in month t are latent
    ln D_o,t ~ N(ln m (T_t/T₀)^−γ Σ_s K_ts A_o,s, DETECTED²)     detections by nationality, T = Σ_o Σ_s K_ts A_o,s
    ln G_t   ~ N(ln Σ_o ρ_o A_o,t, REGISTERED²)          registrations of all; a published sum of a gap counts once
    share of o in the registrations of 2022 ~ N(ρ_o A_o / Σ ρ A, SHARE²)

Arrivals are people who try on this route: K is the delay of the reduced model, and m the
detections of one at T₀ a month, the same for all groups.  m and γ are as the whole model shows them: the thicker the
traffic, the fewer detections an arrival has there (no such fall is seen in the record, so arrivals of busy months are
what the model needs to give the detections, and may be too many).
ρ_o is registrations per arrival of a group; it can exceed 1, since many who are registered go on by other routes.
Largest posterior density by least squares; intervals are those of its normal approximation.  Nothing is later than
September 2023.  The level rests on the prior of m: only ρ/m is measured.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from sim.registry import series
from sim.studies.episodes.reduction import detected
from sim.studies.history.arrivals import WINDOW, days

# Nationalities of each group; `other` is all the rest.  IND and TUN needed no visa for Serbia until winter 2022-23.
GROUPS = {"SYR": ("SYR",), "AFG": ("AFG",), "TUR": ("TUR",), "visa_free": ("IND", "TUN"), "other": ()}
# ln ρ as mean and standard deviation (assumed).  Those who fly in without a visa are hardly registered.
REGISTRATIONS = {"SYR": (0.0, 0.7), "AFG": (0.0, 0.7), "TUR": (np.log(0.15), 0.7),
                 "visa_free": (np.log(0.15), 0.7), "other": (0.0, 0.7)}
SHARES_2022 = {"AFG": 0.36, "SYR": 0.29}  # registrations by nationality (KIRS, the source of migrants.origin_shares)
WANDER, DETECTED, REGISTERED, SHARE = 0.3, 0.08, 0.15, 0.03  # standard deviations; assumed
DETECTIONS = (0.0, 0.05)  # prior of ln m at `TRAFFIC` arrivals a month; both from a regression of ln(D/KA) on ln KA of
TRAFFIC, FALL = 8000.0, 0.31  # simulated months of history_registered and a first history_nationality (scale 0.1): γ
COMING = (np.datetime64("2021-11"), np.datetime64("2022-10"))  # months in which the visa-free came
VISAS = "2022-11-20"  # Serbia asks visas of Tunisians; of Indians from 1 January 2023
BEFORE = 2  # months before the window, whose arrivals are as in its first month


class Latent(NamedTuple):
    """Arrivals by group and month (groups, months) with the ends of 90 %, registrations and detections per arrival."""

    arrivals: np.ndarray
    low: np.ndarray
    high: np.ndarray
    registered: np.ndarray  # (groups,)
    detections: float


def kernel(parameters) -> np.ndarray:
    """Share of the detections of a month's arrivals that falls in each month (months, months), without any answer."""
    months = np.arange(WINDOW[0] - BEFORE, WINDOW[-1] + 1)
    number = np.ones(len(months))
    draws = {"arrival_response": 0 * number, "arrival_network": 0 * number, "news_delay": 0 * number,
             "presence_memory": 0 * number, "presence_staging": 0 * number}
    of_night = np.repeat(np.arange(len(months)), days(months))
    pressure = 1 + (of_night[:, None] == np.arange(len(months)))  # one column a month with twice the usual arrivals
    more = detected(parameters, draws, pressure, 0.0 * pressure) - 1
    by_month = np.array([more[of_night == month].sum(axis=0) for month in range(len(months))])
    by_month = by_month / days(months)  # detections of a month for each arrival of a month
    by_month[:, BEFORE] += by_month[:, :BEFORE].sum(axis=1)
    return by_month[BEFORE:, BEFORE:]


def by_group() -> np.ndarray:
    """Detections by group and month (groups, months)."""
    named = [who for group in GROUPS.values() for who in group]
    everybody = {who for route, who in series.detections() if route == "western_balkan"}
    rows = []
    for group in GROUPS.values():
        rows.append(series.detected("western_balkan", WINDOW, everybody - set(group) if group else named))
    return np.maximum(np.array(rows), 1.0)


def sums(registrations: np.ndarray) -> np.ndarray:
    """Registrations (months,) summed as they were published: by month, or over a gap."""
    return np.array([registrations[(first <= WINDOW) & (last >= WINDOW)].sum() for first, last, _ in published()])


def published() -> list[tuple]:
    """First month, last month and value of the published registrations."""
    figures = [*series.of("registered_month"), *series.of("registered_period")]
    return [(f.first_month, f.last_month, f.value) for f in figures if f.first_month >= WINDOW[0]]


def expected(level: float, reached: np.ndarray) -> np.ndarray:
    """Detections by group and month (groups, months) if `reached` arrivals come to attempt; level: ln m."""
    return np.exp(level) * (reached.sum(axis=0) / TRAFFIC) ** -FALL * reached


def estimate(parameters) -> Latent:
    """Latent arrivals from all sights."""
    delay, seen, told = kernel(parameters), by_group(), np.array([value for *_, value in published()])
    groups, months = seen.shape
    prior = np.array([REGISTRATIONS[name] for name in GROUPS])
    of_2022 = WINDOW.astype("datetime64[Y]") == np.datetime64("2022")
    known = [list(GROUPS).index(name) for name in SHARES_2022]

    def parts(x):
        return np.exp(x[: groups * months].reshape(groups, months)), np.exp(x[-groups - 1:-1]), x[-1]

    def residuals(x):
        arrivals, share, level = parts(x)
        registered = share[:, None] * arrivals
        year = registered[:, of_2022].sum(axis=1)
        return np.concatenate([
            (np.diff(np.log(arrivals), axis=1) / WANDER).ravel(),
            ((np.log(seen) - np.log(expected(level, arrivals @ delay.T))) / DETECTED).ravel(),
            (np.log(told) - np.log(sums(registered.sum(axis=0)))) / REGISTERED,
            (year[known] / year.sum() - list(SHARES_2022.values())) / SHARE,
            (x[-groups - 1:-1] - prior[:, 0]) / prior[:, 1], [(level - DETECTIONS[0]) / DETECTIONS[1]]])

    start = np.concatenate([np.log(seen).ravel(), prior[:, 0], [0.0]])
    found = least_squares(residuals, start)
    spread = np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))[: groups * months].reshape(groups, months)
    arrivals, share, level = parts(found.x)
    return Latent(arrivals, arrivals * np.exp(-1.645 * spread), arrivals * np.exp(1.645 * spread), share,
                  float(np.exp(level)))


def visas(latent: Latent) -> tuple[float, list[tuple]]:
    """Share of the visa-free origin while nothing kept it, and (first date, last date, factor on it) of other periods.

    Before its rise and after the visas the factor is the mean odds of being of that group over those while it came.
    """
    mine, rest = latent.arrivals[list(GROUPS).index("visa_free")], latent.arrivals.sum(axis=0)
    rest = rest - mine
    (first, last) = COMING
    earlier, later = np.less(WINDOW, first), np.greater(WINDOW, last)
    came = ~(earlier | later)
    odds = mine[came].sum() / rest[came].sum()
    factors = [mine[part].sum() / rest[part].sum() / odds for part in (earlier, later)]
    day = np.timedelta64(1, "D")
    return float(odds / (1 + odds)), [
        (str(WINDOW[0].astype("datetime64[D]")), str(first.astype("datetime64[D]") - day), round(factors[0], 4)),
        (VISAS, str(series.LAST), round(factors[1], 4))]


def visa_factor(records) -> np.ndarray:
    """Mean factor on the visa-free origin by month of the window, given `visas`."""
    nights = np.arange(WINDOW[0].astype("datetime64[D]"), series.LAST + np.timedelta64(1, "D"))
    factor = np.ones(len(nights))
    for first, last, strength in records:
        factor[(nights >= np.datetime64(first)) & (nights <= np.datetime64(last))] *= strength
    return np.array([factor[nights.astype("datetime64[M]") == month].mean() for month in WINDOW])


def table(latent: Latent) -> list[dict]:
    """Rows of the table of latent arrivals: month, group, arrivals with 90 %, registrations of one."""
    return [{"month": str(month), "group": group, "arrivals": round(float(latent.arrivals[o, t]), 1),
             "low": round(float(latent.low[o, t]), 1), "high": round(float(latent.high[o, t]), 1),
             "registrations": round(float(latent.registered[o]), 4)}
            for o, group in enumerate(GROUPS) for t, month in enumerate(WINDOW)]
