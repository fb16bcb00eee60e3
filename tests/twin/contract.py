"""What an engagement brings and costs; worth of clients and passages (submodels.md, Reviews, Alternatives)."""

from tests.twin.ownership import head_tax, owners, together

SMALLEST_DEMAND = 1e-9
SMALLEST_EXIT = 0.01


def deposit(model):
    """Share of the fee paid at departure; it has no effect unless clients pay on success."""
    return model.p.market.deposit if model.p.rules.payment == "on_success" else 0.0


def price_weight(model, q):
    """Prices that a client expects to pay for one attempt, at a chance q of success."""
    if model.p.rules.payment == "per_attempt":
        return 1.0
    return deposit(model) + (1 - deposit(model)) * q


def retry_fee(model):
    """Fee after a failure, only where clients pay on success."""
    return model.p.market.retry_fee if model.p.rules.payment == "on_success" else 0.0


def prices_received(model, group):
    """w: prices that an engagement brings."""
    if model.p.rules.payment == "on_success":
        return price_weight(model, group.success)
    return 1.0


def crossings_per_price(model, group):
    """Crossings per price received."""
    if model.p.rules.payment == "guarantee":
        return 1.0
    return group.success / prices_received(model, group)


def tax(model, group):
    """Head tax as a cost to the owner of prices."""
    return head_tax(model, group) if group.owner["transfer"] != group.owner["price"] else 0.0


def attempt_costs(model, group, fares=True):
    """k: what an attempt costs a group for each client."""
    p = model.p
    k = p.market.attempt_cost
    k += p.gangs.guide_wage / p.gangs.clients_per_guide
    k += p.gangs.driver_wage / p.gangs.clients_per_driver
    return k - (group.fares if fares else 0.0)


def cost(model, group, shadow=True, fares=True, stages=True):
    """c: what every price received must cover."""
    q, k = group.success, attempt_costs(model, group, fares)
    if model.p.rules.payment == "guarantee":
        c = k / q + tax(model, group)
    elif model.p.rules.payment == "per_attempt":
        c = k + q * tax(model, group)
    else:
        w = prices_received(model, group)
        c = (k - (1 - q) * retry_fee(model)) / w + tax(model, group) * q / w
    if stages:
        c += group.stages
    return c + (group.shadow if shadow else 0.0)


def margin(model, group):
    """x: what an engagement earns, without shadow cost."""
    return prices_received(model, group) * (group.price - cost(model, group, shadow=False))


def absorbed(model, group):
    """e_j: chance that a client does not come back."""
    if model.p.rules.payment == "guarantee":
        return 1.0
    return 1 - model.return_chance * (1 - group.success)


def absorbed_alone(model):
    """e_0: the same for people who try alone."""
    m = model.p.migrants
    successes, trials = sum(model.own_successes.values()), sum(model.own_trials.values())
    q = (successes + m.prior_unaided * m.prior_weight) / (trials + m.prior_weight)
    return 1 - model.return_chance * (1 - q)


def exit_rate(exits, choosers):
    """a: people who leave for good per choice event."""
    return min(max(exits / choosers, SMALLEST_EXIT), 1.0)


def worth_to_owner(model, decision, group):
    """V_j: what one more client in the system is worth to those who decide with the group."""
    fellows = together(model, decision, group)
    return model.p.market.client_discount * max(0.0, sum(other.worth for other in fellows))


def kept(model, group):
    """Share of a price that is left after houses and carriers."""
    return 1 - min(group.stages / group.price, 1) if group.stages else 1.0


def passage_value(model, group, price, decision):
    """v_j: what it is worth to a group's owner that a patrol lets one client pass."""
    rho, k = model.return_chance, attempt_costs(model, group)
    if model.p.rules.payment == "guarantee":
        return rho * k / group.success
    value = -tax(model, group) - rho * worth_to_owner(model, decision, group)
    if model.p.rules.payment == "per_attempt":
        return value
    return value + (1 - deposit(model)) * price * kept(model, group) - rho * retry_fee(model)


def owners_passage_value(model, owner, decision):
    """g: the mean value of a passage over an owner's active groups, not below 0."""
    groups = owners(model, decision).get(owner, [])
    weights = [max(group.demand, SMALLEST_DEMAND) for group in groups]
    if not groups:
        return 0.0
    values = [passage_value(model, group, group.price, decision) for group in groups]
    return max(0.0, sum(w * v for w, v in zip(weights, values)) / sum(weights))
