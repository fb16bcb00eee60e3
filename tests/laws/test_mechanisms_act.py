"""Every mechanism acts: within the ranges of its parameters there is a configuration in which it moves an outcome.

Each row states the configuration, the two settings compared, the outcome and the direction; runs are paired by seed.
"""

from typing import NamedTuple

import pytest

from sim.market import Market
from sim.registry.configuration import configure
from sim.registry.parameters import registry

RUN = ("scale=0.2", "warmup=30", "nights=50")
SCARCE = ("gangs.labour_pool=400", "gangs.labour_inflow=0.5", "gangs.labour_outflow=0.02", "police.guide_arrest=0.05")
PAID = ("police.corruptible=0.25", "police.interior_reservation_bribe=300", "police.routine_find=0.01",
        "police.suspects_per_found=0.05", "police.leader_share=0.05", "gangs.split_chance=0.5", "rules.bribes=none",
        "police.operations=[{date: 2022-12-10}, {date: 2023-01-05}]", "police.operation_find=0.4")


MANY = ("rules.turf=decision", "gangs.contestable=0.3")  # fighters
# raids seize rifles that groups want to replace
SEIZED = (*MANY, "gangs.armed_share=0.5", "police.seizure=5", "police.suspects_per_found=0.05",
          "police.operation_find=0.4", "police.operations=[{date: 2022-12-10}, {date: 2023-01-05}]")

SMALL = ("scale=0.1", "nights=60")
KEPT = (*SMALL, "police.calendar=[{kind: presence, from: 2023-01-05}]")  # a presence everywhere, kept up
# presence at one corridor takes all places of the guides who are tied to it
TIED = (*SMALL, "police.calendar=[{kind: presence, from: 2023-01-05, corridors: [rs_hu]}]", "gangs.stationed=1",
        "police.presence_capacity=5")
# arrivals hear of a presence that is as old as the news
HEARD = (*SMALL, "police.calendar=[{kind: presence, from: 2022-12-10}]", "migrants.news_delay=7")
ANSWERING = (*HEARD, "migrants.arrival_response=1.5")


class Act(NamedTuple):
    """A configuration, a key's two values, and an outcome that the second value moves up (+1) or down (−1)."""

    scenario: str
    words: tuple
    key: str
    values: tuple
    outcome: str
    sign: int
    least: float = 0.02  # share of the first value by which it moves at least


