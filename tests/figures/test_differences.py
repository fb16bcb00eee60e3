"""The figure of paired differences: open marks for runs given that the organisation is whole."""

import numpy as np
import pyarrow as pa
import pytest

from sim.figures import differences
from sim.figures.style import in_style
from sim.registry.outcomes import primary
from sim.statistics.given_whole import BREAKS, SHARE
from sim.statistics.intervals import interval

N = 6
LUCK = np.random.default_rng(4).normal(100, 5, (2, N))


class Tables:
    """Runs of two scenarios, as the figure reads them."""

    scenarios, reference, runs = ["fragmented", "centralised"], "fragmented", pa.table({SHARE: [0.0], BREAKS: [0.0]})

    def __init__(self, whole):
        self.whole = np.array(whole, float)

    def run(self, name, scenario):
        if name in (SHARE, BREAKS):
            shares = self.whole if scenario == "centralised" else np.zeros(N)
            return shares if name == SHARE else ((shares > 0) & (shares < 1)).astype(float)
        return LUCK[int(scenario == "centralised")] + 50 * (scenario == "centralised")

    def others(self):
        return ["centralised"]

    def sample(self):
        return "6 replicates of 365 nights a scenario"


def marks(whole):
    """The open marks of the figure and the thin lines of their intervals, in the first panel."""
    with in_style():
        axes = differences.draw(Tables(whole)).axes
    assert len(axes) == len(primary())
    lines = axes[0].get_lines()
    return ([line for line in lines if line.get_markerfacecolor() == "white" and line.get_marker() not in ("", "None")],
            [line for line in lines if line.get_linewidth() == 0.8 and len(line.get_xdata()) == 2])


def test_an_open_mark_shows_the_runs_given_whole_and_their_interval():
    opened, bars = marks([1, 1, 1, 1, 0.5, 0])
    _, mean, low, high = interval((LUCK[1] + 50 - LUCK[0])[:4])
    assert [line.get_xdata()[0] for line in opened] == [mean]
    assert [tuple(line.get_xdata()) for line in bars] == [(low, high)]
    assert "4 of 6 runs of centralised" in differences.caption(Tables([1, 1, 1, 1, 0.5, 0]))


def test_too_few_whole_runs_have_a_mark_without_an_interval():
    opened, bars = marks([1, 1, 0.2, 0.3, 0.5, 0])
    assert len(opened) == 1 and not bars


@pytest.mark.parametrize("whole", [[1] * N, [0] * N, [0.5] * N])
def test_without_a_mixture_there_is_no_open_mark(whole):
    assert marks(whole) == ([], []) and "Open marks" not in differences.caption(Tables(whole))
