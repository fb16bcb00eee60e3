"""Answers known in advance: the model's own rules, set by configuration into limits that theory solves.

    python -m sim.verify             every limit: table, figure, exit 1 if any fails
    python -m sim.verify bertrand    one of them

Each limit is a function that configures a real run (or calls a rule's own kernel) and returns `Check`s.
"""

from typing import NamedTuple


class Check(NamedTuple):
    """One number against theory; `tolerance` is absolute: 4 standard errors of the simulation, or a stated accuracy."""

    what: str
    predicted: float
    simulated: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether simulation and theory agree (a NaN never does)."""
        return abs(self.simulated - self.predicted) <= self.tolerance


def evaluate(name: str) -> list[Check]:
    """The checks of one limit."""
    return limits()[name]()


def limits() -> dict:
    """Every limit by name: a function without arguments that returns a list of checks."""
    from sim.verify import force, market, people, whole

    return {**people.LIMITS, **market.LIMITS, **force.LIMITS, **whole.LIMITS}
