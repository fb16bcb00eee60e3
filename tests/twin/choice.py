"""People choose a group, going alone, waiting or another corridor (submodels.md, step 7 and Utilities)."""

import math

from tests.twin.contract import price_weight, retry_fee
from tests.twin.draws import cents, picked
from tests.twin.learning import abuse_heard, success_heard, unaided_heard
from tests.twin.money import person_pays
from tests.twin.news import hear
from tests.twin.presence import log_getting_away
from tests.twin.reviews import demand_shares
from tests.twin.shares import acceptance_shares, answer_to_luck, logit_effects, luck_needed, nested_logit, worth


def choose(model):
    """Step 7."""
    m, t = model.p.migrants, model.t
    for person in model.present():
        if person.status == "resting" and person.until <= t:
            person.status = "waiting"
        lapsed = person.alone or (person.client_of is not None and person.guarantee is not person.client_of)
        if lapsed and person.status == "waiting" and t - person.engaged >= m.review:
            person.disengage()
    renewed = renew_guarantees(model)
    choosers = [x for x in model.people if ready(model, x)]
    model.tally["choosing"] = len(choosers)
    offers = Offers(model)
    for person in choosers:
        decide(model, person, offers)
    hear(model, choosers)
    engaged = [person for person in choosers if person.client_of is not None]
    for person in engaged:
        model.engagements[person.origin, person.client_of.id] += 1
    engaged += renewed
    model.memory.choosers += len(choosers)
    if choosers or renewed:
        for group in model.groups:
            number = sum(person.client_of is group for person in engaged)
            group.demand += model.p.market.learning * (number - group.demand)


def ready(model, person):
    """Waiting, without an engagement, and done with the last choice."""
    free = person.status == "waiting" and person.client_of is None and not person.alone
    return free and person.until <= model.t


def renew_guarantees(model):
    """People who are ready and hold a guarantee go with its group again."""
    renewed = []
    for person in model.people:
        if ready(model, person) and person.guarantee is not None:
            person.client_of = person.guarantee
            person.engaged = model.t
            model.engagements[person.origin, person.client_of.id] += 1
            renewed.append(person)
    return renewed


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
        """(group, posted price in cents, price, believed success, utility without success, outlay and transport)."""
        model, m = self.model, self.model.p.migrants
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
                + log_getting_away(model, corridor)
            )
            found.append((group, cents(group.price), group.price, q, utility))
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
            utility = m.value_of_success * q - m.price_sensitivity * price_weight(model, q) * price
            utility += m.corridor_value - m.price_sensitivity * m.switching_cost
            found.append((other, utility + log_getting_away(model, other)))
        return found


def decide(model, person, offers):
    """One person's choice."""
    t, lam = model.t, nest_dissimilarity(model)
    groups, others, q_alone = offers.of(person.origin, person.corridor)
    on_offer = [personal(model, person, offer) for offer in groups if offer[2] <= person.funds / 100]
    utilities = [offer[4] for offer in on_offer]
    alone = utility_alone(model, person, q_alone)
    tastes = person.tastes
    others = [(c, utility + tastes[c] - tastes[person.corridor]) for c, utility in others]
    calm = utility_of_waiting(model, person, 0.5)
    person.worth = worth(utilities, [alone, calm], others, lam) + tastes[person.corridor]
    outside = [alone, utility_of_waiting(model, person, offers.urgency)]
    if model.p.rules.choice == "satisficing":
        elsewhere = [utility for _, utility in others]
        chosen = satisfice(model, person, on_offer, utilities, [*outside, *elsewhere], others)
    else:
        shares, within, free = nested_logit(utilities, outside, lam)
        x = luck_needed(utilities, outside, others, lam)
        staying, g = -math.expm1(-x), answer_to_luck(x)
        shares, free = [s * staying for s in shares], [s * staying for s in free]
        effects = [logit_effects(j, shares, within, free[0], lam, g) for j in range(len(shares))]
        remember_demand(model, person, on_offer, shares, free[0], effects)
        best = others.index(max(others, key=lambda row: row[1])) if others else None
        moving = [math.exp(-x) if k == best else 0.0 for k in range(len(others))]
        chosen = picked(model.uniform("choice", t, person.id), [*shares, *free, *moving])
    take(model, person, chosen, on_offer, others)


