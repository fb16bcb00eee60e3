"""M1 arrivals: how many people reach the country, from which origin and with how much money.

    A_t ~ Poisson(λ g_t Σ_o z_o f_o v_o),   log g_t = two harmonics + dated shocks,   mean of g over a year = 1

z_o is the share of origin o, f_o its answer to news (`sim/world/news.py`) and v_o the factor of visa measures.  The
thicker the traffic, the sooner people set out: mean first delay d₀ (recent arrivals / those of the mean year)^(−ε).
"""

import numpy as np

from sim.world.draws import pick, poisson_quantile
from sim.world.ledger import cents
from sim.world.news import answer_slope
from sim.world.people import Status
from sim.world.taste import tastes

FIRST_ID_NIGHT = 1 << 12  # ids stay positive through the warm-up
PER_NIGHT = 1 << 24  # room for one night's ids
THICKNESS = 0.1, 10.0  # recent arrivals over those of the mean year count from the first to the second


def arrive(world) -> int:
    """People arrive in a Poisson number; the id of each person keys the draws of that person's traits.

    Returns the number of persons.
    """
    p, t, draws = world.p.migrants, world.t, world.draws
    shares = np.asarray(p.origin_shares)
    usual, let_in = p.arrivals * world.p.scale * world.calendar.season(t), let_come(world) * shares
    answered = world.news.respond()
    weights = let_in * answered
    sent = usual * weights / shares.sum()
    world.demand.arrivals += sent.sum()
    world.demand.coming += sent @ answer_slope(p, answered)
    expected, come = poisson_quantile(draws.one("arrivals", t), usual * np.array([1.0, weights.sum() / shares.sum()]))
    count = int(come)
    ids = (t + FIRST_ID_NIGHT) * PER_NIGHT + np.arange(count)
    taste = tastes(world, ids)
    rows = world.people.append(
        count,
        id=ids,
        origin=pick(draws.uniform("origin", t, ids), weights),
        cash=cents(draws.lognormal("cash", t, ids, p.cash_median, p.cash_sd)),
        family_funds=cents(draws.lognormal("means", t, ids, p.means_median, p.means_sd)),
        trust=np.clip(p.trust + p.trust_sd * draws.normal("trust", t, ids), 0.0, 1.0),
        aware=draws.uniform("aware", t, ids) < p.awareness,
        # mean 1, so that spread changes the tail of attempts and not the mean risk
        frailty=draws.lognormal("frailty", t, ids, np.exp(-0.5 * p.frailty_sd**2), p.frailty_sd),
        corridor=taste.argmax(axis=0),
        status=Status.RESTING,
        arrived=t,
    )
    world.people.status_ends[rows] = world.people.rested[rows] = t + draws.nights("first delay", t, ids,
                                                                                  first_delay(world))
    came = np.bincount(world.people.origin[rows], minlength=len(shares))
    world.news.count(came, usual * let_in / shares.sum())
    world.books.cash_in(rows)
    world.count("arrivals", count)
    world.count("not_arrived", int(expected) - count)
    return count


def let_come(world) -> np.ndarray:
    """Factor of the arrivals of each origin (O,) by the visa measures in force tonight; 1 without any."""
    factor = np.ones(len(world.p.migrants.origins))
    for nationality, strength in world.calendar.visas(world.t):
        factor[world.p.migrants.origins.index(nationality)] *= strength
    return factor


def first_delay(world) -> float:
    """Mean nights before the first choice of tonight's arrivals, given recent traffic."""
    p = world.p.migrants
    usual = p.arrivals * world.p.scale
    thickness = np.clip(world.news.traffic / usual, *THICKNESS) if usual else 1.0
    return p.first_delay * thickness ** -p.delay_thickness


RULES = {"seasonal_poisson": arrive}
