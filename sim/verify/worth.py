"""Worth of clients who come back: prices, worths and passages at a guarded border against closed forms.

One corridor, identical groups, a plain logit, and a share of attempts that fail.  With s the share of a group at a
choice event, S of all groups, s₀ of trying alone, e and e₀ the chances never to choose again after either, a the chance
of leaving for good per event, R how many persons more come or stay per unit of what a choice event is worth, and
κ = (1 − S) e − s₀ e₀ − R, the margin x per engagement solves (derived from the condition
of `sim/rules/price.py` with W = s x/(1 − δ(1 − a)), or S x/(1 − δ(1 − a)) for one owner)

    separate owners  x = (1/α) / (1 − s − δ s κ/(1 − δ(1 − a)))    one owner  x = (1/α) / (1 − S − δ S κ/(1 − δ(1 − a)))
"""

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.check import Check
from sim.verify.market import ALPHA
from sim.world.derived import another_crossing, margins, service_cost
from sim.world.worth import absorbed, absorbed_alone, client_worth, value_of_a_passage

GUARDED = (
    "border.corridor_shares=[1,0,0]", "police.patrol_shares=[1,0,0]", "police.patrols=35", "police.redeployment=0",
    "border.handling_time=0", "border.transport_cost=[0,0,0]", "migrants.support=0", "migrants.rumour=1",
    "camps.flat_share=0", "migrants.frailty_sd=0", "migrants.own_weight=1000", "migrants.dissimilarity=1",
    "migrants.same_origin=0", "migrants.turf_visibility=0", "migrants.abuse_aversion=0",
    "migrants.market_abuse_aversion=0", "migrants.corridor_value=-20", "migrants.cash_median=100000",
    "migrants.season_year=0", "migrants.season_half=0", "migrants.impatience=0", "migrants.camp_comfort=0",
    f"migrants.price_sensitivity={ALPHA}", "migrants.prior_success=0.3", "migrants.prior_unaided=0.2",
    "market.scarcity=0", "market.price_step_limit=5", "gangs.abduction_rate=0", "gangs.clash_rate=0", "gangs.entry=0",
    "gangs.split_chance=0", "gangs.overlap=1", "gangs.turf_drift=0", "gangs.free_rows=0", "police.corruptible=0",
    "rules.decoys=none", "police.guide_arrest=0", "police.operation_find=0", "police.routine_find=0",
    "organisation.control=1", "organisation.affine=all", "warmup=250", "nights=150", "scale=0.3",
)
JOINT = ("organisation.levers.joint_pricing=true", "organisation.levers.pooled_finance=true")


class Stationary:
    """A run at a guarded border and what was observed in its recorded nights, per choice event where not said else."""

    def __init__(self, *overrides, seed=3):
        self.market = Market(configure("fragmented", [*GUARDED, *overrides]), seed)
        world = self.market.world
        sums = np.zeros(4)  # engagements, attempts alone, choice events, exits
        self.margins, self.gone, self.worth, self.gain, self.profit = [], [], [], [], 0.0
        answers = []  # of those who stay, per choice event, and of those who come, per arrival
        while self.market.running:
            before = np.array([*self._counts(), world.exited])
            self.market.step()
            if world.t <= 0:
                continue
            review = world.calendar.is_review(world.t - 1)  # it clears what was remembered
            sums += np.array([*self._counts(), world.exited]) - (np.array([0, 0, 0, before[3]]) if review else before)
            answers.append((world.market.staying, world.market.coming))
            active = world.groups.active
            flow = world.books.flow
            self.profit += (flow["fee"] + flow["transport"] + flow["retry"]) / 100 \
                - world.counts["attempts_aided"] * service_cost(world)[0]
            self.margins.append(margins(world)[active].mean())
            self.gone.append((absorbed(world)[active].mean(), absorbed_alone(world)))
            self.worth.append(client_worth(world, "price")[0])
            self.gain.append((value_of_a_passage(world, "bribe") / another_crossing(world))[active].mean())
        engaged, alone, events, self.exits = sums
        self.aided, self.alone, self.leaving = engaged / events, alone / events, self.exits / events
        self.response = np.mean(answers, axis=0) @ [1, self.leaving]  # at rest as many come as leave
        self.absorbed, self.absorbed_alone = np.mean(self.gone, axis=0)

    def _counts(self):
        demand = self.market.world.demand
        return demand.demand.sum(), demand.alone, demand.events

    def margin(self, owned: float) -> float:
        """The closed form of x, EUR per engagement, for owners with so large a share at a choice event."""
        discount = self.market.p.market.client_discount
        kappa = (1 - self.aided) * self.absorbed - self.alone * self.absorbed_alone - self.response
        return 1 / ALPHA / (1 - owned - discount * owned * kappa / (1 - discount * (1 - self.leaving)))


