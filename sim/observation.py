"""Observed series: what patrols, camps, the press and NGOs would report about a run.

    observe(record.nights, parameters, seed)    columns by month; a pure function that changes no run

The n events of a month m are observed with coverage c as

    y ~ Binomial(n, C_m),   C_m ~ Beta with mean c and variance c (1 − c) ρ,

so that E[y] = c n and Var[y] = n c (1 − c) (1 + (n − 1) ρ).  The variance exceeds the binomial one because an observer
counts well or badly for the whole month.  Coverage 1 reports every event and coverage 0 none; ρ = 0 makes reports
independent.  Each event has its own draw (`sim.world.draws`, mechanisms "seen …", which no rule uses), so that a higher
coverage adds reports and removes none.  Stocks are counts of people on the last night of the month.  Prices reach the
press as a few quotes, each of which is the mean price of the month × bias × lognormal noise.

Rules already produce two kinds of reports, because other rules depend on them: attempts that a patrol records (M7) and
clashes that become public (M12).  These are not drawn again.
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from sim.registry.parameters import registry
from sim.world.draws import Draws, poisson_quantile

MOST = 1 << 24  # largest number of events in a night or month that have different draws
VANISHING = 1e-9  # an overdispersion up to this value counts as 0


class Series(NamedTuple):
    """One observed series: its latent column and its coverage."""

    name: str
    unit: str
    truth: str  # latent column of the table of nights
    coverage: tuple[str, ...]  # keys in `observation` whose product is the coverage; "not x" means 1 − x
    spread: str  # key in `observation` of the overdispersion ρ
    facts: str  # related facts of the documents
    meaning: str
    routine: str = ""  # key of the coverage outside operations, if it differs
    stock: bool = False  # whether it counts people on the last night of the month

    def formula(self) -> str:
        """The coverage as a formula of its keys."""
        product = " × ".join(f"(1 − {k.removeprefix('not ')})" if k.startswith("not ") else k for k in self.coverage)
        return (product or "1") + (f"; {self.routine} outside operations" if self.routine else "")


SERIES = (
    Series("attempts_published", "attempts", "attempts_recorded", ("published",), "spread_official", "F2",
           "Attempts that patrols stopped or noticed, in published counts."),
    Series("interceptions_published", "persons", "interceptions", ("published",), "spread_official", "F2",
           "People intercepted, at the fence and inside, in published counts."),
    Series("detections_route", "detections", "interceptions", ("not prevented_share", "route_share"),
           "spread_official", "F2", "Interceptions inside the country, in the route's monthly detections."),
    Series("registered", "persons", "arrivals", ("registered",), "spread_official", "F19",
           "Arrivals registered in centres."),
    Series("camps_counted", "persons", "in_camp", ("camp_count",), "spread_official", "F19",
           "People in camps, counted on the last night of the month.", stock=True),
    Series("outside_counted", "persons", "outside", ("outside_count",), "spread_told", "F20",
           "People in informal places, flats or without shelter, counted in the field on that night.", stock=True),
    Series("clashes_press", "clashes", "clashes_reported", (), "spread_told", "F4",
           "Clashes that became public, as the model reports them."),
    Series("clashes_ngo", "clashes", "clashes_reported", ("ngo_clashes",), "spread_told", "F4",
           "Of these, the clashes in an NGO's list."),
    Series("moved_announced", "persons", "found_and_moved", ("announced",), "spread_official", "F3",
           "People found and moved, in announcements.", routine="announced_routine"),
    Series("suspects_announced", "persons", "suspects_arrested", ("announced",), "spread_official", "F3",
           "Suspects arrested, in announcements; never added to the people moved.", routine="announced_routine"),
    Series("weapons_announced", "rifles", "weapons_seized", ("announced",), "spread_official", "F35",
           "Rifles seized, in announcements.", routine="announced_routine"),
    Series("operations_announced", "operations", "operations", ("announced",), "spread_official", "F6 F28",
           "Operations begun that were announced."),
    Series("deaths_authorities_recorded", "persons", "deaths_authorities", ("deaths_authorities",), "spread_told",
           "F37", "Recorded deaths of people on the move in pushbacks."),
    Series("deaths_groups_recorded", "persons", "deaths_groups", ("deaths_groups",), "spread_told", "F37",
           "Recorded deaths of people on the move in holding."),
    Series("deaths_clashes_recorded", "persons", "deaths_clashes", ("deaths_clashes",), "spread_told", "F31",
           "Recorded deaths of people on the move in clashes."),
    *(Series(f"deaths_{cause}_recorded", "persons", f"deaths_{cause}", ("deaths_environment",), "spread_told", "F37",
             f"Recorded deaths of people on the move, {words}.")
      for cause, words in (("drowning", "drowned"), ("vehicle", "in traffic"), ("exposure", "of exposure"),
                           ("other", "by other accidents"))),
    Series("members_killed_recorded", "persons", "fighters_killed", ("deaths_clashes",), "spread_told", "F5",
           "Members of groups recorded as killed."),
    Series("attacks_counted", "attacks", "officers_attacked", ("attacks",), "spread_official", "F13",
           "Attacks on officers, as counted."),
    Series("abductions_known", "persons", "abductions", ("abductions",), "spread_told", "F22 F23 F29",
           "Abductions that NGOs heard of, in the month they began."),
)
PRICES = {  # columns that are computed from quotes: unit, meaning
    "price_quotes": ("quotes", "Prices that journalists heard in the month."),
    "price_quoted": ("EUR", "Mean of these quotes; empty in a month without one."),
    "price_as_high_as": ("EUR", "Highest of them."),
}
COLUMNS = ("date", "price_mean", "operation", "informal", "flat", "unsheltered",
           *dict.fromkeys(s.truth for s in SERIES if s.truth != "outside"))  # columns read from nights


def observe(nights: dict, parameters, seed: int, sample: int = 0) -> dict[str, np.ndarray]:
    """Observed series by calendar month: columns `month`, `nights`, one per series, and those of `PRICES`.

    nights: columns of the nights of a record, at least `COLUMNS`; parameters: validated parameters, of which the group
    `observation` is used; seed: seed of the run; sample: number of the observation of this run, each with other draws.
    """
    months, draws = Months(nights["date"]), Draws(seed)
    columns = {"month": months.first.astype("datetime64[D]"), "nights": months.lengths}
    for series in SERIES:
        if series.stock:
            seen = seen_stock(series, nights, months, parameters.observation, draws, sample)
        else:
            seen = months.sum(seen_nightly(series, nights, months, parameters.observation, draws, sample))
        columns[series.name] = seen
    return columns | quotes(nights, months, parameters.observation, draws, sample)


def observe_nights(nights: dict, parameters, seed: int, sample: int = 0) -> dict[str, np.ndarray]:
    """Observed flows by night, which sum to those of `observe`; stocks and prices exist by month only."""
    months, draws = Months(nights["date"]), Draws(seed)
    columns = {"date": np.asarray(nights["date"])}
    return columns | {s.name: seen_nightly(s, nights, months, parameters.observation, draws, sample)
                      for s in SERIES if not s.stock}


class Months:
    """The calendar months of the nights of a run."""

    def __init__(self, dates):
        """dates: the date of each night, in order."""
        self.first, self.place, self.lengths = np.unique(np.asarray(dates, "datetime64[M]"), return_inverse=True,
                                                         return_counts=True)
        self.keys = self.first.astype(int) + 12 * 2000  # months since the year −30, which are not negative
        self.last = np.cumsum(self.lengths) - 1  # index of the last night of each month

    def sum(self, values) -> np.ndarray:
        """Sums by month of whole numbers by night."""
        return np.bincount(self.place, values, len(self.first)).astype(np.int64)


def coverage(series: Series, settings, operation) -> np.ndarray:
    """Mean coverage by night, or by month for stocks; `operation` tells when a police operation is in progress."""
    product = 1.0
    for key in series.coverage:
        product *= 1 - getattr(settings, key.removeprefix("not ")) if key.startswith("not ") else getattr(settings, key)
    usual = getattr(settings, series.routine) if series.routine else product
    return np.where(operation, product, usual)


def drawn_coverage(mean, spread: float, uniforms) -> np.ndarray:
    """Quantiles of Beta distributions with variance mean (1 − mean) spread; the mean itself if that vanishes."""
    mean, uniforms = np.broadcast_arrays(np.asarray(mean, float), uniforms)
    drawn = mean.copy()
    inside = (mean > 0) & (mean < 1)
    if spread >= 1:  # coverage is 0 or 1
        drawn[inside] = uniforms[inside] < mean[inside]
    elif spread > VANISHING:
        weight = 1 / spread - 1
        quantile = betaincinv(mean[inside] * weight, (1 - mean[inside]) * weight, uniforms[inside])
        # In floating point, means close to 0 or 1 may have no quantile.
        drawn[inside] = np.where(np.isfinite(quantile), quantile, mean[inside])
    return drawn


def seen(truth, chance, name: str, keys, draws, sample: int) -> np.ndarray:
    """Number of events that are observed, by night or month; each event has its own draw.

    truth: number of events; chance: coverage; keys: non-negative whole numbers that identify the nights or months.
    """
    truth = np.asarray(truth, np.int64)
    where = np.repeat(np.arange(len(truth)), truth)
    first = np.cumsum(truth) - truth
    events = np.asarray(keys, np.int64)[where] * MOST + np.arange(len(where)) - first[where]
    observed = draws.uniform(f"seen {name}", 0, events, sample) < np.asarray(chance)[where]
    return np.bincount(where[observed], minlength=len(truth)).astype(np.int64)


def seen_nightly(series: Series, nights, months: Months, settings, draws, sample) -> np.ndarray:
    """An observed flow by night; its coverage is drawn once a month."""
    luck = draws.uniform(f"coverage {series.name}", 0, months.keys, sample)[months.place]
    mean = coverage(series, settings, np.asarray(nights["operation"]) > 0)
    chance = drawn_coverage(mean, getattr(settings, series.spread), luck)
    days = np.asarray(nights["date"], "datetime64[D]").astype(np.int64) + 366 * 2000
    return seen(nights[series.truth], chance, series.name, days, draws, sample)


def seen_stock(series: Series, nights, months: Months, settings, draws, sample) -> np.ndarray:
    """An observed stock on the last night of each month."""
    luck = draws.uniform(f"coverage {series.name}", 0, months.keys, sample)
    mean = coverage(series, settings, np.ones(len(months.last), bool))
    chance = drawn_coverage(mean, getattr(settings, series.spread), luck)
    return seen(latent(series, nights)[months.last], chance, series.name, months.keys, draws, sample)


def latent(series: Series, nights) -> np.ndarray:
    """The true values of a series by night."""
    if series.truth == "outside":
        return np.asarray(nights["informal"]) + np.asarray(nights["flat"]) + np.asarray(nights["unsheltered"])
    return np.asarray(nights[series.truth])


def truths(nights: dict) -> dict[str, np.ndarray]:
    """True values by month under the names of the observed series, and the mean price as `price_quoted`."""
    months = Months(nights["date"])
    columns = {"month": months.first.astype("datetime64[D]"), "nights": months.lengths}
    for series in SERIES:
        values = latent(series, nights)
        columns[series.name] = values[months.last] if series.stock else months.sum(values)
    return columns | {"price_quoted": mean_price(nights, months)}


def mean_price(nights, months: Months) -> np.ndarray:
    """Mean posted price by month, weighted by clients [EUR]."""
    return np.bincount(months.place, np.asarray(nights["price_mean"], float)) / months.lengths


def quotes(nights, months: Months, observation, draws, sample) -> dict[str, np.ndarray]:
    """Quotes of prices to journalists by month: their number is Poisson, and each has an upward bias and noise."""
    expected = observation.quotes * months.lengths * 12 / 365.25
    number = poisson_quantile(draws.uniform("quotes heard", 0, months.keys, sample), expected)
    where = np.repeat(np.arange(len(number)), number)
    event = months.keys[where] * MOST + np.arange(len(where)) - (np.cumsum(number) - number)[where]
    noise = (draws.lognormal("quote", 0, event, observation.quote_bias, observation.quote_sd, sample) if len(event)
             else np.zeros(0))
    quoted = mean_price(nights, months)[where] * noise
    total, highest = np.bincount(where, quoted, len(number)), np.full(len(number), -np.inf)
    np.maximum.at(highest, where, quoted)
    none = number == 0
    return {"price_quotes": number, "price_quoted": np.where(none, np.nan, total / np.maximum(number, 1)),
            "price_as_high_as": np.where(none, np.nan, highest)}


def draw_settings(configured, seed: int, sample: int) -> SimpleNamespace:
    """Parameters of observation, drawn uniformly over their plausible ranges.

    configured: the group `observation`, from which parameters without a range keep their values; sample: number of the
    draw.
    """
    entries = [e for e in registry().values() if e.key.startswith("observation.") and e.range]
    u = Draws(seed).uniform("observer", 0, np.arange(len(entries)), sample)
    values = {e.key.split(".")[1]: e.range[0] + (e.range[1] - e.range[0]) * x for e, x in zip(entries, u.tolist())}
    return SimpleNamespace(observation=SimpleNamespace(**{**vars(configured), **values}))


def observed_columns() -> dict[str, tuple[str, str]]:
    """Unit and meaning of every column of `observed.parquet` except those that identify the run."""
    columns = {"month": ("", "First day of the calendar month."), "nights": ("nights", "Recorded nights in it.")}
    return columns | {s.name: (s.unit, s.meaning) for s in SERIES} | PRICES
