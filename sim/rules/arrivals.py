"""M1 arrivals: how many people reach the country, from which origin and with how much money.

    A_t ~ Poisson(λ g_t),   log g_t = two harmonics + dated shocks,   mean of g over a year = 1
"""

import numpy as np

from sim.world.draws import pick, poisson_quantile
from sim.world.ledger import cents
from sim.world.people import Status
from sim.world.taste import tastes

FIRST_ID_NIGHT = 1 << 12  # ids stay positive through the warm-up
PER_NIGHT = 1 << 24  # room for one night's ids


def arrive(world) -> int:
    """People arrive in a Poisson number; the id of each person keys the draws of that person's traits.

    Returns the number of persons.
    """
    p, t, draws = world.p.migrants, world.t, world.draws
    mean = p.arrivals * world.p.scale * world.calendar.season(t)
    count = int(poisson_quantile(draws.one("arrivals", t), mean))
    ids = (t + FIRST_ID_NIGHT) * PER_NIGHT + np.arange(count)
    taste = tastes(world, ids)
    rows = world.people.append(
        count,
        id=ids,
        origin=pick(draws.uniform("origin", t, ids), p.origin_shares),
        cash=cents(draws.lognormal("cash", t, ids, p.cash_median, p.cash_sd)),
        family_funds=cents(draws.lognormal("means", t, ids, p.means_median, p.means_sd)),
        trust=np.clip(p.trust + p.trust_sd * draws.normal("trust", t, ids), 0.0, 1.0),
        aware=draws.uniform("aware", t, ids) < p.awareness,
        # mean 1, so that spread changes the tail of attempts and not the mean risk
        frailty=draws.lognormal("frailty", t, ids, np.exp(-0.5 * p.frailty_sd**2), p.frailty_sd),
        corridor=taste.argmax(axis=0),
        status=Status.RESTING,
        status_ends=t + draws.nights("first delay", t, ids, p.first_delay),
        arrived=t,
    )
    world.books.cash_in(rows)
    world.count("arrivals", count)
    return count


RULES = {"seasonal_poisson": arrive}
