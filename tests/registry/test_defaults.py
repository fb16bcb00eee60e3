"""The defaults meet the documents together, and the stored reference is what the code gives."""

import csv

import pytest

from experiments.pages import REFERENCE
from sim.registry.configuration import configure
from sim.runs.run import simulate
from sim.world.draws import replicate_seed


def reference(scenario):
    with open(REFERENCE / "summary.csv", encoding="utf-8") as file:
        return {row["outcome"]: float(row["mean"]) for row in csv.DictReader(file) if row["scenario"] == scenario}


# Of stored data alone: no change of code can break these two, only a new reference.  The last test ties code to data.
TARGETS = {  # outcome: interval for the mean of `status_quo` over the replicates of the reference run
    "arrivals": (95_000, 125_000),
    "attempts_peak": (1000, 1200),  # F2
    "price_mean": (900, 1100),  # F1
    "attempts_per_crossing": (3, 5),
    "abductions_per_10k": (100, 500),
    "ransom_mean": (1000, 5000),  # F22
    "operations": (1, 12),  # F6
    "operation_nights": (4, 120),
    "found_and_moved": (2000, 50_000),  # F3
    "in_camps_mean": (2500, 4500),
}


@pytest.mark.parametrize("outcome", TARGETS)
def test_the_stored_reference_meets_its_target(outcome):
    low, high = TARGETS[outcome]
    assert low <= reference("status_quo")[outcome] <= high


def test_the_stored_reference_keeps_apart_two_counters_of_operations_and_of_clashes():
    means = reference("status_quo")
    assert 0.01 <= means["suspects_arrested"] / means["found_and_moved"] <= 0.05  # F3
    assert means["clashes_reported"] < 0.2 * means["clashes"]  # F4


def test_a_year_at_real_scale_is_like_the_reference():
    """One replicate of the current code against the stored means: a change of the model must renew the reference."""
    p = configure("status_quo")
    run, means = simulate(p, replicate_seed(p.seed, 0)).run, reference("status_quo")
    for name, tolerance in (("arrivals", 0.02), ("price_mean", 0.15), ("attempts_per_crossing", 0.12),
                            ("outlay_per_arrival", 0.12), ("abductions_per_10k", 0.3), ("in_camps_mean", 0.12)):
        assert run[name] == pytest.approx(means[name], rel=tolerance), name
