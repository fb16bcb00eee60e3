"""The registry of outcomes: labels are unique, and those of arrivals name the country in which people arrive."""

from collections import Counter

import pytest

from sim.registry.outcomes import PER_10K, outcomes


def test_no_two_outcomes_share_a_label():
    labels = Counter([entry.label for entry in outcomes().values()] + [label for label, *_ in PER_10K.values()])
    assert [label for label, n in labels.items() if n > 1] == []


@pytest.mark.parametrize("name", ["outlay_per_arrival", "crossed_within_30", "deaths_per_10k", "abductions_per_10k",
                                  "arrivals", "stay_mean"])
def test_an_arrival_is_an_arrival_in_serbia(name):
    assert "Serbia" in outcomes()[name].meaning


def test_labels_and_meanings_are_complete():
    for entry in outcomes().values():
        assert entry.label[0].isupper() and not entry.label.endswith(".")
        assert entry.meaning[0].isupper() and entry.meaning.endswith(".")
        assert len(entry.label) <= 55  # longer labels overflow the panels of figures
