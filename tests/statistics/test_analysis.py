"""Comparisons and attribution: against statsmodels, closed forms, simulation and their own symmetries."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.statistics.paired import compare, equivalence, family, holm, saving, superiority
from sim.statistics.replicates import paired_power, replicates_for_power, upper_limit
from sim.statistics.shapley import first_in, interactions, last_in, mean_interval, ratio_split, shapley
from sim.statistics.student import achieved_half_width, fieller

quick = settings(max_examples=40, deadline=None, derandomize=True)
levels = st.floats(-1e7, 1e7).map(lambda v: round(v, 3))
samples = st.integers(3, 20).flatmap(lambda n: arrays(float, (2, n), elements=levels))


def paired(n, difference=0.0, sd=1.0, common=3.0, mean=20.0, seed=1, sets=None):
    """x and y with common luck: SD `common` shared, `sd` of the difference; (sets, n) if `sets`."""
    draw, shape = np.random.default_rng(seed), n if sets is None else (sets, n)
    luck = mean + common * draw.standard_normal(shape)
    own = sd / math.sqrt(2)
    return luck + own * draw.standard_normal(shape), luck + difference + own * draw.standard_normal(shape)


def near(share, expected, trials):
    """Within 4 standard errors of a binomial share."""
    return abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / trials)


# differences ------------------------------------------------------------------------------------------------------
@quick
@given(samples)
def test_difference_and_p_are_those_of_scipy(xy):
    x, y = xy
    if np.ptp(y - x) < 1e-6 * (1 + np.abs(xy).max()):
        return
    c, test = compare(x, y, 1.0), stats.ttest_rel(y, x)
    bounds = test.confidence_interval(0.95)
    assert (c.low, c.high) == pytest.approx((bounds.low, bounds.high), rel=1e-7, abs=1e-6)
    assert c.p_value == pytest.approx(test.pvalue, rel=1e-6, abs=1e-12)
    assert c.high - c.difference == pytest.approx(achieved_half_width(y - x))


@pytest.mark.parametrize("n", [2, 3, 9, 40])
@pytest.mark.parametrize("bound", [0.2, 1.0])
def test_equivalence_is_that_of_statsmodels(n, bound):
    from statsmodels.stats.weightstats import ttost_paired

    x, y = paired(n, 0.3, seed=n)
    assert compare(x, y, bound).p_equivalence == pytest.approx(ttost_paired(y, x, -bound, bound)[0], rel=1e-9)


@pytest.mark.long
@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_by_its_definition(p):
    order, running = np.argsort(p, kind="stable"), 0.0
    expected = np.empty(len(p))
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(p) - rank) * p[i]))
        expected[i] = running
    assert holm(p) == pytest.approx(expected)


def test_holm_of_nothing_and_of_nonsense():
    assert len(holm([])) == 0
    with pytest.raises(ValueError, match="p-values"):
        holm([0.1, math.nan])


def test_holm_makes_a_family_judge_together():
    x, y = paired(20, 0.55, seed=4)
    alone = compare(x, y, 0.01)
    together = family({k: alone for k in range(50)})
    assert 0.001 < alone.p_value < 0.05 and alone.verdict == "different"
    assert together[0].p_holm == pytest.approx(min(1, 50 * alone.p_value)) and together[0].verdict == "undecided"
    assert family({}) == {}


def test_verdicts():
    x, y = paired(50, 2.0)
    assert compare(x, y, 1.0).verdict == "different"
    assert compare(x, y, None).verdict == "different"
    assert compare(*paired(5, 0.3), 0.1).verdict == "undecided"
    tiny = compare(*paired(400, 0.3), 1.0)  # surely not zero, surely below what matters
    assert tiny.differs and tiny.verdict == "equivalent"
    assert compare(*paired(400), 1.0).verdict == "equivalent"
    assert compare(*paired(400), None).verdict == "undecided"


def test_a_bare_p_is_not_shown():
    c = compare(*paired(10), 1.0)
    assert "p_" not in repr(c) and "p_value" not in c.row() and c.row()["verdict"] == c.verdict


@quick
@given(samples, st.floats(0.01, 1e6))
def test_exchanged_scenarios_change_signs_only(xy, bound):
    a, b = compare(*xy, bound), compare(*xy[::-1], bound)
    assert (b.difference, b.low, b.high) == (-a.difference, -a.high, -a.low)
    assert b.superiority == pytest.approx(1 - a.superiority) and b.standardised == pytest.approx(-a.standardised)
    assert (b.superiority_low, b.superiority_high) == pytest.approx((1 - a.superiority_high, 1 - a.superiority_low))
    assert (b.verdict, b.p_value, b.p_equivalence, b.saving) == (a.verdict, a.p_value, a.p_equivalence, a.saving)


@quick
@given(samples, st.floats(0.01, 1e6))
def test_twice_the_euro_is_twice_the_difference_and_nothing_else(xy, bound):
    a, b = compare(*xy, bound).row(), compare(*2 * xy, 2 * bound).row()
    for name in ("reference", "other", "difference", "low", "high", "smallest"):
        a[name] *= 2
    assert a == pytest.approx(b, nan_ok=True)
    a, b = compare(*xy, 0.05, relative=True), compare(*2 * xy, 0.05, relative=True)
    assert a.verdict == b.verdict and a.p_equivalence == pytest.approx(b.p_equivalence, nan_ok=True)


# relative ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mean", [20.0, -20.0])
def test_relative_difference_has_the_sign_of_the_difference(mean):
    c = compare(*paired(60, 2.0, mean=mean), 0.05, relative=True)
    assert c.percent_low < c.percent < c.percent_high and c.percent_low > 0
    assert c.percent == pytest.approx(100 * c.difference / abs(c.reference))
    assert c.smallest == pytest.approx(0.05 * abs(c.reference))


def test_fieller_ends_are_ratios_that_a_t_test_just_rejects():
    x, y = paired(12, 2.0, common=8.0)
    for end in fieller(x, y - x):
        assert stats.ttest_1samp(y - x - end * x, 0).pvalue == pytest.approx(0.05, rel=1e-9)


@pytest.mark.parametrize("mean", [20.0, -20.0])
def test_relative_equivalence_is_the_narrower_fieller_interval(mean):
    for seed in range(30):
        x, y = paired(10, 0.5, common=8.0, mean=mean, seed=seed)
        low, high = fieller(x, y - x, 0.9)
        for bound in (0.03, 0.06, 0.12):
            assert (equivalence(x, y - x, bound, True) < 0.05) == (-bound < low and high < bound)


def test_a_reference_near_zero_has_no_relative_interval():
    x, y = paired(10, 1.0, mean=0.1)
    c = compare(x, y, 0.05, relative=True)
    assert (c.percent_low, c.percent_high) == (-math.inf, math.inf) and c.verdict != "equivalent"
    assert math.isnan(compare([0, 0, 0], [0, 1, 2], 0.05, relative=True).percent)


# degenerate -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [[1.0, 5.0], [0.0, 0.0, 0.0], [3.0, 9.0, -4.0, 1.0]])
@pytest.mark.parametrize("bound", [(1.0, False), (0.05, True), (None, False)])
def test_a_placebo_is_equivalent(values, bound):
    c = compare(values, values, *bound)
    assert (c.difference, c.low, c.high, c.standardised, c.p_value) == (0, 0, 0, 0, 1)
    assert c.verdict == "equivalent" and not c.differs and c.superiority == 0.5


def test_a_constant_difference_is_certain():
    c = compare([1.0, 2.0, 4.0], [2.0, 3.0, 5.0], 0.5)
    assert (c.difference, c.low, c.high, c.p_value, c.saving) == (1, 1, 1, 0, math.inf)
    assert c.verdict == "different" and compare([1.0, 2.0, 4.0], [2.0, 3.0, 5.0], 2.0).verdict == "equivalent"


def test_a_difference_that_all_but_does_not_vary_saves_without_limit():
    assert compare([0.0, 1.0], [1e-160, 1.0], 1.0).saving == math.inf
    assert math.isnan(compare([2.0, 2.0], [2.0, 2.0], 1.0).saving)
    assert compare([1.0, 2.0], [2.0, 1.0], 1.0).saving == 0.5  # opposite luck: pairing costs


def test_a_constant_reference():
    c = compare([2.0] * 4, [1.0, 2.0, 3.0, 4.0], 1.0)
    assert math.isnan(c.correlation) and c.saving == pytest.approx(1.0)


def test_missing_values_cost_their_pair_and_are_counted():
    c = compare([1.0, math.nan, 3.0, 4.0, 5.0], [2.0, 2.0, math.inf, 5.5, 6.0], 1.0)
    assert (c.n, c.dropped) == (3, 2) and c.difference == pytest.approx(3.5 / 3)


def test_what_cannot_be_compared_is_refused():
    for x, y in [([], []), ([1.0], [2.0]), ([1.0, math.nan], [1.0, 2.0])]:
        with pytest.raises(ValueError, match="at least 2"):
            compare(x, y, 1.0)
    with pytest.raises(ValueError, match="same length"):
        compare([1.0, 2.0], [1.0, 2.0, 3.0], 1.0)
    for bound in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="positive"):
            compare([1.0, 2.0], [1.0, 2.0], bound)
    with pytest.raises(ValueError, match="at least 2"):
        replicates_for_power([1.0], 1.0)


# shares and variances ---------------------------------------------------------------------------------------------
def test_superiority_counts_ties_half_and_has_wilsons_interval():
    share, low, high = superiority(np.array([1.0, 2.0, 0.0, 0.0, -1.0]))
    assert share == pytest.approx(0.6)
    z = stats.norm.ppf(0.975)
    for end in (low, high):
        assert abs(0.6 - end) == pytest.approx(z * math.sqrt(end * (1 - end) / 5))


def test_saving_by_its_definition_and_standardised_by_one_scenarios_spread():
    x, y = paired(30, 1.0, seed=3)
    c = compare(x, y, 1.0)
    assert c.saving == pytest.approx((x.var() + y.var()) / (y - x).var())
    assert c.saving_low < c.saving < c.saving_high
    assert c.standardised == pytest.approx(c.difference / math.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2))
    assert saving(x[:2], y[:2])[0] > 0 and math.isnan(saving(x[:2], y[:2])[1])


def test_the_ends_of_saving_are_ratios_that_pitman_and_morgan_just_reject():
    """var S = F var D iff S + √F D and S − √F D are uncorrelated; saving = (F + 1)/2."""
    x, y = paired(7, 1.0, seed=8)
    for end in saving(x, y)[1:]:
        stretched = math.sqrt(2 * end - 1) * (y - x)
        assert stats.pearsonr(x + y + stretched, x + y - stretched).pvalue == pytest.approx(0.05, rel=1e-6)


# coverage by simulation -------------------------------------------------------------------------------------------
def test_intervals_cover_as_often_as_they_say():
    """95 %: difference, relative difference (Fieller) and saving; the truth is 1, 1/20 and (9.5 + 9.5)/1."""
    sets = 2000
    x, y = paired(8, 1.0, sets=sets, seed=11)
    d, half = y - x, np.array([achieved_half_width(row) for row in y - x])
    assert near((abs(d.mean(1) - 1) < half).mean(), 0.95, sets)
    ends = np.array([fieller(*row) for row in zip(x, d)])
    assert near(((ends[:, 0] < 0.05) & (ends[:, 1] > 0.05)).mean(), 0.95, sets)
    ends = np.array([saving(*row)[1:] for row in zip(x, y)])
    assert near(((ends[:, 0] < 19) & (ends[:, 1] > 19)).mean(), 0.95, sets)


def test_equivalence_errs_in_five_of_a_hundred_at_its_bound():
    sets = 2000
    x, y = paired(20, 1.0, sets=sets, seed=12)
    d = y - x
    assert near(np.mean([equivalence(a, b, 1.0, False) < 0.05 for a, b in zip(x, d)]), 0.05, sets)
    assert near(np.mean([equivalence(a, b, 0.05, True) < 0.05 for a, b in zip(x, d)]), 0.05, sets)


# power ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("effect", [0.2, 0.5, 1.5])
def test_power_is_that_of_statsmodels(effect):
    from statsmodels.stats.power import TTestPower

    counts = np.array([2, 3, 8, 30, 200])
    expected = np.array([TTestPower().power(effect, n, 0.01) for n in counts])  # NaN where SciPy's far tail is
    ours, known = paired_power(counts, 3 * effect, 3.0, 0.01), np.isfinite(expected)
    assert known.sum() >= 3 and ours[known] == pytest.approx(expected[known], rel=1e-8)
    assert np.isfinite(ours).all() and (np.diff(ours) >= 0).all()


@pytest.mark.parametrize("effect", [0.1, 0.4, 1.0])
def test_power_is_a_noncentral_t(effect):
    counts = np.array([3, 10, 25])
    limit, shift = stats.t.ppf(0.995, counts - 1), effect * np.sqrt(counts)
    expected = stats.nct.sf(limit, counts - 1, shift) + stats.nct.sf(limit, counts - 1, -shift)
    assert paired_power(counts, effect, 1.0, 0.01) == pytest.approx(expected, rel=1e-8)


def test_power_is_that_of_simulation():
    sets, n = 4000, 10
    x, y = paired(n, 1.2, sets=sets, seed=13)
    assert near((stats.ttest_rel(y, x, axis=1).pvalue < 0.01).mean(), float(paired_power(n, 1.2, 1.0, 0.01)), sets)


@pytest.mark.parametrize("bound", [0.4, 1.0, 3.0])
def test_the_plan_is_the_fewest_that_reach(bound):
    pilot = np.subtract(*paired(12, 0.5, seed=5))
    plan = replicates_for_power(pilot, bound)
    assert plan.reached and plan.power >= 0.95
    assert plan.n == 2 or paired_power(plan.n - 1, bound, plan.spread, 0.01) < 0.95
    assert plan.half_width == pytest.approx(stats.t.ppf(0.975, plan.n - 1) * plan.spread / math.sqrt(plan.n))
    assert replicates_for_power(2 * pilot, 2 * bound).n == plan.n


def test_a_cap_is_told():
    pilot = np.subtract(*paired(12, 0.5, seed=5))
    plan = replicates_for_power(pilot, 0.01, cap=64)
    assert (plan.n, plan.reached) == (64, False) and plan.power < 0.95
    assert plan.power == pytest.approx(float(paired_power(64, 0.01, plan.spread, 0.01)))
    assert replicates_for_power([2.0, 2.0, 2.0], 1.0).n == 2


def test_four_of_five_pilots_do_not_understate_the_spread():
    sets = 4000
    x, y = paired(8, sets=sets, seed=14)
    assert near(np.mean([upper_limit(d) > 1 for d in y - x]), 0.8, sets)


# attribution ------------------------------------------------------------------------------------------------------
games = st.integers(1, 5).flatmap(lambda k: arrays(float, (1 << k, 3), elements=levels))


def k_of(game):
    return len(game).bit_length() - 1


def with_lever(game, change):
    """The game with one more lever, the last: `change` maps v(S) to v(S with it)."""
    return np.concatenate([game, change(game)])


@quick
@given(games)
def test_values_sum_to_the_whole_effect(game):
    gap = shapley(game).sum(0) - (game[-1] - game[0])
    assert np.abs(gap).max() <= 1e-9 * max(1.0, np.abs(game).max())


@quick
@given(games)
def test_values_are_means_over_all_orders(game):
    players = k_of(game)
    orders = list(permutations(range(players)))
    expected = np.zeros((players, 3))
    for order in orders:
        mask = 0
        for i in order:
            expected[i] += (game[mask | 1 << i] - game[mask]) / len(orders)
            mask |= 1 << i
    assert shapley(game) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@quick
@given(games)
def test_a_placebo_lever_gets_exactly_nothing_and_changes_no_other(game):
    wider = with_lever(game, lambda v: v)
    assert not shapley(wider)[-1].any() and not interactions(wider)[-1].any()
    assert not first_in(wider)[-1].any() and not last_in(wider)[-1].any()
    assert shapley(wider)[:-1] == pytest.approx(shapley(game), rel=1e-9, abs=1e-6)
    split = ratio_split(wider, np.abs(wider) + 1)
    assert not split.ratio[-1].any() and not split.by_numerator[-1].any() and not split.by_denominator[-1].any()


@quick
@given(arrays(float, (3, 4), elements=levels))
def test_two_levers_that_do_the_same_get_the_same(by_count):
    """Levers 0 and 1 enter by how many of them are on; lever 2 adds its own."""
    game = np.array([by_count[(m & 1) + (m >> 1 & 1)] * (1 + (m >> 2)) for m in range(8)])
    values, index = shapley(game), interactions(game)
    assert values[0] == pytest.approx(values[1]) and index[0, 2] == pytest.approx(index[1, 2], abs=1e-6)


@quick
@given(games, st.floats(-3, 3), st.integers(0, 99))
def test_values_of_a_sum_are_sums_of_values(game, scale, seed):
    other = 1e4 * np.random.default_rng(seed).standard_normal(game.shape)
    for attribute in (shapley, interactions, first_in, last_in):
        expected = scale * attribute(game) + attribute(other)
        assert attribute(scale * game + other) == pytest.approx(expected, rel=1e-9, abs=1e-5)


def test_the_glove_game():
    """One left glove and two right ones; a pair is worth 1: (2/3, 1/6, 1/6)."""
    worth = {mask: float(bool(mask & 1) and bool(mask & 6)) for mask in range(8)}
    assert shapley(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert first_in(worth).tolist() == [0, 0, 0] and last_in(worth).tolist() == [1, 0, 0]
    assert interactions(worth) == pytest.approx(np.array([[0, 0.5, 0.5], [0.5, 0, -0.5], [0.5, -0.5, 0]]))


def test_a_pure_pair_interacts_and_nothing_else_does():
    game = np.array([7.0 * (m & 1) * (m >> 2 & 1) + 2.0 * (m >> 1 & 1) for m in range(16)])
    index = interactions(game)
    expected = np.zeros((4, 4))
    expected[0, 2] = expected[2, 0] = 7.0
    assert index == pytest.approx(expected) and shapley(game) == pytest.approx([3.5, 2.0, 3.5, 0.0])


@quick
@given(games)
def test_levers_that_only_add_up_do_not_interact(game):
    single = game[1:1 + k_of(game)]
    sums = np.array([sum((single[i] for i in range(len(single)) if m >> i & 1), np.zeros(3)) for m in range(len(game))])
    assert interactions(sums) == pytest.approx(0, abs=1e-6)
    for effect in (shapley, first_in, last_in):
        assert effect(sums) == pytest.approx(single, rel=1e-9, abs=1e-6)


def test_a_ratio_is_split_into_its_parts():
    draw = np.random.default_rng(3)
    over, under = draw.uniform(1, 5, (16, 6)), draw.uniform(2, 9, (16, 6))
    split = ratio_split(over, under)
    assert split.ratio == pytest.approx(shapley(over / under))
    assert split.by_numerator + split.by_denominator == pytest.approx(split.ratio)
    assert split.numerator == pytest.approx(shapley(over)) and split.denominator == pytest.approx(shapley(under))
    fixed = ratio_split(over, np.full_like(under, 4.0))
    assert not fixed.by_denominator.any() and fixed.by_numerator == pytest.approx(shapley(over) / 4)


def test_a_ratio_by_nothing_costs_its_replicate():
    under = np.ones((4, 3))
    under[2, 1] = 0.0
    split = ratio_split(np.arange(12.0).reshape(4, 3), under)
    assert np.isnan(split.ratio[:, 1]).all() and np.isfinite(split.ratio[:, [0, 2]]).all()
    n, mean, low, high = mean_interval(split.ratio)[0]
    assert n == 2 and low <= mean <= high


def test_intervals_are_over_replicates():
    effects = np.random.default_rng(5).standard_normal((3, 3, 9))
    table = mean_interval(effects)
    low, high = stats.t.interval(0.95, 8, effects.mean(-1), stats.sem(effects, axis=-1))
    assert table.shape == (3, 3, 4) and (table[..., 0] == 9).all()
    assert table[..., 2] == pytest.approx(low) and table[..., 3] == pytest.approx(high)


def test_a_game_with_a_coalition_missing_is_refused():
    for values in ([1.0, 2.0, 3.0], [1.0], 3.0, {0: 1.0, 1: 2.0, 3: 1.0, 4: 2.0}):
        with pytest.raises(ValueError, match="coalitions"):
            shapley(values)
    with pytest.raises(ValueError, match="differ in shape"):
        ratio_split(np.ones((4, 2)), np.ones((4, 3)))
