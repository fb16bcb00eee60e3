"""Arrivals by group of nationality from September 2020 to September 2023, of which two series are noisy sights.

    ln A_o,t − ln A_o,t−1 ~ N(0, WANDER²)                arrivals of group o in month t are latent
    ln D_o,t ~ N(ln e_t Σ_s K_ts A_o,s, DETECTED²)       detections by nationality
    ln G_t   ~ N(ln Σ_o ρ_o A_o,t, REGISTERED²)          registrations of all; a published sum of a gap counts once
    share of o in the registrations of 2022 ~ N(ρ_o A_o / Σ ρ A, SHARE²)
    Λ_t = Σ_o A_o,t / f_t                                those who would come if news of the border were unchanged

Arrivals are people who try on this route: K is the delay of the reduced model.  e_t, the detections of one arrival, and
f_t, the answer of arrivals to news (`sim.world.news`), are as finished runs of the whole model show them
(`sim.studies.history.shown`), so that the whole model driven by Λ gives the detections: a fixed point, reached by
running, estimating again and running again.  Detections are then an input of these arrivals and no test of them.
ρ_o is registrations per arrival of a group; it can exceed 1, since many who are registered go on by other routes.
Largest posterior density by least squares; intervals and draws are those of its normal approximation.  They leave out
the uncertainty of e, f and K.  Nothing is later than September 2023.
"""

from typing import NamedTuple

import numpy as np
from numpy.random import default_rng
from scipy.optimize import least_squares

from sim.registry import series
from sim.studies.episodes.reduction import detected
from sim.studies.history.arrivals import FIRST, WINDOW, days
from sim.studies.history.shown import Shown

# Nationalities of each group; `other` is all the rest.  Serbia asked visas of Tunisians and Indians from dates in
# series.csv (`visa_required`).
GROUPS = {"SYR": ("SYR",), "AFG": ("AFG",), "TUR": ("TUR",), "visa_free": ("IND", "TUN"), "other": ()}
# ln ρ as mean and standard deviation (assumed).  Those who fly in without a visa are hardly registered.
REGISTRATIONS = {"SYR": (0.0, 0.7), "AFG": (0.0, 0.7), "TUR": (np.log(0.15), 0.7),
                 "visa_free": (np.log(0.15), 0.7), "other": (0.0, 0.7)}
SHARES_2022 = {"AFG": 0.36, "SYR": 0.29}  # registrations by nationality (KIRS, the source of migrants.origin_shares)
WANDER, DETECTED, REGISTERED, SHARE = 0.3, 0.08, 0.15, 0.03  # standard deviations; assumed
RISE = np.datetime64("2021-11")  # from this month on the visa-free came in numbers
MONTHS = np.arange(np.datetime64("2020-09"), WINDOW[-1] + 1)  # those of the warm-up come first
WITHIN = MONTHS >= FIRST
EARLIER = 2  # months before them that bring detections in them
DRAWS, SEED = 64, 1  # stored draws of arrivals, and their seed


class Latent(NamedTuple):
    """Arrivals by group and month (groups, months) with the ends of 90 %, registrations of one arrival, and draws."""

    arrivals: np.ndarray
    low: np.ndarray
    high: np.ndarray
    registered: np.ndarray  # (groups,)
    draws: np.ndarray  # (DRAWS, months): arrivals of all groups relative to the estimate


def kernel(parameters) -> np.ndarray:
    """Detections of each month for an arrival of each month (months, months), without any answer.

    Months before the first count as that month, so arrivals are taken to have been as many in them.
    """
    months = np.arange(MONTHS[0] - EARLIER, MONTHS[-1] + 1)
    none = np.zeros(len(months))
    draws = {"arrival_response": none, "arrival_network": none, "news_delay": none, "presence_memory": none,
             "presence_staging": none}
    of_night = np.repeat(np.arange(len(months)), days(months))
    pressure = 1 + (of_night[:, None] == np.arange(len(months)))  # one column a month with twice the usual arrivals
    more = detected(parameters, draws, pressure, 0.0 * pressure) - 1
    by_month = np.array([more[of_night == month].sum(axis=0) for month in range(len(months))]) / days(months)
    by_month[:, EARLIER] += by_month[:, :EARLIER].sum(axis=1)
    return by_month[EARLIER:, EARLIER:]


def by_group() -> np.ndarray:
    """Detections by group and month (groups, months)."""
    named = [who for group in GROUPS.values() for who in group]
    everybody = {who for route, who in series.detections() if route == "western_balkan"}
    rows = []
    for group in GROUPS.values():
        rows.append(series.detected("western_balkan", MONTHS, everybody - set(group) if group else named))
    return np.maximum(np.array(rows), 1.0)


def sums(registrations: np.ndarray) -> np.ndarray:
    """Registrations (months,) summed as they were published: by month, or over a gap."""
    return np.array([registrations[(first <= MONTHS) & (last >= MONTHS)].sum() for first, last, _ in published()])


def published() -> list[tuple]:
    """First month, last month and value of the published registrations."""
    figures = [*series.of("registered_month"), *series.of("registered_period")]
    return [(f.first_month, f.last_month, f.value) for f in figures if f.first_month >= WINDOW[0]]


