"""Runs in which an organisation stays whole, and paired differences over these runs alone.

A scenario with an organisation is a mixture of runs in which it holds and runs in which it breaks. The outcome
`organisation_whole` is the share of recorded nights on which it is whole, which is 0 before it forms and after it
breaks; `organisation_breaks` counts the nights on which it ceased to be whole. A run stays whole from the first
recorded night to the last if the share is 1.
"""

import numpy as np

from sim.statistics.intervals import interval

SHARE, BREAKS = "organisation_whole", "organisation_breaks"  # outcomes
FEWEST = 3  # an interval is given for at least so many runs
# Columns of summary.csv; the first two are empty for a scenario in which no run ever has a whole organisation.
COLUMNS = ("runs_whole", "runs_broken", "pairs_whole", "difference_whole", "difference_whole_low",
           "difference_whole_high")


def stays_whole(share) -> np.ndarray:
    """Whether the organisation of each run is whole on every recorded night; `share` is the outcome SHARE."""
    return np.asarray(share, float) == 1.0


def has_organisation(share, breaks) -> bool:
    """Whether an organisation is whole on a recorded night of some run; an organisation that is not leaves no trace
    in these two outcomes."""
    return bool((np.asarray(share, float) > 0).any() or (np.asarray(breaks, float) > 0).any())


def counted(share, breaks) -> dict:
    """Number of runs in which the organisation stays whole, and of runs in which it breaks in the record."""
    return {"runs_whole": int(stays_whole(share).sum()), "runs_broken": int((np.asarray(breaks, float) > 0).sum())}


def over_whole(reference: dict, other: dict, whole: set) -> dict:
    """The mean paired difference over the replicates `whole` and its 95 % t-interval, for `FEWEST` pairs or more.

    reference, other: values of an outcome by replicate, in the outcome's unit.
    """
    n, mean, low, high = interval([other[k] - reference[k] for k in other if k in reference and k in whole])
    if n < FEWEST:
        low = high = float("nan")
    return {"pairs_whole": n, "difference_whole": mean, "difference_whole_low": low, "difference_whole_high": high}
