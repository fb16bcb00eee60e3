"""What must hold of every figure at its final size: widths of columns, sizes of letters, and texts that are apart."""

import re
from unittest import mock

from matplotlib.text import Text

from sim.figures.style import DOUBLE, MM, SINGLE, SMALLEST

APART = 1.0  # pt; texts on one line have such a gap, and boxes one above the other, which are higher than most
# letters, may overlap by so much
TALLEST = 240.0  # mm, of a page's text


def drawn_texts(figure) -> list[tuple[Text, object]]:
    """Every text that a figure draws with something in it, and its box [pixels]."""
    found, draw = [], Text.draw

    def record(text, renderer, *rest, **options):
        if text.get_visible() and text.get_text().strip():
            found.append((text, text.get_window_extent(renderer)))
        return draw(text, renderer, *rest, **options)

    with mock.patch.object(Text, "draw", record):
        figure.canvas.draw()
    last = {id(text): (text, box) for text, box in found}  # a text may be drawn more than once
    return list(last.values())


def overlaps(figure, texts) -> list[str]:
    """Pairs of texts whose boxes overlap or that touch on one line.

    Slanted labels have boxes that say nothing and are left out.
    """
    least = APART * figure.dpi / 72
    upright = [(text.get_text(), box) for text, box in texts if text.get_rotation() % 90 == 0]
    found = []
    for k, (one, a) in enumerate(upright):
        for other, b in upright[k + 1:]:
            wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            if wide > -least and high > least:
                found.append(f"{one!r} and {other!r} overlap or touch")
    return found


def outside(figure, texts) -> list[str]:
    """Texts that leave the figure."""
    edge = 1.0
    return [f"{text.get_text()!r} leaves the figure" for text, box in texts
            if box.x0 < -edge or box.y0 < -edge or box.x1 > figure.bbox.x1 + edge or box.y1 > figure.bbox.y1 + edge]


def too_small(figure, texts) -> list[str]:
    """Texts below the smallest size."""
    return [f"{text.get_text()!r} has {text.get_fontsize()} pt" for text, _ in texts
            if text.get_fontsize() < SMALLEST]


def silent_scales(figure) -> list[str]:
    """Logarithmic axes whose label does not say so."""
    found = []
    for ax in figure.axes:
        for scale, label in ((ax.get_xscale(), ax.get_xlabel()), (ax.get_yscale(), ax.get_ylabel())):
            if "log" in scale and "log" not in label:
                found.append(f"the axis {label!r} is logarithmic and does not say so")
    return found


def wrong_width(figure) -> list[str]:
    """The width of a figure that is neither one column nor two."""
    width = figure.get_size_inches()[0]
    return [] if any(abs(width - each) < 1e-6 for each in (SINGLE, DOUBLE)) else [f"the width is {width} inches"]


def too_tall(figure) -> list[str]:
    """The height of a figure that no page of a journal holds."""
    height = figure.get_size_inches()[1] / MM
    return [] if height <= TALLEST else [f"the height is {height:.0f} mm"]


def factors(figure, texts) -> list[str]:
    """Factors such as 1e6 that stand beside an axis instead of within its unit."""
    return [f"the factor {text.get_text()} stands beside an axis" for text, _ in texts
            if re.match(r"1e\d|[+−]\d", text.get_text()) and text in offsets(figure)]


def offsets(figure) -> list[Text]:
    """The texts in which axes write their factors."""
    return [axis.get_offset_text() for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]


def faults(figure) -> list[str]:
    """Everything wrong with the layout of a figure."""
    texts = drawn_texts(figure)
    return [*wrong_width(figure), *too_tall(figure), *silent_scales(figure),
            *(fault for law in (too_small, factors, outside, overlaps) for fault in law(figure, texts))]