def estimate(parameters, shown: Shown) -> Latent:
    """Latent arrivals from all sights."""
    delay, seen, told = kernel(parameters), by_group(), np.array([value for *_, value in published()])
    groups, months = seen.shape
    size = groups * months
    prior = np.array([REGISTRATIONS[name] for name in GROUPS])
    of_2022 = MONTHS.astype("datetime64[Y]") == np.datetime64("2022")
    known = [list(GROUPS).index(name) for name in SHARES_2022]

    def parts(x):
        return np.exp(x[:size].reshape(groups, months)), np.exp(x[size:])

    def residuals(x):
        arrivals, share = parts(x)
        registered = share[:, None] * arrivals
        year = registered[:, of_2022].sum(axis=1)
        return np.concatenate([
            (np.diff(np.log(arrivals), axis=1) / WANDER).ravel(),
            ((np.log(seen) - np.log(each * (arrivals @ delay.T))) / DETECTED).ravel(),
            (np.log(told) - np.log(sums(registered.sum(axis=0)))) / REGISTERED,
            (year[known] / year.sum() - list(SHARES_2022.values())) / SHARE,
            (x[size:] - prior[:, 0]) / prior[:, 1]])

    each = shown.detections / (delay @ shown.arrivals)  # e
    found = least_squares(residuals, np.concatenate([np.log(seen).ravel(), prior[:, 0]]))
    spread = np.linalg.inv(found.jac.T @ found.jac)[:size, :size]
    arrivals, share = parts(found.x)
    ends = np.exp(1.645 * np.sqrt(np.diag(spread))).reshape(groups, months)
    return Latent(arrivals, arrivals / ends, arrivals * ends, share, drawn(arrivals, spread))


def drawn(arrivals, spread) -> np.ndarray:
    """Draws (DRAWS, months) of the arrivals of all groups, relative to the estimate, from the normal approximation."""
    normal = default_rng(SEED).standard_normal((DRAWS // 2, spread.shape[0]))
    normal = np.concatenate([normal, -normal]).reshape(2, DRAWS // 2, -1).swapaxes(0, 1).reshape(DRAWS, -1)
    around = np.exp(normal @ np.linalg.cholesky(spread).T).reshape(DRAWS, *arrivals.shape)
    return (around * arrivals).sum(axis=1) / arrivals.sum(axis=0)


def visas(latent: Latent) -> tuple[float, list[tuple]]:
    """Share of the visa-free origin while nothing kept it, and (first date, last date, factor on it) of other periods.

    The periods are the months before its rise, and those from each date on from which a visa was asked (the month after
    a date within it).  Factors are the mean odds of being of that group over those while it came freely.
    """
    mine = latent.arrivals[list(GROUPS).index("visa_free")]
    rest, day = latent.arrivals.sum(axis=0) - mine, np.timedelta64(1, "D")
    dates = [np.datetime64(figure.date) for figure in series.of("visa_required")]
    starts = [date.astype("datetime64[M]") + (date.astype("datetime64[M]") < date) for date in dates]
    came = (MONTHS >= RISE) & (dates[0].astype("datetime64[M]") > MONTHS)
    odds = mine[came].sum() / rest[came].sum()
    first = MONTHS[0].astype("datetime64[D]")
    periods = [(MONTHS < RISE, first, RISE.astype("datetime64[D]") - day)]
    for start, begin, end in zip(starts, dates, [*dates[1:], series.LAST + day]):
        periods.append(((start <= MONTHS) & ((end - day).astype("datetime64[M]") >= MONTHS), begin, end - day))
    return float(odds / (1 + odds)), [(str(begin), str(end), round(mine[part].sum() / rest[part].sum() / odds, 3))
                                      for part, begin, end in periods]


def visa_factor(records) -> np.ndarray:
    """Mean factor on the visa-free origin by month of the latent arrivals, given `visas`."""
    nights = np.arange(MONTHS[0].astype("datetime64[D]"), series.LAST + np.timedelta64(1, "D"))
    factor = np.ones(len(nights))
    for first, last, strength in records:
        factor[(nights >= np.datetime64(first)) & (nights <= np.datetime64(last))] *= strength
    return np.array([factor[nights.astype("datetime64[M]") == month].mean() for month in MONTHS])


def table(latent: Latent) -> list[dict]:
    """Rows of the table of latent arrivals: month, group, arrivals with 90 %, registrations of one."""
    return [{"month": str(month), "group": group, "arrivals": round(float(latent.arrivals[o, t]), 1),
             "low": round(float(latent.low[o, t]), 1), "high": round(float(latent.high[o, t]), 1),
             "registrations": round(float(latent.registered[o]), 3)}
            for o, group in enumerate(GROUPS) for t, month in enumerate(MONTHS)]


def table_of_draws(latent: Latent) -> list[dict]:
    """Rows of the table of draws: month, and for each draw the arrivals of all groups relative to the estimate."""
    return [{"month": str(month), **{f"draw_{k + 1}": round(float(draw), 3) for k, draw in enumerate(draws)}}
            for month, draws in zip(MONTHS, latent.draws.T)]
