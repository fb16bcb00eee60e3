"""News: what it remembers, how arrivals answer, and at which settings nothing answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import configured, first_night
from sim.world.news import News, answer, worth_of_staying
from sim.world.people import Status


def parameters(*overrides):
    return configured("fragmented", *overrides)


ORIGINS = len(parameters().migrants.origins)


def told(worth, *overrides):
    """News to which one person of each origin tells so much night by night, and the answers of these nights."""
    news = News(parameters(*overrides), 10.0)
    answers = []
    for value in worth:
        answers.append(news.respond()[0])
        news.hear(np.arange(ORIGINS), np.full(ORIGINS, float(value)))
    return news, np.array(answers)


@given(st.floats(-5, 5), st.floats(0.01, 4), st.floats(1, 20))
def test_without_response_and_network_nobody_answers(change, followed, cap):
    p = parameters("migrants.arrival_response=0", "migrants.arrival_network=0", f"migrants.arrival_cap={cap}")
    assert (answer(p.migrants, np.array([change]), np.array([followed])) == 1).all()


@given(st.floats(-900, 900), st.floats(0, 4))
def test_the_answer_is_a_logit_share_with_a_cap(change, followed):
    p = parameters("migrants.arrival_response=2", "migrants.arrival_cap=3").migrants
    f = answer(p, np.array([change]), np.array([followed]))[0]
    assert 0 <= f <= 3
    if abs(change) < 5 and followed > 0.02:
        logit_share = np.log(f / 3 / (1 - f / 3))
        assert logit_share == pytest.approx(-np.log(2) + 2 * change + 0.3 * np.log(followed), abs=1e-6)


def test_nothing_is_answered_until_news_changes():
    _, answers = told([1.3] * 80, "migrants.arrival_response=3")
    assert (answers == 1).all()


def test_the_first_news_is_the_reference():
    """It is that of the opening prices and beliefs, so that worlds that differ in owners alone have the same one."""
    news, answers = told([2.0] + [5.0] * 100, "migrants.arrival_response=3")
    assert (news.reference == 2).all() and 4 < news.value[0] < 5 and answers[-1] > 3


@pytest.mark.parametrize("delay", [0, 1, 20])
def test_arrivals_answer_after_the_delay(delay):
    """News of a night is known at dusk of the next one, and answered `delay` nights later."""
    _, answers = told([1.0] * 5 + [-3.0] * 60, "migrants.arrival_response=1", f"migrants.news_delay={delay}")
    answers = answers[5:]
    assert (answers[: delay + 1] == 1).all() and (np.diff(answers[delay:]) < 0).all()


def test_news_fades_by_its_memory():
    news, _ = told([1.0, 0.0, 0.0], "migrants.news_memory=0.9")
    assert news.value == pytest.approx(0.81)


def test_origins_hear_of_their_own_people():
    news = News(parameters(), 10.0)
    news.hear(np.array([1, 1]), np.array([2.0, 4.0]))
    assert news.value[1] == 3 and np.isnan(np.delete(news.value, 1)).all()


def followed(network, cap=4.0, nights=2000, start=0.05):
    """Share that comes in the end if few have come of late, without noise or news."""
    news = News(parameters(f"migrants.arrival_network={network}", f"migrants.arrival_cap={cap}"), 10.0)
    news.followed[:] = start
    for _ in range(nights):
        f = news.respond()
        news.count(100.0 * f, np.full(ORIGINS, 100.0))
    return news.followed[0]


def test_a_route_tips_where_many_follow_and_recovers_where_few_do():
    """With n < 1 few who come are followed by more; with n from 1 to 1/(1 − 1/C) both 1 and nobody are at rest."""
    assert followed(0.3) == pytest.approx(1, abs=1e-6) and followed(0.8) == pytest.approx(1, abs=1e-2)
    assert followed(1.2) < 0.02 and followed(1.2, start=0.6) == pytest.approx(1, abs=1e-2)


def test_the_worth_of_staying_falls_with_nights_ready():
    world = first_night("migrants.waiting_loss=0.1", people=4, status=Status.WAITING, rested=[0, 4, 9, 0],
                        prospects=[1.0, 1.0, 1.0, np.inf])
    world.t = 6
    worth = worth_of_staying(world, np.arange(4))
    assert worth == pytest.approx([0.4, 0.8, 1.0, np.inf])
