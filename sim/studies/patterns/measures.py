"""One number of one run: outcomes as they stand, or computed from nights.  NaN where a run does not tell.

Counts of a run at another scale are divided by it where a level was reported.
"""

import math

import numpy as np

from sim.record import DEATHS
from sim.studies.patterns.simulated import Run

MONTH, WEEK, YEAR = 30.4, 7, 365.0  # nights
FULL = 20  # nights of a calendar month from which it counts
AFTER = 7  # nights in which an operation counts as following
CORRIDORS = ("attempts_rs_hu", "attempts_rs_ba", "attempts_rs_ro")
STOPPED = 0.8  # share of attempts from which SF20 speaks


class Unknown(Exception):
    """A run does not hold what a measure needs."""


def measured(name: str, run: Run, window: tuple[int, int] | None = None) -> float:
    """A measure, or an outcome, of a run; of some of its nights where a window (first, after the last) is given."""
    try:
        if window is not None:
            return float(WINDOWS[name](run, *window) if name in WINDOWS else total(run, name, *window))
        return float(MEASURES[name](run) if name in MEASURES else run.outcomes[name])
    except (Unknown, KeyError, ZeroDivisionError):
        return math.nan


def nights(run: Run, name: str) -> np.ndarray:
    """A nightly column; Unknown where it was not kept."""
    column = run.nights(name)
    if column is None:
        raise Unknown(name)
    return column if column.dtype.kind in "MOU" else column.astype(float)


def scale(run: Run) -> float:
    return run.parameters["scale"]


# levels ------------------------------------------------------------------------------------------------------------
def monthly_means(run: Run, name: str) -> np.ndarray:
    """Mean a night in each calendar month with enough recorded nights; of all nights where no month has."""
    column, months = nights(run, name), nights(run, "date").astype("datetime64[M]")
    means = [column[months == m].mean() for m in np.unique(months) if (months == m).sum() >= FULL]
    return np.array(means or [column.mean()])


def attempts_peak(run: Run) -> float:
    """Recorded attempts a night in the highest month."""
    return run.outcomes["attempts_peak"] / scale(run)


def all_attempts_peak(run: Run) -> float:
    """Attempts a night, recorded or not, in the highest month."""
    return monthly_means(run, "attempts").max() / scale(run)


def peak_to_mean(run: Run) -> float:
    """Interceptions of the highest month over the mean month; NaN from fewer than two months."""
    means = monthly_means(run, "interceptions")
    return means.max() / means.mean() if len(means) > 1 and means.any() else math.nan


def per_arrival(name: str):
    """An outcome by arrivals."""
    return lambda run: run.outcomes[name] / run.outcomes["arrivals"]


def repeat_share(run: Run) -> float:
    """Massey and Singer's R/A, repeat apprehensions over all.

    Who was pushed back before is recorded by attempt; R/A is the share of attempts by them if being stopped does not
    depend on the person (their own assumption).
    """
    return run.outcomes["attempts_repeat"] / run.outcomes["attempts"]


def in_camps(run: Run) -> float:
    return run.outcomes["in_camps_mean"] / scale(run)


def counted_outside(run: Run) -> float:
    """People outside camps whom field counts would see."""
    outside = sum(nights(run, name) for name in ("informal", "flat", "unsheltered")).mean()
    return outside * run.parameters["observation.outside_count"] / scale(run)


def clashes_a_night(run: Run) -> float:
    return run.outcomes["clashes"] / run.parameters["nights"] / scale(run)


def reported_clashes_a_month(run: Run) -> float:
    return MONTH * run.outcomes["clashes_reported"] / run.parameters["nights"] / scale(run)


def deaths_recorded(run: Run) -> float:
    """Deaths a year that would have been recorded, by cause and its coverage."""
    seen = sum(run.outcomes[name] * run.parameters[f"observation.{name}"] for name in DEATHS)
    return YEAR * seen / run.parameters["nights"] / scale(run)


def share_of_violence(run: Run) -> float:
    """Deaths, injuries and abductions of people on the move by others, of these and of members killed and officers
    attacked."""
    borne = sum(run.outcomes[name] for name in (
        "deaths_authorities", "deaths_groups", "deaths_clashes", "injuries_authorities", "injuries_groups",
        "injuries_clashes", "abductions"))
    return borne / (borne + run.outcomes["fighters_killed"] + run.outcomes["officers_attacked"])


def dependence(run: Run) -> float:
    """Share of attempts without a group after a pushback, less before one."""
    return run.outcomes["unaided_after_pushback"] - run.outcomes["unaided_before_pushback"]


def abduction_ratio(run: Run) -> float:
    """Abductions a person-night within so many nights of a pushback over those at other times.

    Windows of repeated pushbacks overlap and some people leave in them, so that too many nights count as at risk: the
    ratio errs low.
    """
    after = run.outcomes["abductions_after_pushback"]
    exposed = run.outcomes["pushbacks"] * run.parameters["gangs.exposure_nights"]
    others = run.outcomes["people_mean"] * run.parameters["nights"] - exposed
    return (after / exposed) / ((run.outcomes["abductions"] - after) / others) if others > 0 else math.nan


def crossings_despite(run: Run) -> float:
    """Crossings per arrival in a run in which at least four of five attempts are stopped."""
    if run.outcomes["interceptions"] < STOPPED * run.outcomes["attempts"]:
        raise Unknown("fewer are stopped")
    return per_arrival("crossings")(run)


# shapes in time ----------------------------------------------------------------------------------------------------
def weeks(column: np.ndarray) -> np.ndarray:
    """Sums over whole weeks."""
    return column[: len(column) // WEEK * WEEK].reshape(-1, WEEK).sum(axis=1)


def dispersion(run: Run) -> float:
    """Variance over mean of clashes a week; 1 for independent events at a constant rate."""
    counts = weeks(nights(run, "clashes"))
    return counts.var(ddof=1) / counts.mean() if len(counts) > 1 and counts.any() else math.nan


def operation_after_death(run: Run) -> float:
    """Chance that an operation starts within a week of a night with a death in a clash, less that of any night; nights
    on which one is going on, or a week from the end, are left out."""
    dead = nights(run, "deaths_clashes") + nights(run, "fighters_killed") > 0
    starts, going = nights(run, "operations") > 0, nights(run, "operation") > 0
    ahead = np.array([starts[k: k + AFTER].any() for k in range(len(starts) - AFTER)], bool)
    free = ~going[: len(ahead)] | starts[: len(ahead)]
    after = free & dead[: len(ahead)]
    return ahead[after].mean() - ahead[free].mean() if after.any() else math.nan


def restless_routes(run: Run) -> float:
    """Standard deviation of the change from week to week of the share of attempts in the first corridor."""
    first, *others = (weeks(nights(run, name)) for name in CORRIDORS)
    share = first / np.maximum(first + sum(others), 1.0)
    return float(np.diff(share).std(ddof=1)) if len(share) > 2 else math.nan


# windows -----------------------------------------------------------------------------------------------------------
def total(run: Run, name: str, first: int, last: int) -> float:
    """Sum over some nights; Unknown where the record ends before them."""
    column = nights(run, name)[first:last]
    if not len(column):
        raise Unknown(name)
    return column.sum()


def attempts_elsewhere(run: Run, first: int, last: int) -> float:
    """Attempts in all corridors but the first."""
    return sum(total(run, name, first, last) for name in CORRIDORS[1:])


def effective_corridors(run: Run, first: int, last: int) -> float:
    """1/Σ s² over shares s of attempts by corridor."""
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