ACTS = {
    "payroll": Act("status_quo", PAID, "police.payroll_effect", (0, 1), "bribes_per_gross", 1),
    "rivals arrested": Act("status_quo", PAID, "police.arranged_arrests", (0, 3), "suspects_arrested", 1),
    "arms bought together": Act("dossier", SEIZED, "organisation.levers.pooled_finance",
                                (False, True), "weapons", 1),
    "arms in bulk": Act("dossier", (*SEIZED, "gangs.bulk_discount=0.3"), "rules.arms", ("flat", "bulk"), "weapons", 1),
    "mass release": Act("status_quo", (*SCARCE, "warmup=80", "police.return_share=0.1",
                                       "police.release_date=2023-01-05"),
                        "police.release_persons", (0, 1400), "crossed_within_30", 1),
    "pipeline": Act("dossier", (*SCARCE, *MANY), "organisation.pipeline", (0, 5), "fighters", 1),
    "militancy": Act("status_quo", (*MANY, "police.heat_attack=0.2", "police.operation_longest=60",
                                    "police.attack_rate=0.004", "police.operations=[{date: 2023-01-05}]"),
                     "police.militancy", (0, 3), "operation_nights", 1),
    "joint police work": Act("status_quo", ("police.joint_work_from=2022-01-01",), "police.joint_work_factor",
                             (1, 1.2), "success_rate", -1),
    "joint raids": Act("status_quo", ("police.joint_work_from=2022-01-01", *PAID), "police.joint_work_raids", (1, 2),
                       "suspects_arrested", 1),
    "informants": Act("status_quo", ("gangs.exposure_tip=3", "gangs.tip_nights=10", "gangs.exposure_pushback=0",
                                     "gangs.exposure_informal=0"),  # so that tips alone expose those without a debt
                      "camps.informant_share", (0, 0.8), "abductions_per_10k", 1),
    "crowding at patrols": Act("status_quo", (), "border.handling_time", (0, 0.1), "success_rate", 1),
    "sites cleared": Act("status_quo", ("camps.capacity=176",), "police.site_clearance", (0, 0.2), "rents", 1),
    "looking for a camp again": Act("status_quo", (), "camps.look_again", (0, 0.14), "informal_mean", -1),
    "debts repaid": Act("status_quo", (), "camps.debt_repaid", (0, 0.2), "indebted_mean", -1),
    "captives' deaths known": Act("status_quo", ("gangs.abduction_rate=0.02", "gangs.unpaid_death=0.1"),
                                  "gangs.captive_publicity", (0, 0.5), "operation_nights", 1),
    # a place for supply (M22)
    "presence": Act("status_quo", SMALL, "police.calendar", ("[]", "[{kind: presence, from: 2023-01-05}]"), "attempts",
                    -1),
    "presence that lasts": Act("status_quo", (*SMALL, "police.calendar=[{kind: presence, from: 2022-12-10, "
                                                      "until: 2022-12-31}]"),
                               "police.presence_memory", (0, 0.98), "kept_back", 1),
    "staging places denied": Act("status_quo", KEPT, "police.presence_staging", (0, 4), "attempts", -1),
    "capacity taken": Act("status_quo", (*KEPT, "police.presence_staging=0"), "police.presence_capacity", (0, 5),
                          "attempts_aided", -1),
    "people found by presence": Act("status_quo", KEPT, "police.presence_find", (0, 0.3), "found_and_moved", 1),
    "crews arrested by presence": Act("status_quo", KEPT, "police.presence_arrests", (0, 0.02), "suspects_arrested", 1),
    "drivers for the way back": Act("status_quo", (*KEPT, "police.presence_find=0.3", "police.presence_arrests=0.02"),
                                    "police.return_needs_drivers", (0, 2), "crossings", -1),
    "guides tied to a place": Act("status_quo", (*SMALL, TIED[2], TIED[4]), "gangs.stationed", (0, 1),
                                  "attempts_aided", -1),
    "guides who move": Act("status_quo", TIED, "gangs.relocation", (0, 0.2), "relocated", 1),
    "a move costs money": Act("status_quo", (*TIED, "gangs.relocation=0.2", "gangs.treasury=100"),
                              "gangs.relocation_cost", (0, 500), "joint_surplus", -1, 0.01),
    "guides who stay everywhere": Act("status_quo", (*TIED, "gangs.relocation=0.2", "nights=120"), "gangs.post_floor",
                                      (0.005, 0.1), "unserved", -1),
    # arrivals that answer, stopping by value and networks (M23, M4, M1, M2)
    "arrivals answer": Act("status_quo", (*HEARD, "migrants.arrival_network=0"), "migrants.arrival_response", (0, 1.5),
                           "arrivals", -1),
    "people follow others": Act("status_quo", ANSWERING, "migrants.arrival_network", (0, 1.2), "arrivals", -1),
    "news that travel": Act("status_quo", ANSWERING, "migrants.news_delay", (7, 45), "arrivals", 1),
    "news that are remembered": Act("status_quo", ANSWERING, "migrants.news_memory", (0.9, 0.99), "arrivals", 1),
    "at most so many": Act("status_quo", ("scale=0.1", "nights=120", "police.patrols=40", "migrants.news_delay=7",
                                          "migrants.arrival_response=1.5", "migrants.arrival_network=1.2"),
                           "migrants.arrival_cap", (2, 10), "arrivals", 1),
    "a camp of one's own": Act("status_quo", SMALL, "camps.own_camp", (0, 0.9), "in_camps_mean", 1),
    "networks shorten the wait": Act("status_quo", (*SMALL, "migrants.shocks=[{date: 2023-01-01, nights: 60, "
                                                            "factor: 3}]"),
                                     "migrants.delay_thickness", (0, 1), "stay_mean", -1),
    "people stop": Act("status_quo", KEPT, "migrants.stopping_rate", (0.005, 0.1), "left", 1),
    "a better outside": Act("status_quo", KEPT, "migrants.outside_value", (-1.25, 0.75), "left", 1),
    "outsides that differ": Act("status_quo", SMALL, "migrants.stopping_scale", (0.2, 1.5), "left", 1),
    "waiting tires": Act("status_quo", KEPT, "migrants.waiting_loss", (0, 0.08), "left", 1),
    "visas": Act("status_quo", SMALL, "police.calendar",
                 ("[]", "[{kind: visas, from: 2023-01-05, nationality: A, strength: 0.2}]"), "arrivals", -1),
}


def outcome(act, value, seed=4):
    market = Market(configure(act.scenario, [*RUN, *act.words, f"{act.key}={value}"]), seed)
    while market.running:
        market.step()
    return market.record().run[act.outcome]


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_it_acts(act):
    first, second = (outcome(act, value) for value in act.values)
    assert act.sign * (second - first) > act.least * abs(first)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_configuration_lies_within_the_ranges(act):
    entries = registry()
    for word in (*act.words, *(f"{act.key}={value}" for value in act.values)):
        key, _, value = word.partition("=")
        if entries[key].range and entries[key].type in ("int", "float"):
            low, high = entries[key].range
            off = float(value) == 0 and (act.key == key)  # a setting at which the mechanism vanishes
            assert off or low <= float(value) <= high, word
        elif key == "gangs.bulk_discount":
            assert 0 <= float(value) <= 0.3  # plausible, by its note
