"""The model against its twin: the same nights from the text alone, the same numbers from plain functions.

tests/twin/ is a second, deliberately plain implementation written from docs/submodels.md without reading the
rules. Both play on the same keyed draws, so every count and every cent of every night must be the same.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from sim.market import Market
from sim.registry.config_files import names
from sim.registry.configuration import configure
from sim.rules import bribes, decoys, extortion, price
from sim.rules.turf import clashes, decision
from sim.world import shares
from sim.world.calendar import Calendar
from sim.world.draws import Draws, poisson_quantile
from tests.twin import dispatch as plain_dispatch
from tests.twin import draws as plain_draws
from tests.twin import prices as plain_prices
from tests.twin import reviews as plain_reviews
from tests.twin import shares as plain_shares
from tests.twin import turf as plain_turf
from tests.twin.distributions import holm, permutation_p, relative_difference
from tests.twin.docking import differences, run_both
from tests.twin.model import Twin
from tests.twin.states import Comparison, compare

SMALL = ("scale=0.05", "warmup=0")

# Columns of the record that the twin does not compute; it must compute every other one.
NOT_IN_TWIN = {
    "date", "price_p10", "price_p90", "hhi_owners", "belief_success", "belief_unaided", "belief_abuse",
    "attempts_repeat", "attempts_repeat_unaided", "abductions_after_pushback", "admissions", "resident_risk",
    "state_cost", "cost_operations", "cost_camps", "cost_support", "cost_admissions",
}

# Raised rates make rare events happen: (scenario, overrides, columns that must then not be all zero).
RARE = {
    "clashes": (
        "status_quo",
        "gangs.clash_rate=1 gangs.lethality=1 gangs.bystander_deaths=0.5 gangs.bystander_injuries=1.4 "
        "gangs.reporting=0.3 scale=0.2 gangs.engaged_fighters=2",
        "clashes clashes_reported fighters_killed deaths_clashes injuries_clashes",
    ),
    "takeover": (
        "takeover",
        "organisation.takeover=0.05 organisation.defection=0.1 gangs.clash_rate=0.3 gangs.lethality=0.03 scale=0.2",
        "takeovers defections clashes flow_skim flow_administration",
    ),
    "entry": ("entry", "gangs.entry=0.1 gangs.buy_share=0 gangs.exit_nights=7 scale=0.2", "entries flow_entry exits"),
    "purchase": ("entry", "gangs.entry=0.14 gangs.buy_share=0.7", "networks_bought flow_purchase controlled"),
    "raids": (
        "status_quo",
        "gangs.split_chance=1 police.leader_share=0.3 police.heat_threshold=0.1 police.suspects_per_found=0.2 "
        "police.operation_gap=5 scale=0.2",
        "operations suspects_arrested weapons_seized splits prison_serbia found_and_moved",
    ),
    "succession": ("dossier", "organisation.succession=0.05 organisation.secession=0.5", "controlled flow_skim"),
    "dates": ("status_quo", "start_date=2023-10-20 police.release_date=2023-10-30", "camps_open found_and_moved"),
    "dated operations": (
        "status_quo",
        "police.operations=[{date:2023-01-05},{date:2023-01-08},{date:2023-02-01}] police.heat_threshold=1e6 scale=0.2",
        "operations found_and_moved operation",
    ),
    "bribes": (
        "dossier",
        "police.corruptible=0.8 police.interior_teams=40 police.rotation_nights=20 police.suspects_per_found=0.3 "
        "police.heat_threshold=0.1 police.interior_reservation_bribe=100",
        "bribed_passages flow_toll on_payroll flow_payroll",
    ),
    "harm": (
        "status_quo",
        "police.guide_arrest=0.5 border.accident_rate=0.1 police.death_share=0.1 police.pushback_share=0.7 "
        "police.injury_share=0.5 gangs.abduction_rate=0.05 gangs.unpaid_death=0.5 gangs.collateral=50",
        "guides_arrested deaths_environment deaths_drowning deaths_vehicle deaths_exposure deaths_other "
        "deaths_authorities procedures injuries_authorities abductions_collateral "
        "deaths_groups released_paid released_unpaid injuries_groups",
    ),
    "arms": (
        "dossier",
        "gangs.armed_share=1.5 gangs.rifle_lot=2 organisation.pipeline=5 "
        "gangs.contest_step=0.5 scale=0.2 police.heat_threshold=0.1 police.suspects_per_found=0.2",
        "flow_arms weapons pipeline_arrivals",
    ),
    "crackdown": (
        "status_quo",
        "police.crackdown_from=2023-01-06 police.crackdown_nights=9 police.crackdown_patrols=[0.5,0,2] "
        "police.heat_threshold=0.1 police.operation_gap=2 police.operation_nights=4",
        "operation operations found_and_moved",
    ),
    "late takeover": (
        "takeover",
        "organisation.takeover=0.1 organisation.takeover_from=2023-01-09 organisation.other_affinity=1 scale=0.2",
        "takeovers controlled",
    ),
    "warm-up": ("status_quo", "warmup=30", "people"),
    "bargains": (
        "takeover",
        "organisation.takeover=0.2 organisation.defection=0.14 organisation.other_affinity=1 organisation.backing=5e6 "
        "scale=0.2",
        "takeovers defections flow_joining flow_backing",
    ),
    "war": ("status_quo", "gangs.war_hazard=1 gangs.clash_rate=1 gangs.clash_cost=0 scale=0.2", "pairs_at_war clashes"),
    "debts": ("status_quo", "camps.flat_share=1 camps.debt_limit=50 police.site_clearance=0.3", "indebted"),
    "calendar": (
        "status_quo",
        "police.calendar=[{kind:operation,from:2023-01-04,nights:12,corridors:[rs_hu,rs_ro],strength:0.7},"
        "{kind:operation,from:2023-01-10,until:2023-01-12,corridors:[rs_ba]},"
        "{kind:presence,from:2023-01-03,until:2023-01-24,corridors:[rs_hu],strength:1.5},"
        "{kind:presence,from:2023-01-20,corridors:all,strength:0.2},"
        "{kind:patrols,from:2023-01-05,nights:20,corridors:[rs_ba,rs_hu],strength:0.8},"
        "{kind:patrols,from:2023-01-15,strength:-0.3},"
        "{kind:joint_work,from:2023-01-06,until:2023-01-26,corridors:[rs_hu],strength:2},"
        "{kind:visas,from:2023-01-08,nationality:A,strength:0.1},"
        "{kind:visas,from:2023-01-28,nights:20,nationality:D,strength:3},"
        "{kind:camps,from:2023-01-09,nights:6,camps:[C01,C02,C03]},"
        "{kind:camps,from:2023-02-10,nights:2}] "
        "police.suspects_per_found=0.2 police.heat_threshold=1e6 scale=0.2",
        "operations operation found_and_moved suspects_arrested kept_back not_arrived relocated presence_rs_hu "
        "presence_rs_ro presence_rs_ba moved",
    ),
    "presence": (
        "dossier",
        "police.calendar=[{kind:presence,from:2023-01-03,nights:25,corridors:[rs_hu],strength:2},"
        "{kind:operation,from:2023-01-13,nights:9}] police.presence_arrests=0.2 police.presence_find=0.2 "
        "police.return_needs_drivers=2 police.guide_arrest=0.3 gangs.stationed=0.95 gangs.relocation=0.2 "
        "gangs.treasury=2e5 gangs.split_chance=1 police.corruptible=0.8 police.interior_teams=40 "
        "police.interior_reservation_bribe=100 police.suspects_per_found=0.3 police.heat_threshold=0.1 scale=0.2",
        "kept_back suspects_arrested guides_arrested relocated moved unserved on_payroll exits",
    ),
    "answers": (
        "status_quo",
        "migrants.arrival_response=3 migrants.arrival_network=1.2 migrants.news_delay=5 migrants.waiting_loss=0.08 "
        "migrants.stopping_rate=0.1 migrants.arrival_cap=10 migrants.news_memory=0.8 migrants.leave_per_failure=0.003 "
        "police.calendar=[{kind:presence,from:2023-01-08,nights:20,corridors:[rs_hu],strength:3},"
        "{kind:visas,from:2023-01-20,nationality:B,strength:0}]",
        "not_arrived left kept_back",
    ),
    "one pool": (
        "status_quo",
        "gangs.stationed=0 gangs.relocation=0 gangs.post_floor=0 police.presence_memory=0 "
        "police.return_needs_drivers=0 migrants.news_delay=0 migrants.delay_thickness=1 camps.own_camp=0.9 "
        "migrants.corridor_value=1 police.calendar=[{kind:presence,from:2023-01-12,nights:10}] gangs.guides=20",
        "kept_back unserved not_arrived",
    ),
}

# Alternatives of rules, and what must then not be all zero.
ALTERNATIVES = {
    "rules.payment=guarantee": "flow_fee",
    "rules.payment=per_attempt": "flow_fee",
    "market.deposit=0.3": "flow_fee",
    "rules.price=cost_plus": "flow_fee",
    "rules.price=imitate market.imitate_trials=0.5": "flow_fee",
    "rules.price=learn": "flow_fee",
    "rules.choice=logit": "flow_fee",
    # Equal groups have equal utilities, whose order is not defined; two unequal groups have none.
    "rules.choice=satisficing gangs.count=2 gangs.large_count=1": "flow_fee",
    "rules.bribes=retainer police.corruptible=0.8": "flow_toll",
    "rules.bribes=none police.corruptible=0.8": "flow_fee",
    "rules.turf=decision scale=0.2": "clashes pairs_at_war",
    "rules.turf=pairwise scale=0.2": "clashes pairs_at_war",
    "rules.stages=3 rules.arms=bulk gangs.armed_share=1.5 gangs.rifle_lot=2": "flow_arms",
    "rules.decoys=none": "flow_fee",
}

# Measures that every alternative meets halfway.
MEASURES = (
    "police.calendar=[{kind:presence,from:2023-01-15,nights:10,corridors:[rs_hu]},"
    "{kind:visas,from:2023-01-20,nationality:A,strength:0.5}]"
)

positive = st.floats(0.01, 100.0)
utility = st.floats(-8.0, 8.0)


def docked(scenario, overrides, seed, nights):
    """Columns of the main model, after asserting that every night of every column equals that of the twin."""
    columns, rows = run_both(scenario, [*SMALL, *overrides], seed, nights)
    assert len(rows) == nights and set(columns) - set(rows[0]) == NOT_IN_TWIN
    assert differences(columns, rows) == {}
    return columns


@pytest.mark.parametrize("scenario", names("scenario"))
def test_every_scenario_is_the_same_night_by_night(scenario):
    docked(scenario, [], seed=7, nights=30)


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["fragmented", "dossier", "takeover"])
def test_longer_runs_are_the_same(scenario):
    docked(scenario, [], seed=5, nights=120)


@pytest.mark.long
@pytest.mark.parametrize("case", RARE)
def test_rare_events_are_the_same(case):
    scenario, overrides, seen = RARE[case]
    columns = docked(scenario, overrides.split(), seed=3, nights=60)
    for name in seen.split():
        assert np.any(columns[name] != 0), f"{name} never happened, so nothing was tested"


@pytest.mark.parametrize("overrides", ALTERNATIVES)
def test_alternatives_of_rules_are_the_same(overrides):
    columns = docked("dossier", [*overrides.split(), MEASURES], seed=3, nights=29)
    for name in [*ALTERNATIVES[overrides].split(), "kept_back"]:
        assert np.any(columns[name] != 0), f"{name} never happened, so nothing was tested"


def test_states_are_the_same():
    """What no column shows: owners, wars by pair, standings, worth of clients, tolls by size, debts, beliefs, posts."""
    wars = "gangs.war_hazard=1 gangs.clash_cost=0"
    p = configure("takeover", [*SMALL, "nights=24", "organisation.takeover=0.05", *wars.split(), MEASURES])
    market, twin, comparison = Market(p, 7), Twin(p, 7), Comparison()
    for _ in range(24):
        market.step()
        twin.step()
        compare(market, twin, comparison)
    assert comparison.seen == set()


def test_real_scale_is_the_same():
    docked("status_quo", ["scale=1"], seed=1, nights=8)


def test_the_comparison_sees_a_difference():
    columns, rows = run_both("fragmented", SMALL, seed=7, nights=8)
    rows[5]["crossings"] += 1
    rows[6]["price_mean"] = math.nan
    assert {name: night for name, (night, _, _) in differences(columns, rows).items()} == {
        "crossings": 5, "price_mean": 6}


def test_own_draws_give_another_run_with_the_same_law():
    p = configure("fragmented", [*SMALL, "nights=20"])
    keyed, own, again = Twin(p, 7), Twin(p, 7, draws="own"), Twin(p, 7, draws="own")
    for _ in range(20):
        for twin in (keyed, own, again):
            twin.step()
    arrivals = [[night["arrivals"] for night in twin.nights] for twin in (keyed, own, again)]
    assert arrivals[1] == arrivals[2] and arrivals[0] != arrivals[1]


@given(st.integers(0, 2**31), st.integers(-400, 400), st.integers(0, 2**50), st.integers(0, 9))
def test_keyed_draws_are_the_same(seed, night, identity, number):
    mine = plain_draws.KeyedDraws(seed).uniform("choice", night, identity, number)
    assert mine == Draws(seed).uniform("choice", night, np.array([identity]), number)[0]


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.0, 600.0))
def test_poisson_quantiles_are_the_same(u, mean):
    assert plain_draws.poisson(mean, u) == poisson_quantile(u, mean)


@pytest.mark.long
@settings(max_examples=20)
@given(st.integers(-200, 900))
def test_the_season_is_the_same(night):
    p = configure("status_quo", SMALL)
    twin = Twin(p, 1)
    twin.t = night
    assert twin.season() == pytest.approx(Calendar(p).season(night), rel=1e-9)


@given(
    st.lists(utility, min_size=1, max_size=6),
    st.lists(utility, min_size=1, max_size=4),
    st.floats(0.2, 1.0),
)
def test_choice_shares_are_the_same(groups, outside, dissimilarity):
    theirs = shares.nested_logit(np.array([groups]), np.array([outside]), dissimilarity)
    mine = plain_shares.nested_logit(groups, outside, dissimilarity)
    for left, right in zip(theirs, mine):
        np.testing.assert_allclose(left[0], right, rtol=1e-9, atol=1e-15)


@given(st.floats(1e-200, 600.0))
def test_the_twins_exponential_integral_is_that_of_scipy(x):
    assert plain_shares.exponential_integral(x) == pytest.approx(special.exp1(x), rel=1e-9)


@given(st.data(), st.integers(1, 5))
def test_margins_are_the_same(data, n):
    demand = data.draw(st.lists(positive, min_size=n, max_size=n))
    success = data.draw(st.lists(st.floats(0.1, 0.9), min_size=n, max_size=n))
    cross = [data.draw(st.lists(st.floats(0.0, 0.01), min_size=n, max_size=n)) for _ in range(n)]
    by_price = [[-0.1 if j == k else cross[j][k] for k in range(n)] for j in range(n)]
    owner = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    together = np.equal.outer(owner, owner)
    theirs = price.best_markups(np.array(demand), np.array(by_price), np.array(success), together)
    for o in set(owner):
        groups = [j for j in range(n) if owner[j] == o]
        matrix = [[by_price[j][k] for k in groups] for j in groups]
        mine = plain_prices.best_margins([demand[j] for j in groups], matrix, [success[j] for j in groups], [0] * n)
        np.testing.assert_allclose(theirs[groups], mine, rtol=1e-9)


@given(st.floats(1.0, 30_000.0), st.floats(100.0, 5000.0), st.floats(0.3, 1.8))
def test_tolls_are_the_same(gain, median, sd):
    theirs = bribes.best_toll(np.array([gain, 0.0, -gain]), median, sd)
    mine = [plain_reviews.best_toll(x, median, sd) for x in (gain, 0.0, -gain)]
    np.testing.assert_allclose(theirs, mine, rtol=1e-9, atol=1e-9)


@given(st.data(), st.integers(1, 5))
def test_restraint_is_the_same(data, n):
    numbers = st.lists(positive, min_size=n, max_size=n)
    margins, demand, shares = data.draw(numbers), data.draw(numbers), data.draw(numbers)
    appeal = [data.draw(st.lists(st.floats(-1.0, 1.0), min_size=n, max_size=n)) for _ in range(n)]
    owner = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    together = np.equal.outer(owner, owner)
    theirs = extortion.loss_per_abduction(
        np.array(margins), np.array(appeal), np.array(demand), np.array(shares), together, 4.0, 6.0
    )
    for j in range(n):
        fellows = [k for k in range(n) if owner[k] == owner[j]]
        rows = [plain_reviews.demand_driven_away(row, 0.0, margins, fellows, 0.0, [0.0] * n, 0.0) for row in appeal]
        mine = plain_reviews.loss_per_abduction(j, rows, demand, shares, 4.0, 6.0)
        assert mine == pytest.approx(theirs[j], rel=1e-9, abs=1e-9)


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e3), st.floats(1.0, 200.0))
def test_efforts_are_the_same(prize, rivals, unit_cost):
    theirs = float(np.asarray(decision.best_effort(np.array([prize]), np.array([rivals]), unit_cost))[0])
    assert plain_turf.best_effort(prize, rivals, unit_cost) == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@given(positive, positive, st.floats(0.001, 0.1), st.floats(0.001, 0.1), st.floats(0.0, 3.0))
def test_fights_are_the_same(first, second, effect_first, effect_second, duration):
    theirs = clashes.lanchester(first, second, effect_first, effect_second, duration)
    mine = plain_turf.lanchester(first, second, effect_first, effect_second, duration)
    assert mine == pytest.approx([float(x) for x in theirs], rel=1e-9, abs=1e-9)


@given(st.floats(0.0, 1e5), st.floats(1.0, 1e4))
def test_spending_on_decoys_is_the_same(gain, unit):
    theirs = float(np.asarray(decoys.equilibrium_spending(np.array([gain]), unit))[0])
    assert plain_dispatch.decoy_spending(gain, unit) == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@given(st.lists(positive, min_size=1, max_size=6), st.data(), st.floats(0.0, 0.5))
def test_moved_patrols_are_the_same(patrols, data, share):
    target = data.draw(st.integers(0, len(patrols) - 1))
    theirs = decoys.moved(np.array(patrols), target, share)
    np.testing.assert_allclose(theirs, plain_dispatch.moved_patrols(patrols, target, share), rtol=1e-9)


def test_geometric_nights_have_their_mean():
    nights = [plain_draws.geometric(8, (k + 0.5) / 20_000) for k in range(20_000)]
    assert math.isclose(sum(nights) / len(nights), 8, rel_tol=1e-2)


def test_the_comparison_of_distributions_tells_same_from_shifted():
    rng = np.random.default_rng(3)
    main, same = rng.normal(100, 2, 40), rng.normal(100, 2, 40)
    difference, low, high = relative_difference(main, same)
    assert low < difference < high and high - low < 0.03
    assert permutation_p(main, same, rng) > 0.01
    assert permutation_p(main, same + 4, rng) < 0.001
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