def personal(model, person, offer):
    """(group, posted price in cents, price, slope, utility) of a group on offer to one person."""
    m, alpha = model.p.migrants, model.p.migrants.price_sensitivity
    group, posted, price, q, utility = offer
    if group is person.failed_by:
        q *= m.own_weight / (m.own_weight + person.failures_with)
    transport = model.p.border.transport_cost[person.region]
    outlay = price_weight(model, q) * price + (1 - q) * retry_fee(model) + transport
    return group, posted, price, alpha * price_weight(model, q), utility + m.value_of_success * q - alpha * outlay


def utility_alone(model, person, q):
    """Utility of trying alone."""
    m = model.p.migrants
    chance = q * m.own_weight / (m.own_weight + person.failures_alone)
    outlay = m.unaided_cost + model.p.border.transport_cost[person.region]
    utility = m.value_of_success * chance - m.unaided_risk - m.price_sensitivity * outlay
    return utility + log_getting_away(model, person.corridor)


def utility_of_waiting(model, person, urgency):
    """Utility of waiting."""
    m = model.p.migrants
    return (
        m.wait_value
        - m.impatience * urgency
        + m.camp_comfort * (person.shelter == "camp")
        + m.support * m.coverage * person.aware
        - m.price_sensitivity * model.p.camps.rent * m.review * (person.shelter == "flat")
    )


def take(model, person, chosen, on_offer, others):
    """What follows from a choice: options are groups on offer, alone, waiting, other corridors."""
    m, t = model.p.migrants, model.t
    if chosen < len(on_offer):
        group = on_offer[chosen][0]
        person.client_of = group
        person.fee = on_offer[chosen][1]
        person.engaged = t
    elif chosen == len(on_offer):
        person.alone = True
        person.engaged = t
    elif chosen == len(on_offer) + 1:
        person.until = t + m.review
    else:
        person_pays(model, person, cents(m.switching_cost), "unaided")
        person.corridor = others[chosen - len(on_offer) - 2][0]
        person.until = t + 1


def nest_dissimilarity(model):
    """lambda, 1 without nests."""
    return 1.0 if model.p.rules.choice == "logit" else model.p.migrants.dissimilarity


def satisfice(model, person, on_offer, utilities, outside, others):
    """The first option met that reaches a person's aspiration."""
    m, t = model.p.migrants, model.t
    alone, wait, elsewhere = outside[0], outside[1], outside[2:]
    level, spread = wait + m.aspiration, m.aspiration_scale
    options = [*utilities, alone, *elsewhere]
    shares, effects = acceptance_shares(options, level, spread)
    n = len(on_offer)
    own = [([effects[j][k] for k in range(n)], effects[j][n]) for j in range(n)]
    remember_demand(model, person, on_offer, shares[:n], shares[n], own)
    u = model.uniform("aspiration", t, person.id)
    aspiration = level + spread * math.log(u / (1 - u))
    numbers = [offer[0].id for offer in on_offer] + [len(model.groups)]
    numbers += [len(model.groups) + 1 + other for other, _ in others]
    good = [
        (model.uniform("option met", t, person.id, number), k)
        for k, number in enumerate(numbers)
        if options[k] >= aspiration
    ]
    if not good:
        return n + 1
    first = min(good)[1]
    return first if first <= n else first + 1


def remember_demand(model, person, on_offer, shares, alone, effects):
    """Add one chooser to N_j, D_jk, A_jk and U_j, and to the sums for trying alone (Reviews, memory of demand)."""
    band, seen = model.p.market.means_band, model.memory
    seen.alone += alone
    for j, (group, _, price, slope, _) in enumerate(on_offer):
        seen.demand[group.id] += shares[j]
        on_groups, on_alone = effects[j]
        if person.funds / 100 < price * (1 + band) and on_groups[j] > 0:
            slope += 1 / (band * price * on_groups[j] / shares[j])
        for k, (other, *_) in enumerate(on_offer):
            seen.by_price[group.id, other.id] -= slope * on_groups[k]
            seen.by_appeal[group.id, other.id] += on_groups[k]
        seen.offer_by_price[group.id] -= slope * shares[j]
        seen.alone_by_price[group.id] -= slope * on_alone
        seen.alone_by_appeal[group.id] += on_alone
