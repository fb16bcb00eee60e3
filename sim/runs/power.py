"""How many replicates are needed: a pilot's spread says.

Every point is compared with the first point of its own scenario, and with the reference scenario at the same values:
the differences that analyses report are of this kind.
"""

import sys

import numpy as np

from sim.registry.outcomes import primary
from sim.statistics.summary import needed, pilot_text, smallest_effect


def by_power(plan, journals) -> int | None:
    """Replicates that the pilot's spread asks for, at most `most_replicates`; None where the pilot is enough."""
    most, pilot = plan.settings["most_replicates"], max(point.replicates for point in plan.points)
    if not most or most <= pilot or journals.missing(plan):
        return None
    wanted, which = most_needed(plan.points, plan.settings["reference"], journals.runs)
    if wanted <= pilot:
        return None
    print(pilot_text(pilot, wanted, which, most), file=sys.stderr, flush=True)
    return int(min(wanted, most))


def most_needed(points, reference: str, runs: dict) -> tuple[int | float, str]:
    """Most replicates that any primary difference needs for its smallest effect of interest, and which that is.

    points: of a plan; runs: {(identity, replicate): outcomes by name}.
    """
    counts = [(count, f"{name} in {other.scenario}{place(other)}") for other, base in pairs(points, reference)
              for name in primary() if (count := replicates(name, values(other, name, runs), values(base, name, runs)))]
    return max(counts, default=(0, ""), key=lambda pair: pair[0])


def pairs(points, reference: str):
    """Every point with the points it is compared with."""
    first, same = {}, {str(point.values): point for point in points if point.scenario == reference}
    for point in points:
        base = first.setdefault(point.scenario, point)
        if base is not point:
            yield point, base
        beside = same.get(str(point.values))
        if beside is not None and point.scenario != reference:
            yield point, beside


def values(point, name: str, runs: dict) -> np.ndarray:
    """An outcome of a point's replicates; NaN where a run or its value is missing."""
    given = (runs.get((point.identity, k), {}).get(name) for k in range(point.replicates))
    return np.array([np.nan if value is None else value for value in given], float)


def replicates(name: str, other: np.ndarray, base: np.ndarray) -> int | float:
    """Replicates that one difference needs; 0 if it cannot be planned."""
    both = np.isfinite(other) & np.isfinite(base)
    bound, relative = smallest_effect(name)
    if both.sum() < 2 or bound is None:
        return 0
    smallest = bound * abs(base[both].mean()) if relative else bound
    return needed((other - base)[both], smallest) if smallest > 0 else 0


def place(point) -> str:
    """A point's values in a few words."""
    words = [f"{key}={value}" for key, value in point.values.items() if not isinstance(value, (list, dict))]
    return f" at {', '.join(words[:3])}" if words else ""