def returning() -> list[Check]:
    """Prices of separate owners and of one owner where most attempts fail and people come back.

    The tolerance is twice the standard deviation between seeds; without the worth of clients the margin of the owner of
    all is a quarter lower, and without those who leave or stay away half as high again.
    """
    checks = []
    for n in (2, 5):
        run = Stationary(f"gangs.count={n}")
        predicted = run.margin(run.aided / n)
        checks.append(Check(f"margin of {n} separate owners at a guarded border, EUR per attempt", predicted,
                            float(np.mean(run.margins)), 0.03 * predicted))
    for discount in (0, 0.9, 0.98):
        run = Stationary("gangs.count=5", *JOINT, f"market.client_discount={discount}", "nights=300")
        predicted = run.margin(run.aided)
        checks.append(Check(f"margin of one owner at a guarded border, δ = {discount}, EUR per attempt", predicted,
                            float(np.mean(run.margins)), 0.03 * predicted))
    run = Stationary("gangs.count=5", *JOINT, "migrants.arrival_response=1", "nights=300")
    predicted = run.margin(run.aided)
    checks.append(Check("margin of one owner where arrivals answer strongly, EUR per attempt", predicted,
                        float(np.mean(run.margins)), 0.03 * predicted))
    return checks


def worth() -> list[Check]:
    """At δ = 1 the worth of a person is the profit that is made from one person until the person leaves for good."""
    run = Stationary("gangs.count=5", *JOINT, "market.client_discount=1", "market.price_floor=1500",
                     "market.price_ceiling=1500")
    predicted = run.profit / run.exits
    return [Check("worth of a person to a patient owner of all, EUR", predicted, float(np.mean(run.worth)),
                  0.03 * predicted)]


def small() -> list[Check]:
    """To one of very many owners a client is worth nothing later, so that it prices and bribes for one attempt."""
    many, myopic = (Stationary("gangs.count=40", "border.sectors=[40,3,3]", "market.retry_fee=0",
                               f"market.client_discount={discount}") for discount in (0.98, 0))
    price = [run.market.world.groups.price.mean() for run in (many, myopic)]
    gain = value_of_a_passage(many.market.world, "bribe").mean()
    return [Check("price of one of forty owners, δ = 0.98 against 0, ratio", 1.0, price[0] / price[1], 0.02),
            Check("worth of a person over the price of one of forty owners", 0.0,
                  float(np.mean(many.worth)) / price[0], 0.03),
            Check("value of a passage over the price of one of forty owners", 1.0, gain / price[0], 0.03)]


def passage() -> list[Check]:
    """A patient owner of all, whose clients all come back until across, values a passage at another crossing, k/q."""
    run = Stationary("gangs.count=5", *JOINT, "market.client_discount=1", "market.price_floor=800",
                     "market.price_ceiling=800", "market.attempt_cost=150", "market.retry_fee=0",
                     "migrants.unaided_risk=20", "migrants.leave_hazard=0", "migrants.leave_per_failure=0",
                     "police.pushback_share=1", "police.death_share=0", "border.accident_rate=0",
                     "border.legal_access=0")
    return [Check("value of a passage to a patient owner of all, over k/q", 1.0, float(np.mean(run.gain)), 0.06)]


LIMITS = {"returning": returning, "worth": worth, "small": small, "passage": passage}
