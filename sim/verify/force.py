"""Contests, fights, bribes, restraint and decoys against closed forms."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import lognorm

from sim.market import Market
from sim.registry.configuration import configure
from sim.rules.bribes import best_toll
from sim.rules.decoys import equilibrium_spending
from sim.rules.extortion import loss_per_abduction
from sim.rules.turf import best_effort, lanchester
from sim.verify.check import Check
from sim.world.draws import Draws, round_randomly
from sim.world.shares import demand_slopes

# Fighters respond to a constant prize; nobody dies and turf does not change hands.
CONTEST = (
    "gangs.prize_learning=0", "gangs.clash_rate=0", "gangs.turf_drift=0", "gangs.overlap=1", "gangs.guard=0.001",
    "gangs.entry=0", "gangs.split_chance=0", "gangs.free_rows=0", "police.suspects_per_found=0", "scale=0.1",
    "gangs.smallest_crew=0", "gangs.exit_members=0", "gangs.labour_pool=100000", "gangs.fighters=3000",
    "gangs.hiring_cost=0", "gangs.treasury=1e9", "gangs.draw_share=0", "warmup=0", "nights=250", "gangs.contestable=1",
)


def fighters(n, *overrides, prize) -> np.ndarray:
    """Fighters of each of n equal groups after 250 nights of hiring for a fixed total prize [EUR / night]."""
    market = Market(configure("fragmented", [*CONTEST, f"gangs.count={n}", *overrides]), seed=2)
    market.world.prize[:] = prize / market.world.places.total
    while market.running:
        market.step()
    return market.world.groups.fighters[:n]


def tullock() -> list[Check]:
    """Tullock contest for a fixed prize V: x* = (n−1) V / (n² w) each (V6, r = 1)."""
    prize, wage = 60_000.0, 40.0
    checks = []
    for n in (2, 3, 5, 8):
        each = (n - 1) * prize / n**2 / wage
        checks.append(Check(f"fighters of one of {n} rivals", each, float(fighters(n, prize=prize).mean()), 2.0))
    return checks


def eroding_prize() -> list[Check]:
    """Contest for the Cournot profit of n rivals: total effort ∝ (n−1)/(n+1)², highest at n = 3 (V7)."""
    scale, wage = 400_000.0, 40.0
    total = {n: float(fighters(n, prize=scale * n / (n + 1) ** 2).sum()) for n in (2, 3, 4, 6)}
    checks = [Check(f"all fighters of {n} rivals for an eroding prize", scale / wage * (n - 1) / (n + 1) ** 2, x,
                    n + 2.0) for n, x in total.items()]
    return [*checks, Check("number of rivals with most fighters", 3, max(total, key=total.get), 0)]


def owner_of_all() -> list[Check]:
    """A single owner of all groups' conflicts has no prize to win, so fighters are 0 up to rounding."""
    both = fighters(5, "organisation.control=1", "organisation.affine=all", "organisation.levers.internal_peace=true",
                    prize=60_000.0)
    return [Check("fighters under one owner", 0.0, float(both.mean()), 1.0)]


def square_law() -> list[Check]:
    """Lanchester's square law: 100 against 80 leaves 60; mean casualties of many clashes match the law (V10)."""
    left = lanchester(100, 80, 1, 1, 1000)
    lost = 8 - lanchester(8, 6, 0.02, 0.02, 1.5)[0]
    u = Draws(4).uniform("verify fight", 0, np.arange(100_000))
    drawn = round_randomly(np.full(len(u), lost), u)
    return [Check("left of 100 against 80", 60.0, left[0], 1e-9), Check("left of 80 against 100", 0.0, left[1], 1e-9),
            Check("killed a clash, whole persons", lost, drawn.mean(), 4 * drawn.std() / np.sqrt(len(u)))]


def toll() -> list[Check]:
    """The toll maximises F(b)(G − b); it depends on the value of a passage and not on the owner's size."""
    checks = []
    for gain, median, sd in ((13_000.0, 1400.0, 0.8), (13_000.0, 25_000.0, 1.2), (2000.0, 5000.0, 0.5)):
        law = lognorm(sd, scale=median)
        best = minimize_scalar(lambda b, g=gain, f=law: -f.logcdf(b) - np.log(g - b), bounds=(1, gain - 1),
                               method="bounded", options={"xatol": 1e-6}).x
        checks.append(Check(f"toll for a passage worth {gain:.0f} EUR, median threshold {median:.0f}", best,
                            float(best_toll(gain, median, sd)), 1e-3 * best))
    offers = []
    for scale in (0.1, 0.2):
        market = Market(configure("fragmented", [f"scale={scale}", "warmup=0", "nights=8", "market.scarcity=0",
                                                 "market.price_step=0.001", "police.patrols=0", "gangs.entry=0"]), 1)
        while market.running:
            market.step()
        offers.append(market.world.groups.bribe[:10].mean())
    return [*checks, Check("toll of owners twice as large, ratio", 1.0, offers[1] / offers[0], 0.01)]


