"""Beliefs: discounted counts, rumour, trust (submodels.md, step 19 and Utilities)."""

from collections import Counter

COUNTS = (
    "trials",
    "successes",
    "own_trials",
    "own_successes",
    "engagements",
    "abuses",
    "sector_trials",
    "sector_successes",
)


def set_up(model):
    """Nothing is known."""
    for name in COUNTS:
        setattr(model, name, Counter())
    model.tried = []


def heard(model, counts, origin, *rest):
    """One's own origin's counts, and by rumour those of all."""
    m = model.p.migrants
    everyone = sum(counts[other, *rest] for other in range(len(m.origins)))
    return (1 - m.rumour) * counts[origin, *rest] + m.rumour * everyone


def success_heard(model, origin, group, corridor):
    """Believed success of a group in a corridor."""
    m = model.p.migrants
    successes = heard(model, model.successes, origin, group.id, corridor)
    trials = heard(model, model.trials, origin, group.id, corridor)
    return (successes + m.prior_success * m.prior_weight) / (trials + m.prior_weight)


def unaided_heard(model, origin, corridor):
    """Believed success alone."""
    m = model.p.migrants
    successes = heard(model, model.own_successes, origin, corridor)
    trials = heard(model, model.own_trials, origin, corridor)
    return (successes + m.prior_unaided * m.prior_weight) / (trials + m.prior_weight)


def abuse_heard(model, origin, group):
    """Believed abductions per client of a group."""
    m = model.p.migrants
    abuses = heard(model, model.abuses, origin, group.id)
    engagements = heard(model, model.engagements, origin, group.id)
    return (abuses + m.prior_abuse * m.prior_weight) / (engagements + m.prior_weight)


def sector_belief(model, groups, sector):
    """An owner's pooled belief about a sector."""
    m = model.p.migrants
    successes = sum(model.sector_successes[group.id, sector] for group in groups)
    trials = sum(model.sector_trials[group.id, sector] for group in groups)
    return (successes + m.prior_success * m.prior_weight) / (trials + m.prior_weight)


def forget_group(model, group):
    """A row is used again: nothing is known about the group in it, and no demand for it remembered."""
    for name in ("trials", "successes", "engagements", "abuses"):
        counts = getattr(model, name)
        for key in [key for key in counts if key[1] == group.id]:
            del counts[key]
    for name in ("sector_trials", "sector_successes"):
        counts = getattr(model, name)
        for key in [key for key in counts if key[0] == group.id]:
            del counts[key]
    seen = model.memory
    by_group = (seen.demand, seen.offer_by_price, seen.alone_by_price, seen.alone_by_appeal)
    for sums in (*by_group, seen.served, seen.unserved):
        del sums[group.id]
    for sums in (seen.by_price, seen.by_appeal):
        for key in [key for key in sums if group.id in key]:
            del sums[key]


def learning(model):
    """Step 19: counts fade, tonight's are added; group's success; trust recovers."""
    m = model.p.migrants
    for name in COUNTS:
        counts = getattr(model, name)
        for key in counts:
            counts[key] *= m.memory
    for origin, group, corridor, sector, success in model.tried:
        if group is None:
            model.own_trials[origin, corridor] += 1
            model.own_successes[origin, corridor] += success
        else:
            model.trials[origin, group.id, corridor] += 1
            model.successes[origin, group.id, corridor] += success
            model.sector_trials[group.id, sector] += 1
            model.sector_successes[group.id, sector] += success
    for group in model.groups:
        successes = sum(model.sector_successes[group.id, s] for s in range(model.sector_count))
        trials = sum(model.sector_trials[group.id, s] for s in range(model.sector_count))
        group.success = (successes + m.prior_success * m.prior_weight) / (trials + m.prior_weight)
    for person in model.people:
        person.trust += m.trust_recovery * (m.trust - person.trust)
