"""The demand system: it gives back what was observed, and prices at rest have the closed forms of the logit."""

import numpy as np
import pytest

from sim.world.demand_system import Market, at_rest, expected_at, of_rows, shares_at, target_prices, with_newcomer

SLOPE = 0.004


def market(groups=5, nest=0.6, discount=0.0, dissimilarity=1.0, staying=0.0, coming=0.0, **columns):
    """Alike groups that share `nest` equally, at 500 EUR; columns: others' values (one, or one for each group)."""
    values = {"share": nest / groups, "slope": SLOPE, "price": 500.0, "cost": 100.0, "shadow": 0.0, "received": 1.0,
              "sold": 1.0, "absorbed": 1.0} | columns
    each = {name: np.full(groups, 1.0) * value for name, value in values.items()}
    return Market(rows=np.arange(groups), events=100.0, alone=0.1, absorbed_alone=0.3, discount=discount,
                  staying=staying, coming=coming,
                  leaving=each["share"] @ each["absorbed"] + 0.1 * 0.3 + 0.01, dissimilarity=dissimilarity, floor=1.0,
                  ceiling=1e5, **each)


def one_owner(groups):
    return np.ones((groups, groups), bool)


def test_at_the_observed_prices_shares_are_the_observed_ones():
    unlike = market(share=np.array([0.05, 0.3, 0.1, 0.08, 0.02]), price=np.arange(400.0, 900, 100), dissimilarity=0.6)
    share, alone = shares_at(unlike, unlike.price)
    assert share == pytest.approx(unlike.share, rel=1e-12) and alone == pytest.approx(0.1)


@pytest.mark.parametrize("lam", [0.4, 1.0])
def test_shares_answer_to_a_price_as_in_the_nested_logit(lam):
    unlike = market(share=np.array([0.05, 0.3, 0.1, 0.08, 0.02]), dissimilarity=lam)
    higher = unlike.price + np.array([1e-4, 0, 0, 0, 0])
    slope = (shares_at(unlike, higher)[0] - unlike.share) / 1e-4
    s, inside = unlike.share, unlike.share / unlike.share.sum()
    expected = SLOPE * s[0] * (s + (1 - lam) / lam * inside - np.eye(5)[0] / lam)
    assert slope == pytest.approx(expected, rel=1e-5)


def test_prices_at_rest_are_those_of_bertrand_and_of_a_monopolist():
    alike = market()
    apart, united = at_rest(alike, np.eye(5, dtype=bool)), at_rest(alike, one_owner(5))
    assert apart - 100 == pytest.approx(1 / (SLOPE * (1 - shares_at(alike, apart)[0])))
    assert united - 100 == pytest.approx(1 / (SLOPE * (1 - shares_at(alike, united)[0].sum())))
    assert (united > apart).all()


def test_a_patient_owner_of_all_asks_more_and_a_small_owner_as_much_as_without_patience():
    def price(groups, discount, together):
        return at_rest(market(groups, discount=discount, absorbed=0.35), together)[0]
    assert price(5, 0.98, one_owner(5)) > 1.2 * price(5, 0.0, one_owner(5))
    assert price(400, 0.98, np.eye(400, dtype=bool)) == pytest.approx(price(400, 0, np.eye(400, dtype=bool)), rel=0.01)


@pytest.mark.parametrize("answers", [{}, {"staying": 0.05}, {"coming": 0.4}, {"staying": 0.02, "coming": 0.2}],
                         ids=str)
def test_the_price_at_rest_is_the_best_fixed_price_of_a_patient_owner(answers):
    """Where people leave and arrivals answer, too; future arrivals count as those present at δ = 1 alone."""
    alike = market(discount=1.0 if answers else 0.97, absorbed=0.4, **answers)
    best = at_rest(alike, one_owner(5))
    earned = [expected_at(alike, best * factor).profit.sum() for factor in (0.97, 1.0, 1.03)]
    assert earned[1] > earned[0] and earned[1] > earned[2]


def test_with_few_clients_expected_back_the_number_of_choices_stays():
    alike = market()
    assert expected_at(alike, alike.price * 1.5).engagements.sum() < expected_at(alike, alike.price).engagements.sum()
    patient = alike._replace(discount=1.0)
    served = [expected_at(patient, alike.price * f).engagements.sum() for f in (1.0, 1.2)]
    assert served[1] < served[0] and served[1] > expected_at(alike, alike.price * 1.2).engagements.sum()


def test_a_newcomer_as_attractive_as_the_others_gets_an_equal_part():
    larger = with_newcomer(market(dissimilarity=0.6), 1 / 5, 1.0)
    assert larger.share == pytest.approx(larger.share[0]) and len(larger.share) == 6
    assert 0.6 < larger.share.sum() < 1 and larger.alone < 0.1 and larger.leaving > 0.64


def test_a_newcomer_that_takes_its_weight_from_the_others_leaves_the_nest_as_it_was():
    larger = with_newcomer(market(dissimilarity=0.6), 1 / 6, 5 / 6)
    assert larger.share == pytest.approx(0.1) and larger.alone == pytest.approx(0.1)


def test_without_a_group_the_others_keep_their_shares():
    fewer = of_rows(market(), np.arange(5) != 2)
    assert fewer.rows.tolist() == [0, 1, 3, 4] and fewer.share == pytest.approx(0.12) and fewer.alone == 0.1


@pytest.mark.parametrize("seed", range(25))
def test_the_search_ends_where_no_owner_wants_to_move_however_unlike_the_groups_are(seed):
    """With a constant damping of a half the search runs in circles in about one of twenty of such markets."""
    r = np.random.default_rng(seed)
    groups, nest = int(r.integers(2, 15)), r.uniform(0.1, 0.9)
    success = r.uniform(0.1, 1, groups)
    unlike = market(groups, discount=r.choice([0, 0.9, 0.98, 1.0]), dissimilarity=r.uniform(0.35, 1),
                    share=nest * r.dirichlet(np.ones(groups)), slope=0.003 * success,
                    price=r.uniform(300, 2000, groups), cost=r.uniform(50, 600, groups),
                    shadow=r.uniform(0, 200, groups), received=success,
                    absorbed=1 - 0.9 * (1 - success))._replace(alone=0.05)
    owner = np.minimum(np.arange(groups), r.integers(0, groups, groups))
    together = owner[:, None] == owner
    price = at_rest(unlike, together)
    assert target_prices(unlike, price, together) == pytest.approx(price, rel=1e-4)