def payroll() -> list[Check]:
    """The value of an interior team grows with its owner's expected losses, so pooled owners bribe more teams."""
    served = {}
    for pooled in (False, True):
        words = ["scale=1", "warmup=0", "nights=8", "police.corruptible=1", "police.rotation_nights=30000",
                 "organisation.control=1", "organisation.affine=all", "police.raid_learning=0",
                 f"organisation.levers.pooled_finance={pooled}"]
        market = Market(configure("fragmented", words), 1)
        market.world.groups.raid_loss[:10] = 500.0
        while market.running:
            market.step()
        units = market.world.units
        teams = units.interior
        worth = 30 * 500.0 * (10 if pooled else 1) / teams.sum() * market.p.police.payroll_effect
        predicted = float((units.integrity[teams] <= worth).sum())
        served[pooled] = (predicted, float((units.payer[teams] >= 0).sum()))
    return [Check("interior teams on the payroll, separate owners", *served[False], 0),
            Check("interior teams on the payroll, pooled owners", *served[True], 0)]


def restraint() -> list[Check]:
    """A joint owner's restraint exceeds that of separate owners by κ_m s₀ − κ_g (1−s₀) per unit of margin (M11)."""
    checks, n = [], 2000
    for outside, group, market in ((0.2, 1.0, 1.0), (0.5, 1.0, 1.0), (0.8, 1.0, 3.0), (0.3, 2.0, 6.0)):
        share = np.full((1, n), (1 - outside) / n)
        aided = share.sum(axis=1)
        appeal = -demand_slopes(share / share.sum(), aided, aided**2, np.ones_like(share), 1.0)
        loss = [loss_per_abduction(np.ones(n), appeal, share[0], np.full(n, 1 / n), together, group, market)[0]
                for together in (np.eye(n, dtype=bool), np.ones((n, n), dtype=bool))]
        predicted = market * outside - group * (1 - outside)
        checks.append(Check(f"more restraint of a joint owner, s₀ = {outside}, κ_g = {group:g}, κ_m = {market:g}",
                            predicted, loss[1] - loss[0], 0.01))
    return checks


def restraint_in_a_run() -> list[Check]:
    """In runs of the model the sign of the joint owner's effect on intensity is that of κ_g (1 − s₀) − κ_m s₀."""
    checks = []
    for group, market, sign in ((4.0, 0.0, 1), (0.2, 20.0, -1)):
        intensity = {}
        for joint in (False, True):
            words = ["scale=0.2", "warmup=100", "nights=60", "organisation.control=1", "organisation.affine=all",
                     "migrants.dissimilarity=1", "gangs.entry=0", f"migrants.abuse_aversion={group}",
                     f"migrants.market_abuse_aversion={market}", f"organisation.levers.joint_restraint={joint}"]
            run = Market(configure("fragmented", words), 6)
            while run.running:
                run.step()
            intensity[joint] = run.record().run["intensity"]
        checks.append(Check(f"sign of joint restraint on intensity, κ_g = {group:g}, κ_m = {market:g}", sign,
                            float(np.sign(intensity[True] - intensity[False])), 0))
    return checks


def decoys() -> list[Check]:
    """Decoys are a public good: separate owners spend d₀ ln(max B/d₀), a joint owner d₀ ln(ΣB/d₀)."""
    unit, gains = 100.0, np.array([900.0, 500.0, 300.0])

    def settle(groups_of):
        spent = np.zeros(len(groups_of))
        for _ in range(200):  # best responses in turn
            for k, gain in enumerate(groups_of):
                others = spent.sum() - spent[k]
                spent[k] = max(0.0, unit * np.log(max(gain, unit) / unit) - others)
        return spent.sum()

    return [Check("decoy spending of separate owners, EUR", settle(gains),
                  float(equilibrium_spending(gains.max(), unit)), 1e-6),
            Check("decoy spending of one owner, EUR", settle([gains.sum()]),
                  float(equilibrium_spending(gains.sum(), unit)), 1e-6)]


def best_response() -> list[Check]:
    """Contest of two valuations: x1 = V1² V2/(V1+V2)², probability of winning V1/(V1+V2) (V6)."""
    first, second = 900.0, 300.0
    x, y = 10.0, 10.0
    for _ in range(2000):
        x += 0.1 * (float(best_effort(first, y, 1.0)) - x)
        y += 0.1 * (float(best_effort(second, x, 1.0)) - y)
    return [Check("effort of the keener of two", first**2 * second / (first + second) ** 2, x, 1e-6 * x),
            Check("its chance to win", first / (first + second), x / (x + y), 1e-9)]


LIMITS = {"tullock": tullock, "eroding_prize": eroding_prize, "owner_of_all": owner_of_all,
          "best_response": best_response, "square_law": square_law, "toll": toll, "payroll": payroll,
          "restraint": restraint, "restraint_in_a_run": restraint_in_a_run, "decoys": decoys}
