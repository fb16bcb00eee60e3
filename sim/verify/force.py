"""Bribes, restraint and decoys against closed forms."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import lognorm

from sim.market import Market
from sim.registry.configuration import configure
from sim.rules.bribes import best_toll
from sim.rules.decoys import equilibrium_spending
from sim.rules.extortion import loss_per_abduction
from sim.verify.check import Check
from sim.world.shares import demand_slopes
from sim.world.worth import leaving_by_offer, worth_per_event


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
    """A joint owner's restraint exceeds that of separate owners by κ_m s₀ − κ_g (1/λ − s₀) per unit of margin (M11).

    A patient joint owner is restrained less, since a client whom abuse keeps away stays: with trying alone as the only
    way to leave besides, (κ_g + κ_m) s₀ becomes (κ_g + κ_m) s_u e_u/a, a = S e + s_u e_u.
    """
    checks, n = [], 2000
    apart, all_one = np.eye(n, dtype=bool), np.ones((n, n), dtype=bool)
    for outside, group, market, nest in ((0.2, 1.0, 1.0, 1.0), (0.8, 1.0, 3.0, 1.0), (0.5, 4.0, 6.0, 0.35),
                                         (0.5, 1.0, 8.0, 0.35), (0.5, 4.0, 6.0, 0.6), (0.5, 4.0, 12.0, 0.6),
                                         (0.5, 4.0, 6.0, 1.0)):
        share = np.full((1, n), (1 - outside) / n)
        aided = share.sum(axis=1)
        appeal = -demand_slopes(share / share.sum(), aided, aided**2, np.ones_like(share), nest)
        loss = [loss_per_abduction(np.ones(n), appeal, share[0], np.full(n, 1 / n), together, group, market)[0]
                for together in (apart, all_one)]
        predicted = market * outside - group * (1 / nest - outside)
        checks.append(Check(f"more restraint of a joint owner, s₀ = {outside}, κ_g = {group:g}, κ_m = {market:g}, "
                            f"λ = {nest:g}", predicted, loss[1] - loss[0], 0.01))
        alone, gone, gone_alone = outside / 2, 0.3, 0.25
        leaving = leaving_by_offer(appeal, -share[0] * alone, np.full(n, gone), gone_alone)
        exits = (1 - outside) * gone + alone * gone_alone
        worth = worth_per_event(share[0], np.ones(n), 1.0, exits, 1.0).sum()
        patient = loss_per_abduction(np.ones(n), appeal, share[0], np.full(n, 1 / n), all_one, group, market, leaving,
                                     np.full(n, worth))[0]
        checks.append(Check(f"restraint of a patient joint owner, s₀ = {outside}, κ_g = {group:g}, κ_m = {market:g}, "
                            f"λ = {nest:g}", (group + market) * alone * gone_alone / exits, patient, 0.01))
    return checks


def restraint_in_a_run() -> list[Check]:
    """In runs of the model the sign of the joint owner's effect on intensity is that of κ_g (1/λ − s₀) − κ_m s₀.

    Owners value one attempt (δ = 0), and s₀ is about a half.
    """
    checks = []
    for nest, group, market, sign in ((0.35, 4.0, 6.0, 1), (0.35, 1.0, 20.0, -1), (0.6, 4.0, 6.0, 1),
                                      (0.6, 1.0, 20.0, -1), (1.0, 4.0, 0.0, 1), (1.0, 1.0, 20.0, -1)):
        intensity = {}
        for joint in (False, True):
            words = ["scale=0.2", "warmup=100", "nights=60", "organisation.control=1", "organisation.affine=all",
                     f"migrants.dissimilarity={nest}", "gangs.entry=0", f"migrants.abuse_aversion={group}",
                     f"migrants.market_abuse_aversion={market}", "market.client_discount=0",
                     f"organisation.levers.joint_restraint={joint}"]
            run = Market(configure("fragmented", words), 6)
            while run.running:
                run.step()
            intensity[joint] = run.record().run["intensity"]
        checks.append(Check(f"sign of joint restraint on intensity, λ = {nest:g}, κ_g = {group:g}, κ_m = {market:g}",
                            sign, float(np.sign(intensity[True] - intensity[False])), 0))
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


LIMITS = {"toll": toll, "payroll": payroll, "restraint": restraint, "restraint_in_a_run": restraint_in_a_run,
          "decoys": decoys}
