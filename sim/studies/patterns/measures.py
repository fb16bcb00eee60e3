"""Measures of one run: outcomes, or numbers computed from nights; NaN if a run does not define them.

Counts of a run at another scale are divided by it if a level was reported.
"""

import math

import numpy as np

from sim.record import DEATHS
from sim.studies.patterns.simulated import Run

MONTH, WEEK, YEAR = 30.4, 7, 365.0  # nights
FULL = 20  # fewest recorded nights of a calendar month that is used
AFTER = 7  # nights within which an operation counts as following a death
CORRIDORS = ("attempts_rs_hu", "attempts_rs_ba", "attempts_rs_ro")
STOPPED = 0.8  # smallest share of stopped attempts for which SF20 is defined


class Unknown(Exception):
    """A run lacks the data that a measure needs."""


def measured(name: str, run: Run, window: tuple[int, int] | None = None) -> float:
    """A measure or outcome of a run, over the nights of a window (first, after the last) if one is given."""
    try:
        if window is not None:
            return float(WINDOWS[name](run, *window) if name in WINDOWS else total(run, name, *window))
        return float(MEASURES[name](run) if name in MEASURES else run.outcomes[name])
    except (Unknown, KeyError, ZeroDivisionError):
        return math.nan


def nights(run: Run, name: str) -> np.ndarray:
    """A nightly column; Unknown if it was not recorded."""
    column = run.nights(name)
    if column is None:
        raise Unknown(name)
    return column if column.dtype.kind in "MOU" else column.astype(float)


def scale(run: Run) -> float:
    """The scale of a run."""
    return run.parameters["scale"]


# levels ------------------------------------------------------------------------------------------------------------
def monthly_means(run: Run, name: str) -> np.ndarray:
    """Mean per night in each calendar month with enough recorded nights; of all nights if no month has enough."""
    column, months = nights(run, name), nights(run, "date").astype("datetime64[M]")
    means = [column[months == m].mean() for m in np.unique(months) if (months == m).sum() >= FULL]
    return np.array(means or [column.mean()])


def attempts_peak(run: Run) -> float:
    """Recorded attempts per night in the highest month."""
    return run.outcomes["attempts_peak"] / scale(run)


def all_attempts_peak(run: Run) -> float:
    """Attempts per night, recorded or not, in the highest month."""
    return monthly_means(run, "attempts").max() / scale(run)


def peak_to_mean(run: Run) -> float:
    """Ratio of interceptions of the highest month to the mean month; NaN with fewer than two months."""
    means = monthly_means(run, "interceptions")
    return means.max() / means.mean() if len(means) > 1 and means.any() else math.nan


def per_arrival(name: str):
    """Return the measure of an outcome per arrival."""
    return lambda run: run.outcomes[name] / run.outcomes["arrivals"]


def repeat_share(run: Run) -> float:
    """Massey and Singer's R/A: repeat apprehensions over all apprehensions.

    The record counts attempts by people pushed back before; their share equals R/A if the probability of being stopped
    does not depend on the person (Massey and Singer's assumption).
    """
    return run.outcomes["attempts_repeat"] / run.outcomes["attempts"]


def in_camps(run: Run) -> float:
    """Mean number of people in camps."""
    return run.outcomes["in_camps_mean"] / scale(run)


def counted_outside(run: Run) -> float:
    """People outside camps whom field counts would record."""
    outside = sum(nights(run, name) for name in ("informal", "flat", "unsheltered")).mean()
    return outside * run.parameters["observation.outside_count"] / scale(run)


def clashes_a_night(run: Run) -> float:
    """Clashes per night."""
    return run.outcomes["clashes"] / run.parameters["nights"] / scale(run)


def reported_clashes_a_month(run: Run) -> float:
    """Reported clashes per month."""
    return MONTH * run.outcomes["clashes_reported"] / run.parameters["nights"] / scale(run)


def deaths_recorded(run: Run) -> float:
    """Recorded deaths per year: deaths by cause times the coverage of each cause."""
    seen = sum(run.outcomes[name] * run.parameters[f"observation.{name}"] for name in DEATHS)
    return YEAR * seen / run.parameters["nights"] / scale(run)


def share_of_violence(run: Run) -> float:
    """Share of people on the move among victims of violence.

    Their deaths, injuries and abductions are divided by the sum of these, of members killed and of officers attacked.
    """
    victims = sum(run.outcomes[name] for name in (
        "deaths_authorities", "deaths_groups", "deaths_clashes", "injuries_authorities", "injuries_groups",
        "injuries_clashes", "abductions"))
    return victims / (victims + run.outcomes["fighters_killed"] + run.outcomes["officers_attacked"])


