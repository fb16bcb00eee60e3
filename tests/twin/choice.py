"""People choose a group, going alone, waiting or another corridor (submodels.md, step 7 and Utilities)."""

import math

from tests.twin.draws import cents, picked
from tests.twin.learning import abuse_heard, success_heard, unaided_heard
from tests.twin.money import person_pays
from tests.twin.reviews import demand_shares


def choose(model):
    """Step 7."""
    m, t = model.p.migrants, model.t
    model.alone = []
    for person in model.present():
        if person.status == "resting" and person.until <= t:
            person.status = "waiting"
        if person.client_of is not None and person.status == "waiting" and t - person.engaged >= m.review:
            person.disengage()
    choosers = [x for x in model.people if x.status == "waiting" and x.client_of is None and x.until <= t]
    model.tally["choosing"] = len(choosers)
    offers = Offers(model)
    for person in choosers:
        decide(model, person, offers)
    engaged = [person for person in choosers if person.client_of is not None]
    for person in engaged:
        model.engagements[person.origin, person.client_of.id] += 1
    if choosers:
        for group in model.groups:
            number = sum(person.client_of is group for person in engaged)
            group.demand += model.p.market.learning * (number - group.demand)


class Offers:
    """What tonight's choosers of one origin and corridor have in common."""

    def __init__(self, model):
        self.model = model
        self.share = demand_shares(model)
        m = model.p.migrants
        year = 2 * math.pi / 365.25
        self.urgency = 0.5 + 0.5 * math.cos(year * (model.day_of_year() - m.urgency_peak))
        self.known = {}

    def of(self, origin, corridor):
        """Groups on offer with utility before transport, and the utilities of other corridors and own chances."""
        if (origin, corridor) not in self.known:
            self.known[origin, corridor] = (
                self.groups(origin, corridor),
                self.others(origin, corridor),
                unaided_heard(self.model, origin, corridor),
            )
        return self.known[origin, corridor]

    def groups(self, origin, corridor):
        """(group, posted price in cents, price, slope, utility without transport)."""
        model, m, alpha = self.model, self.model.p.migrants, self.model.p.migrants.price_sensitivity
        abuse = {group.id: abuse_heard(model, origin, group) for group in model.active()}
        market = sum(self.share[group.id] * abuse[group.id] for group in model.active())
        found = []
        for group in model.active():
            turf = model.corridor_turf(group, corridor)
            if turf <= 0:
                continue
            q = success_heard(model, origin, group, corridor)
            utility = (
                m.turf_visibility * math.log(turf)
                + m.same_origin * (origin == group.origin)
                + m.brand_appeal[origin] * group.brand
                - m.abuse_aversion * abuse[group.id]
                - m.market_abuse_aversion * market
                + m.value_of_success * q
                - alpha * (q * group.price + (1 - q) * model.p.market.retry_fee)
            )
            found.append((group, cents(group.price), group.price, alpha * q, utility))
        return found

    def others(self, origin, corridor):
        """(corridor, utility) of the other corridors in order."""
        model, m = self.model, self.model.p.migrants
        found = []
        for other in model.corridors:
            if other == corridor:
                continue
            turf = [(group, model.corridor_turf(group, other)) for group in model.active()]
            total = sum(weight for _, weight in turf)
            if total <= 0:
                continue
            q = sum(weight * success_heard(model, origin, group, other) for group, weight in turf) / total
            price = sum(weight * group.price for group, weight in turf) / total
            utility = m.value_of_success * q - m.price_sensitivity * q * price
            found.append((other, utility + m.corridor_value - m.price_sensitivity * m.switching_cost))
        return found


def nested_logit(groups, outside, dissimilarity):
    """Shares of the groups, shares within the nest, shares of the outside options, for one person."""
    top = max([*groups, *outside])
    weights = [math.exp((u - top) / dissimilarity) for u in groups]
    nest = sum(weights)
    inclusive = nest**dissimilarity if nest > 0 else 0.0
    free = [math.exp(u - top) for u in outside]
    everything = inclusive + sum(free)
    within = [w / nest if nest > 0 else 0.0 for w in weights]
    return [w * inclusive / everything for w in within], within, [x / everything for x in free]


def decide(model, person, offers):
    """One person's choice."""
    m, t, camps = model.p.migrants, model.t, model.p.camps
    alpha = m.price_sensitivity
    groups, others, q_alone = offers.of(person.origin, person.corridor)
    transport = model.p.border.transport_cost[person.region]
    on_offer = [offer for offer in groups if offer[2] <= person.funds / 100]
    chance = q_alone * m.own_weight / (m.own_weight + person.failures)
    alone = m.value_of_success * chance - m.unaided_risk - alpha * (m.unaided_cost + transport)
    wait = (
        m.wait_value
        - m.impatience * offers.urgency
        + m.camp_comfort * (person.shelter == "camp")
        + m.support * m.coverage * person.aware
        - alpha * camps.rent * m.review * (person.shelter == "flat")
    )
    shares, within, outside = nested_logit(
        [offer[4] - alpha * transport for offer in on_offer],
        [alone, wait, *(utility for _, utility in others)],
        m.dissimilarity,
    )
    remember_demand(model, person, on_offer, shares, within)
    chosen = picked(model.uniform("choice", t, person.id), [*shares, *outside])
    if chosen < len(on_offer):
        group = on_offer[chosen][0]
        person.client_of = group
        person.fee = on_offer[chosen][1]
        person.engaged = t
    elif chosen == len(on_offer):
        model.alone.append(person)
    elif chosen == len(on_offer) + 1:
        person.until = t + m.review
    else:
        person_pays(model, person, cents(m.switching_cost), "unaided")
        person.corridor = others[chosen - len(on_offer) - 2][0]
        person.until = t + 1


def remember_demand(model, person, on_offer, shares, within):
    """Add one chooser to N_j, D_jk and A_jk (Reviews, memory of demand)."""
    lam, band = model.p.migrants.dissimilarity, model.p.market.means_band
    for j, (group, _, price, slope, _) in enumerate(on_offer):
        model.seen_demand[group.id] = model.seen_demand.get(group.id, 0.0) + shares[j]
        if person.funds / 100 < price * (1 + band):
            slope += 1 / (band * price * (1 / lam - (1 - lam) / lam * within[j] - shares[j]))
        for k, (other, *_) in enumerate(on_offer):
            base = shares[j] * (shares[k] + (1 - lam) / lam * within[k])
            if j == k:
                base -= shares[j] / lam
            key = group.id, other.id
            model.by_price[key] = model.by_price.get(key, 0.0) + slope * base
            model.by_appeal[key] = model.by_appeal.get(key, 0.0) - base
