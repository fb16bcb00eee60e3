"""Rows of the tables of a scorecard, and texts of its numbers."""

import math

import numpy as np

from sim.findings.text import number
from sim.studies import Rows
from sim.studies.patterns.declared import Pattern
from sim.studies.patterns.score import Scorecard, held

SCORES, CONFLICTS = "patterns", "patterns_conflicts"  # names of the tables
DIGITS = 7  # significant digits on disk


# on disk -----------------------------------------------------------------------------------------------------------
def rows(card: Scorecard) -> Rows:
    """Rows of both tables."""
    return {SCORES: score_rows(card), CONFLICTS: conflict_rows(card)}


def score_rows(card: Scorecard) -> list[dict]:
    """Rows of patterns.csv, one for each pattern."""
    rows = []
    for score in card.scores:
        p, (drawn, holding) = score.pattern, held(score)
        row = {"pattern": p.id, "label": p.label, "source": p.source, "status": p.status, "kind": p.kind,
               "unit": p.unit, "low": bound(p.low), "high": bound(p.high), "basis": p.basis, "in_sample": p.in_sample,
               "disagrees": p.disagrees,
               "switched_off": terms_off(p), "n": score.value.n, "value": score.value.value,
               "value_low": score.value.low, "value_high": score.value.high, "verdict": score.verdict}
        if p.switched_off:
            row |= {"as_set": score.as_set.value, "as_set_low": score.as_set.low, "as_set_high": score.as_set.high,
                    "as_set_verdict": score.verdict_as_set}
        else:
            row |= dict.fromkeys(("as_set", "as_set_low", "as_set_high", "as_set_verdict"), "")
        rows.append({key: rounded(value) for key, value in (row | {"draws": drawn, "draws_holding": holding}).items()})
    return rows


def conflict_rows(card: Scorecard) -> list[dict]:
    """Rows of patterns_conflicts.csv, one for each pair."""
    rows = []
    for pair in card.together:
        row = dict(zip(("first", "second"), pair.conflict.pair)) | {"kind": pair.conflict.kind,
                                                                   "reason": pair.conflict.reason}
        for where, counts in (("replicates", pair.replicates), ("draws", pair.draws)):
            row |= dict(zip((where, f"first_in_{where}", f"second_in_{where}", f"both_in_{where}"), counts))
        rows.append(row)
    return rows


def bound(value: float) -> float | str:
    """A bound of a pattern; empty if it is open."""
    return value if math.isfinite(value) else ""


def rounded(value):
    """A number rounded to `DIGITS` significant digits, so that the same runs give the same text."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float | np.floating) else value


# as text -----------------------------------------------------------------------------------------------------------
def terms_off(pattern: Pattern) -> str:
    """The terms that are switched off for the test of a pattern."""
    return ", ".join(f"{key}={value}" for key, value in pattern.switched_off.items())


def short(value: float, signed: bool = False) -> str:
    """A number with about three significant digits."""
    if not math.isfinite(value):
        return "–"
    if not value:
        return "0"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return number(value, digits, signed)


def spanned(value: float, low: float, high: float) -> str:
    """A value with its interval."""
    if not math.isfinite(value):
        return "–"
    if math.isfinite(low) and math.isfinite(high):
        return f"{short(value)} ({short(low)} to {short(high)})"
    return short(value) + (f" ({bounds(low, high)})" if math.isfinite(low) or math.isfinite(high) else "")


def bounds(low: float, high: float) -> str:
    """An interval as text, open or closed."""
    if math.isinf(high):
        return f"≥ {short(low)}"
    return f"≤ {short(high)}" if math.isinf(low) else f"{short(low)} to {short(high)}"


def replicates(card: Scorecard) -> str:
    """The number of runs behind a pattern, in words."""
    numbers = sorted({score.value.n for score in card.scores if score.value.n})
    return (f"{numbers[0]} to {numbers[-1]} replicates" if len(numbers) > 1 else
            f"{numbers[0]} replicate{'s' if numbers[0] > 1 else ''}" if numbers else "no replicates")
