"""Prices against closed forms: logit–Bertrand, joint pricing, limited means, taxes and tributes."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.market import Market
from sim.registry.configuration import configure
from sim.registry.parameters import registry
from sim.verify.check import Check
from sim.world.derived import attempt_cost

ALPHA = 0.004  # 1 / EUR
# Only one corridor matters, groups are identical, everyone can pay, nobody is stopped, and clients choose once; owners
# value one attempt (`sim/verify/worth.py` has the limits where people are stopped and come back).
ALIKE = (
    "police.patrols=0", "market.client_discount=0", "migrants.prior_success=1", "migrants.dissimilarity=1",
    "migrants.same_origin=0",
    "migrants.turf_visibility=0", "migrants.abuse_aversion=0", "migrants.market_abuse_aversion=0",
    "migrants.corridor_value=-20", "migrants.cash_median=100000", "migrants.season_year=0", "migrants.season_half=0",
    f"migrants.price_sensitivity={ALPHA}", "migrants.value_of_success=4", "migrants.unaided_risk=1",
    "migrants.prior_unaided=1", "market.scarcity=0", "market.retry_fee=0", "market.price_step_limit=5",
    "gangs.abduction_rate=0", "gangs.clash_rate=0", "gangs.entry=0", "gangs.split_chance=0", "gangs.overlap=1",
    "gangs.turf_drift=0", "police.corruptible=0", "organisation.control=1", "organisation.affine=all", "warmup=140",
    "nights=8", "scale=0.3",
)


def priced(*overrides, seed=3):
    """Run until prices are stationary; returns the market and mean engagement shares of groups."""
    market = Market(configure("fragmented", [*ALIKE, *overrides]), seed)
    world = market.world
    engaged, people = np.zeros(world.groups.n), 0
    while market.running:
        before, nights = world.demand.demand.copy(), world.t % market.p.market.review_nights
        market.step()
        if market.night > 0 and nights:  # a night of review resets the sums
            engaged += world.demand.demand - before
            people += world.counts["choosing"]
    return market, engaged / max(people, 1)


def bertrand() -> list[Check]:
    """Bertrand competition of separate owners under logit demand: p − c = 1/(α(1 − s)) (V2)."""
    checks = []
    for n in (2, 5, 10):
        market, share = priced(f"gangs.count={n}", "gangs.free_rows=0")
        groups = market.world.groups
        markup = (groups.price - attempt_cost(market.world))[:n]
        predicted = 1 / (ALPHA * (1 - share[:n]))
        checks.append(Check(f"markup of {n} separate owners, EUR", predicted.mean(), markup.mean(),
                            0.01 * predicted.mean()))
    return checks


def time_step() -> list[Check]:
    """The interval of reviews changes the speed of convergence of prices, not their stationary level."""
    weekly, often = (priced("gangs.count=5", "gangs.free_rows=0", f"market.review_nights={k}", "warmup=200")[0]
                     for k in (7, 2))
    prices = [market.world.groups.price[:5].mean() for market in (weekly, often)]
    return [Check("resting price with reviews every 2 nights against 7, EUR", prices[0], prices[1], 0.01 * prices[0])]


def joint() -> list[Check]:
    """Joint pricing by one owner: p − c = 1/(α s₀) with s₀ the share of the outside options (V2)."""
    checks = []
    for n in (2, 5, 10):
        market, share = priced(f"gangs.count={n}", "gangs.free_rows=0", "organisation.levers.joint_pricing=true")
        markup = (market.world.groups.price - attempt_cost(market.world))[:n].mean()
        predicted = 1 / (ALPHA * (1 - share.sum()))
        checks.append(Check(f"markup of one owner of {n} groups, EUR", predicted, markup, 0.01 * predicted))
    return checks


def means() -> list[Check]:
    """A monopolist facing lognormal means F sets p − c = (1 − F(p))/f(p)."""
    median, sd, low = 1500.0, 0.7, 0.0005
    market, _ = priced("gangs.count=1", "gangs.free_rows=0", "migrants.cash_median=1", "migrants.cash_sd=0",
                       f"migrants.means_median={median}", f"migrants.means_sd={sd}", "migrants.unaided_risk=9",
                       "migrants.wait_value=-20", f"migrants.price_sensitivity={low}", "market.means_band=0.03",
                       "migrants.unaided_cost=0", "border.transport_cost=[0,0,0]", "scale=1", "warmup=200")
    cost = attempt_cost(market.world)[0]

    def slope(p):
        z = (np.log(p) - np.log(median)) / sd
        density = np.exp(-0.5 * z**2) / (np.sqrt(2 * np.pi) * sd * p)
        return (1 - ndtr(z)) - density * (p - cost)

    best = brentq(slope, cost + 1, 20 * median)
    return [Check("price where means end demand, EUR", best, market.world.groups.price[0], 0.06 * best)]


def head_tax() -> list[Check]:
    """A tax τ per crossing adds to cost, p − c − τ = 1/(α(1 − s)); a lump sum does not change prices (V5)."""
    tax = 200.0
    alike = ("gangs.count=5", "gangs.free_rows=0", "organisation.levers.skim=true")
    market, share = priced(*alike, "organisation.structure=franchise", f"organisation.head_tax={tax}")
    markup = (market.world.groups.price - attempt_cost(market.world) - tax)[:5].mean()
    predicted = (1 / (ALPHA * (1 - share[:5]))).mean()
    lump, _ = priced(*alike, "organisation.structure=tribute", "organisation.tribute=500")
    free, _ = priced("gangs.count=5", "gangs.free_rows=0")
    inside, outside = lump.world.groups.price.mean(), free.world.groups.price.mean()
    merged, _ = priced("gangs.count=5", "gangs.free_rows=0", "organisation.levers.joint_pricing=true",
                       "organisation.levers.skim=true", "organisation.structure=franchise",
                       f"organisation.head_tax={tax}")
    untaxed, _ = priced("gangs.count=5", "gangs.free_rows=0", "organisation.levers.joint_pricing=true")
    return [Check("markup under a tax per crossing, EUR", predicted, markup, 0.01 * predicted),
            Check("price under a lump-sum tribute, EUR", outside, inside, 1e-9 * outside),
            Check("price where the taxer sets it, EUR", untaxed.world.groups.price.mean(),
                  merged.world.groups.price.mean(), 1e-9 * outside)]


def doubling() -> list[Check]:
    """Homogeneity: doubling all amounts in EUR doubles prices and changes no flow of people."""
    plain = ("scale=0.1", "nights=60", "warmup=60")
    p = configure("status_quo", plain)
    doubled = []
    for entry in registry().values():
        power = 1 if entry.unit.startswith("EUR") else -1 if entry.unit.endswith("/ EUR") else 0
        if power:
            value = p
            for part in entry.key.split("."):
                value = getattr(value, part)
            both = [v * 2.0**power for v in value] if isinstance(value, tuple) else value * 2.0**power
            doubled.append(f"{entry.key}={both}")
    base, scaled = (Market(configure("status_quo", [*plain, *more]), 9) for more in ((), doubled))
    for market in (base, scaled):
        while market.running:
            market.step()
    base_run, scaled_run = base.record().run, scaled.record().run
    price, crossings = (scaled_run[name] / base_run[name] for name in ("price_mean", "crossings"))
    return [Check("price when every EUR is doubled, ratio", 2.0, price, 0.005),
            Check("crossings when every EUR is doubled, ratio", 1.0, crossings, 0.005)]


LIMITS = {"bertrand": bertrand, "time_step": time_step, "joint": joint, "means": means, "head_tax": head_tax,
          "doubling": doubling}