def dependence(run: Run) -> float:
    """Share of attempts without a group after a pushback, minus that before one."""
    return run.outcomes["unaided_after_pushback"] - run.outcomes["unaided_before_pushback"]


def abduction_ratio(run: Run) -> float:
    """Ratio of abductions per person-night within the exposure nights after a pushback to those at other times.

    Windows of repeated pushbacks overlap and some people leave in them, so too many nights count as exposed and the
    ratio is biased downwards.
    """
    after = run.outcomes["abductions_after_pushback"]
    exposed = run.outcomes["pushbacks"] * run.parameters["gangs.exposure_nights"]
    others = run.outcomes["people_mean"] * run.parameters["nights"] - exposed
    return (after / exposed) / ((run.outcomes["abductions"] - after) / others) if others > 0 else math.nan


def crossings_despite(run: Run) -> float:
    """Crossings per arrival of a run in which at least four of five attempts are stopped; Unknown otherwise."""
    if run.outcomes["interceptions"] < STOPPED * run.outcomes["attempts"]:
        raise Unknown("fewer are stopped")
    return per_arrival("crossings")(run)


# shapes in time ----------------------------------------------------------------------------------------------------
def weeks(column: np.ndarray) -> np.ndarray:
    """Sums of a nightly column over whole weeks."""
    return column[: len(column) // WEEK * WEEK].reshape(-1, WEEK).sum(axis=1)


def dispersion(run: Run) -> float:
    """Index of dispersion of weekly clashes (variance over mean); 1 for a Poisson process."""
    counts = weeks(nights(run, "clashes"))
    return counts.var(ddof=1) / counts.mean() if len(counts) > 1 and counts.any() else math.nan


def operation_after_death(run: Run) -> float:
    """Probability that an operation starts within a week of a night with a death in a clash, minus that of any night.

    Nights during an operation and the last week of the record are excluded.
    """
    dead = nights(run, "deaths_clashes") + nights(run, "fighters_killed") > 0
    starts, going = nights(run, "operations") > 0, nights(run, "operation") > 0
    ahead = np.array([starts[k: k + AFTER].any() for k in range(len(starts) - AFTER)], bool)
    free = ~going[: len(ahead)] | starts[: len(ahead)]
    after = free & dead[: len(ahead)]
    return ahead[after].mean() - ahead[free].mean() if after.any() else math.nan


def restless_routes(run: Run) -> float:
    """Standard deviation of the weekly change of the share of attempts in the first corridor."""
    first, *others = (weeks(nights(run, name)) for name in CORRIDORS)
    share = first / np.maximum(first + sum(others), 1.0)
    return float(np.diff(share).std(ddof=1)) if len(share) > 2 else math.nan


# windows -----------------------------------------------------------------------------------------------------------
def total(run: Run, name: str, first: int, last: int) -> float:
    """Sum over the nights of a window; Unknown if the record ends before it."""
    column = nights(run, name)[first:last]
    if not len(column):
        raise Unknown(name)
    return column.sum()


def attempts_elsewhere(run: Run, first: int, last: int) -> float:
    """Attempts in all corridors except the first."""
    return sum(total(run, name, first, last) for name in CORRIDORS[1:])


def effective_corridors(run: Run, first: int, last: int) -> float:
    """Effective number of corridors, 1/Σ s² over shares s of attempts."""
    counts = np.array([total(run, name, first, last) for name in CORRIDORS])
    return counts.sum() ** 2 / (counts**2).sum() if counts.any() else math.nan


MEASURES = {
    "attempts_peak": attempts_peak, "all_attempts_peak": all_attempts_peak, "peak_to_mean": peak_to_mean,
    "interceptions_per_arrival": per_arrival("interceptions"), "gross_per_arrival": per_arrival("gross_income"),
    "repeat_share": repeat_share, "in_camps": in_camps, "counted_outside": counted_outside,
    "clashes_a_night": clashes_a_night, "reported_clashes_a_month": reported_clashes_a_month,
    "deaths_recorded": deaths_recorded, "share_of_violence": share_of_violence, "dependence": dependence,
    "abduction_ratio": abduction_ratio, "crossings_despite": crossings_despite, "dispersion": dispersion,
    "operation_after_death": operation_after_death, "restless_routes": restless_routes,
}
WINDOWS = {"attempts_elsewhere": attempts_elsewhere, "effective_corridors": effective_corridors}
