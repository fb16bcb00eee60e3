"""People choose a group, going alone, waiting or another corridor (submodels.md, step 7 and Utilities)."""

import math

from tests.twin.contract import price_weight, retry_fee
from tests.twin.draws import cents, logistic, picked
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
        lapsed = person.client_of is not None and person.guarantee is not person.client_of
        if lapsed and person.status == "waiting" and t - person.engaged >= m.review:
            person.disengage()
    renewed = renew_guarantees(model)
    choosers = [x for x in model.people if x.status == "waiting" and x.client_of is None and x.until <= t]
    model.tally["choosing"] = len(choosers)
    offers = Offers(model)
    for person in choosers:
        decide(model, person, offers)
    engaged = [person for person in choosers if person.client_of is not None]
    for person in engaged:
        model.engagements[person.origin, person.client_of.id] += 1
    engaged += renewed
    model.memory.choosers += len(choosers)
    if choosers or renewed:
        for group in model.groups:
            number = sum(person.client_of is group for person in engaged)
            group.demand += model.p.market.learning * (number - group.demand)


def renew_guarantees(model):
    """People who are ready and hold a guarantee go with its group again."""
    renewed = []
    for person in model.people:
        ready = person.status == "waiting" and person.client_of is None and person.until <= model.t
        if ready and person.guarantee is not None:
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
                - alpha * (price_weight(model, q) * group.price + (1 - q) * retry_fee(model))
            )
            found.append((group, cents(group.price), group.price, alpha * price_weight(model, q), utility))
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
    utilities = [offer[4] - alpha * transport for offer in on_offer]
    outside = [alone, wait, *(utility for _, utility in others)]
    if model.p.rules.choice == "satisficing":
        chosen = satisfice(model, person, on_offer, utilities, outside, others)
    else:
        lam = nest_dissimilarity(model)
        shares, within, free = nested_logit(utilities, outside, lam)
        effects = [logit_effects(j, shares, within, free[0], lam) for j in range(len(shares))]
        remember_demand(model, person, on_offer, shares, free[0], effects)
        chosen = picked(model.uniform("choice", t, person.id), [*shares, *free])
    take(model, person, chosen, on_offer, others)


def take(model, person, chosen, on_offer, others):
    """What follows from a choice: options are groups on offer, alone, waiting, other corridors."""
    m, t = model.p.migrants, model.t
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


def nest_dissimilarity(model):
    """lambda, 1 without nests."""
    return 1.0 if model.p.rules.choice == "logit" else model.p.migrants.dissimilarity


def logit_effects(j, shares, within, alone, lam):
    """Effects of group j's utility on the shares of all groups on offer and on trying alone."""
    on_groups = []
    for k in range(len(shares)):
        effect = -shares[j] * (shares[k] + (1 - lam) / lam * within[k])
        if j == k:
            effect += shares[j] / lam
        on_groups.append(effect)
    return on_groups, -shares[j] * alone


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


def acceptance_shares(options, level, spread):
    """Shares of options met in random order (logistic aspirations), and effects d share_k / d utility_j."""
    number = len(options)
    order = sorted(range(number), key=lambda k: -round(options[k], 12))
    chance = [logistic((options[k] - level) / spread) for k in order] + [0.0]
    shares = [0.0] * number
    effects = [[0.0] * number for _ in range(number)]
    for rank, j in enumerate(order):
        shares[j] = sum((chance[m] - chance[m + 1]) / (m + 1) for m in range(rank, number))
        slope = chance[rank] * (1 - chance[rank]) / spread
        effects[j][j] = slope / (rank + 1)
        for better in order[:rank]:
            effects[j][better] = -slope / ((rank + 1) * rank)
    return shares, effects


def remember_demand(model, person, on_offer, shares, alone, effects):
    """Add one chooser to N_j, D_jk and A_jk, and to the sums for trying alone (Reviews, memory of demand)."""
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
        seen.alone_by_price[group.id] -= slope * on_alone
        seen.alone_by_appeal[group.id] += on_alone
