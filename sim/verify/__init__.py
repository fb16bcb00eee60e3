"""Verification: the model's rules in limiting cases with known analytical solutions.

    python -m sim verify             every limit: table, figure, exit 1 if any fails
    python -m sim verify bertrand    a single limit
    python -m sim verify deviation   the gate of owners' rules, which takes long and is not one of "every limit"
    python -m sim verify answers     the signs of the answer to enforcement, likewise

Each limit is a function that configures a run of the model (or calls the kernel of a rule) and returns `Check`s.
"""

from sim.verify import (
    answers,
    border,
    contest,
    deviation,
    force,
    market,
    mechanisms,
    people,
    structure,
    theory,
    whole,
    worth,
)
from sim.verify.check import Check

__all__ = ["Check", "evaluate", "limits", "quick_limits"]


def evaluate(name: str) -> list[Check]:
    """Return the checks of one limit."""
    return limits()[name]()


def limits() -> dict:
    """All limits by name: functions without arguments that return a list of checks."""
    modules = (people, answers, market, worth, contest, force, mechanisms, structure, theory, whole, border, deviation)
    return {name: limit for module in modules for name, limit in module.LIMITS.items()}


def quick_limits() -> list[str]:
    """Names of the limits that are evaluated if none is named: all but those that take minutes."""
    return [name for name in limits() if name not in deviation.LIMITS and name not in answers.LASTING]
