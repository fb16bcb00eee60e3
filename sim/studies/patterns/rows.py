"""A scorecard as rows on disk and as text."""

import math
from pathlib import Path

import numpy as np

from sim.findings.text import number, table
from sim.registry.files import write_rows
from sim.studies.patterns.declared import Pattern
from sim.studies.patterns.score import VERDICTS, Scorecard, held

SCORES, CONFLICTS = "patterns.csv", "patterns_conflicts.csv"
DIGITS = 7  # significant ones on disk
NOTE = ("Intervals (95 %) are of chance in the simulation alone. In sample: set or calibrated with the figure in view. "
        "Simulated under stated assumptions.")


# on disk -----------------------------------------------------------------------------------------------------------
def write(card: Scorecard, folder: Path) -> None:
    """Both tables, each whole or not at all."""
    write_rows(score_rows(card), folder / SCORES)
    write_rows(conflict_rows(card), folder / CONFLICTS)


def score_rows(card: Scorecard) -> list[dict]:
    """Lines of patterns.csv, one a pattern."""
    rows = []
    for one in card.scores:
        p, (drawn, holding) = one.pattern, held(one)
        row = {"pattern": p.id, "label": p.label, "source": p.source, "status": p.status, "kind": p.kind,
               "unit": p.unit, "low": bound(p.low), "high": bound(p.high), "basis": p.basis, "in_sample": p.in_sample,
               "switched_off": said_terms(p), "n": one.value.n, "value": one.value.value, "value_low": one.value.low,
               "value_high": one.value.high, "verdict": one.verdict}
        if p.switched_off:
            row |= {"as_set": one.as_set.value, "as_set_low": one.as_set.low, "as_set_high": one.as_set.high,
                    "as_set_verdict": one.verdict_as_set}
        else:
            row |= dict.fromkeys(("as_set", "as_set_low", "as_set_high", "as_set_verdict"), "")
        rows.append({key: rounded(value) for key, value in (row | {"draws": drawn, "draws_holding": holding}).items()})
    return rows


def conflict_rows(card: Scorecard) -> list[dict]:
    """Lines of patterns_conflicts.csv, one a pair."""
    rows = []
    for one in card.together:
        row = dict(zip(("first", "second"), one.conflict.pair)) | {"kind": one.conflict.kind,
                                                                   "reason": one.conflict.reason}
        for where, counts in (("replicates", one.replicates), ("draws", one.draws)):
            row |= dict(zip((where, f"first_in_{where}", f"second_in_{where}", f"both_in_{where}"), counts))
        rows.append(row)
    return rows


def bound(value: float) -> float | str:
    """A bound of a pattern; empty where it is open."""
    return value if math.isfinite(value) else ""


def rounded(value):
    """Numbers with so many significant digits that the same runs give the same text."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float | np.floating) else value


# as text -----------------------------------------------------------------------------------------------------------
def said_terms(pattern: Pattern) -> str:
    """What is switched off for the test."""
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
    """An interval, open or not."""
    if math.isinf(high):
        return f"≥ {short(low)}"
    return f"≤ {short(high)}" if math.isinf(low) else f"{short(low)} to {short(high)}"


def in_brief(card: Scorecard) -> str:
    """How many pass, fail, … , and how many of those that pass were set with the figure in view."""
    counts = {word: [s for s in card.scores if s.verdict == word] for word in VERDICTS}
    told = ", ".join(f"{len(found)} {word}" for word, found in counts.items() if found)
    known = sum(bool(s.pattern.in_sample) for s in counts["pass"])
    return f"{len(card.scores)} patterns: {told}." + (f" Of those that pass {known} are in sample." if known else "")


def text(card: Scorecard) -> str:
    """The scorecard for the terminal."""
    body = []
    for one in card.scores:
        p, v = one.pattern, one.value
        off = spanned(one.as_set.value, one.as_set.low, one.as_set.high) if p.switched_off else ""
        body.append([p.id, p.unit, bounds(p.low, p.high), spanned(v.value, v.low, v.high),
                     one.verdict + (" (in sample)" if p.in_sample and v.n else ""),
                     f"{off}: {one.verdict_as_set}" if off else ""])
    blocks = [table(["pattern", "unit", "reported", "simulated", "verdict", "with the terms that impose it"], body)]
    blocks.append(table(["conflicts", "together in replicates", "and in draws"],
                        [[" and ".join(one.conflict.pair), share(one.replicates), share(one.draws)]
                         for one in card.together]))
    nights, warmup, _, scale = card.length
    blocks.append(f"{in_brief(card)}\n{replicates(card)} of {nights} nights after {warmup}, scale {scale:g}. {NOTE}")
    return "\n\n".join(blocks)


def replicates(card: Scorecard) -> str:
    """How many runs stand behind a pattern."""
    found = sorted({one.value.n for one in card.scores if one.value.n})
    return (f"{found[0]} to {found[-1]} replicates" if len(found) > 1 else
            f"{found[0]} replicate{'s' if found[0] > 1 else ''}" if found else "no replicates")


def share(counts) -> str:
    """In how many of how many both hold, with each by itself."""
    told, first, second, both = counts
    return f"{both} of {told} (alone {first}, {second})" if told else "–"
