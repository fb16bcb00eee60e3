"""Answers known in advance: the model's own rules, set by configuration into limits that theory solves.

    python -m sim verify             every limit: table, figure, exit 1 if any fails
    python -m sim verify bertrand    one of them

Each limit is a function that configures a real run (or calls a rule's own kernel) and returns `Check`s.
"""

from sim.verify import force, market, people, whole
from sim.verify.check import Check

__all__ = ["Check", "evaluate", "limits"]


def evaluate(name: str) -> list[Check]:
    """The checks of one limit."""
    return limits()[name]()


def limits() -> dict:
    """Every limit by name: a function without arguments that returns a list of checks."""
    return {**people.LIMITS, **market.LIMITS, **force.LIMITS, **whole.LIMITS}
