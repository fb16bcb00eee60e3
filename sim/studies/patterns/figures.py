"""The figure of a scorecard: simulated values and reported intervals of all patterns on a common scale."""

import math
import re
from functools import partial
from textwrap import wrap

from sim.figures.style import DOUBLE, GREY, new
from sim.findings import Figure
from sim.studies.patterns.rows import bounds, replicates, spanned
from sim.studies.patterns.score import ABSENT, DISAGREE, FAIL, OPEN, PASS, Scorecard

LOOKS = {PASS: ("#0072B2", "o", "Pass"), FAIL: ("#D55E00", "X", "Fail"), DISAGREE: ("#CC79A7", "s", "Sources disagree"),
         OPEN: ("0.45", "D", "Cannot be told"), ABSENT: ("0.7", "_", "Not in these results")}
LIMIT = 4.0  # half-intervals shown; values beyond it are drawn at the edge
ROW = 5.0  # mm
WIDEST = 54  # letters in a line of a label


def figures(card: Scorecard) -> dict[str, Figure]:
    """Return the single figure by name."""
    return {"patterns": Figure(partial(draw, card), caption(card), basis(card), alternative(card))}


def scaled(value: float, low: float, high: float) -> float:
    """Transform a value to the common scale, on which −1 is the lower bound and +1 the upper bound.

    With one bound the other side is open, and the unit is the absolute value of the bound (1 if the bound is 0).
    """
    if math.isnan(value) or math.isinf(value):
        return value
    if math.isfinite(low) and math.isfinite(high):
        return (2 * value - low - high) / (high - low)
    bound, edge = (low, -1.0) if math.isfinite(low) else (high, 1.0)
    return edge + (value - bound) / (abs(bound) or 1.0)


def squeezed(x: float) -> float:
    """Clip a value at the limits."""
    return min(max(x, -LIMIT), LIMIT)


def draw(card: Scorecard):
    """Draw one row for each pattern: band: reported; mark and bar: test; small open mark: imposing terms as set."""
    count = len(card.scores)
    figure, axes = new(DOUBLE, 14 + ROW * count)
    ax = axes[0, 0]
    for row, score in enumerate(card.scores):
        p = score.pattern
        left, right = (-1.0 if math.isfinite(p.low) else -LIMIT), (1.0 if math.isfinite(p.high) else LIMIT)
        ax.fill_between([left, right], row - 0.4, row + 0.4, color="0.9", linewidth=0)
        mark(ax, row, score.value, p, score.verdict, True)
        if p.switched_off:
            mark(ax, row, score.as_set, p, score.verdict_as_set, False)
    for edge in (-1, 1):
        ax.axvline(edge, color=GREY, linewidth=0.5, linestyle=":")
    ax.set_yticks(range(count), [name(score.pattern) for score in card.scores], fontsize=6, linespacing=0.9)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(count - 0.4, -0.6)
    right = ax.secondary_yaxis("right")
    right.set_yticks(range(count), [beside(score) for score in card.scores], fontsize=6, linespacing=0.9)
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    ax.set_xlim(-LIMIT - 0.4, LIMIT + 0.4)
    ax.set_xticks([-LIMIT, -1, 1, LIMIT], [f"≤ −{LIMIT:g}", "lower\nbound", "upper\nbound", f"≥ {LIMIT:g}"], fontsize=6)
    ax.set_xlabel("Simulated value; every row has its own scale, on\n"
                  "which the reported bounds lie at the two dotted lines", fontsize=7)
    for verdict in dict.fromkeys(score.verdict for score in card.scores):
        colour, sign, label = LOOKS[verdict]
        ax.plot([], [], sign, color=colour, markersize=4, linestyle="", label=label)
    ax.plot([], [], "o", color="black", markersize=3, markerfacecolor="white", linestyle="",
            label="Imposing terms as set")
    figure.legend(loc="outside lower center", ncols=5, fontsize=6)
    return figure


def beside(score) -> str:
    """Simulated value, and below it the reported bounds with their unit."""
    p, value = score.pattern, score.value
    shown = spanned(value.value, value.low, value.high)
    return re.sub(r"-(?=\d)", "−", f"{shown}\n[{bounds(p.low, p.high)}] {p.unit}")


def name(pattern) -> str:
    """A pattern's label, marked if it is in sample or disputed."""
    marks = ("*" if pattern.in_sample else "") + ("†" if pattern.status in ("contested", "denied") else "")
    return "\n".join(wrap(pattern.label + (f"\N{NO-BREAK SPACE}{marks}" if marks else ""), WIDEST))


def mark(ax, row: int, value, pattern, verdict: str, tested: bool) -> None:
    """Draw one value with its interval; an open mark if imposing terms are as set."""
    colour, sign, _ = LOOKS[verdict]
    x, low, high = (scaled(v, pattern.low, pattern.high) for v in (value.value, value.low, value.high))
    if not math.isfinite(x):
        return
    place = row if tested else row + 0.28
    if not math.isnan(low + high) and (math.isfinite(low) or math.isfinite(high)):
        ax.plot([squeezed(low), squeezed(high)], [place] * 2, color=colour, linewidth=1.1 if tested else 0.6)
    beyond = abs(x) > LIMIT
    shape = (">" if x > 0 else "<") if beyond else sign if tested else "o"
    ax.plot(squeezed(x), place, shape, color=colour, markersize=4 if tested else 2.6,
            markerfacecolor=colour if tested else "white", markeredgewidth=0.7)


def caption(card: Scorecard) -> str:
    """Caption of the figure."""
    return ("The grey bands show the reported interval of each stylised fact or figure, which is given in square "
            f"brackets on the right. The marks show simulated values with 95 % intervals over {replicates(card)}; "
            "terms that would impose a pattern are switched off for them and are as set for the open marks. With a "
            "one-sided bound, the unit of the scale is the bound's absolute value. Arrows mark values beyond the "
            "frame. A star (*) marks a pattern that was set or calibrated with knowledge of the figure; a dagger (†) "
            "marks a contested or denied one.")


def basis(card: Scorecard) -> str:
    """Sample and intervals, for the foot of the figure."""
    return (f"n: {replicates(card)}. Grey: reported interval. Lines: 95 % intervals; arrows at the edge: beyond the "
            "frame. * set or calibrated with knowledge of the figure; † contested or denied.")


def alternative(card: Scorecard) -> str:
    """The alternative text, with the number of patterns by verdict."""
    verdicts = [score.verdict for score in card.scores]
    counts = ", ".join(f"{verdicts.count(verdict)} {LOOKS[verdict][2].lower()}" for verdict in dict.fromkeys(verdicts))
    return f"One row for each of {len(verdicts)} patterns: a simulated value against its reported interval. {counts}."
