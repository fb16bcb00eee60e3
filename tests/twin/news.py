"""What staying is worth, and how arrivals answer to it (submodels.md, News)."""

import math

from tests.twin.draws import poisson
from tests.twin.measures import visas

LEAST_SHARE = 0.01


def set_up(model):
    """Nothing is known; arrivals are those of the season."""
    origins = range(len(model.p.migrants.origins))
    model.news = [None for _ in origins]
    model.first_news = [None for _ in origins]
    model.news_at = {}  # night: news at its dusk
    model.came = [1.0 for _ in origins]
    model.answer = [1.0 for _ in origins]
    model.recent = model.p.migrants.arrivals * model.p.scale * model.season()


def worth_of_staying(model, person):
    """V of the last choice less what waiting since the last rest has cost; None before the first choice."""
    if person.worth is None:
        return None
    return person.worth - model.p.migrants.waiting_loss * max(model.t - person.rested, 0)


def dusk(model):
    """News as it stands at dusk, and tonight's answers."""
    model.news_at[model.t] = list(model.news)
    for origin in range(len(model.news)):
        model.answer[origin] = answer(model, origin)


def answer(model, origin):
    """f_o: how many come for each that the season alone would send."""
    m, cap = model.p.migrants, model.p.migrants.arrival_cap
    then = model.t - m.news_delay
    heard = model.news_at[then][origin] if then in model.news_at else None
    better = heard - model.first_news[origin] if heard is not None else 0.0
    y = m.arrival_response * better + m.arrival_network * math.log(max(model.came[origin], LEAST_SHARE))
    if -y > 700:
        return 0.0
    return cap / (1 + (cap - 1) * math.exp(-y))


def expected_arrivals(model):
    """m, and the weights z_o f_o v_o of the origins."""
    m = model.p.migrants
    mean = m.arrivals * model.p.scale * model.season()
    return mean, [z * f * visas(model, o) for o, (z, f) in enumerate(zip(m.origin_shares, model.answer))]


def remember_coming(model, mean, weights):
    """Tonight's parts of A and R_c: who is expected, and how many more per unit by which staying is worth more."""
    m, seen = model.p.migrants, model.memory
    for weight, f in zip(weights, model.answer):
        expected = mean * weight / sum(m.origin_shares)
        seen.arrivals += expected
        seen.coming += expected * m.arrival_response * (1 - f / m.arrival_cap)


def number_of_arrivals(model, mean, weights):
    """A, and how many turned back before arriving."""
    u = model.uniform("arrivals", model.t, 0)
    number = poisson(mean * sum(weights) / sum(model.p.migrants.origin_shares), u)
    return number, poisson(mean, u) - number


def first_delay(model):
    """The mean first delay thins with recent traffic."""
    m = model.p.migrants
    traffic = min(max(model.recent / (m.arrivals * model.p.scale), 0.1), 10.0)
    return m.first_delay * traffic**-m.delay_thickness


def after_arrivals(model, mean, came):
    """Running means of arrivals: all, and by origin as shares of those who could come."""
    m = model.p.migrants
    step = 1 - m.news_memory
    model.recent += step * (sum(came) - model.recent)
    for origin, number in enumerate(came):
        could = mean * m.origin_shares[origin] * visas(model, origin) / sum(m.origin_shares)
        if could > 0:
            model.came[origin] += step * (number / could - model.came[origin])


def hear(model, choosers):
    """News moves towards what staying is worth to tonight's choosers."""
    for origin in range(len(model.news)):
        worths = [worth_of_staying(model, person) for person in choosers if person.origin == origin]
        if not worths:
            continue
        mean = sum(worths) / len(worths)
        if model.news[origin] is None:
            model.news[origin] = model.first_news[origin] = mean
        else:
            model.news[origin] += (1 - model.p.migrants.news_memory) * (mean - model.news[origin])
