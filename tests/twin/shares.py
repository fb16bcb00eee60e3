"""Logit with nests and with lasting tastes for corridors, and satisficing: shares, effects and worth of options."""

import math

from tests.twin.draws import logistic


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


def logit_effects(j, shares, within, alone, lam, g):
    """Effects of group j's utility on the shares of all groups on offer and on trying alone."""
    on_groups = []
    for k in range(len(shares)):
        effect = -shares[j] * (g * shares[k] + (1 - lam) / lam * within[k])
        if j == k:
            effect += shares[j] / lam
        on_groups.append(effect)
    return on_groups, -g * shares[j] * alone


def inclusive_value(groups, outside, lam):
    """L: what all options in the person's corridor are worth together."""
    top = max([*groups, *outside])
    nest = sum(math.exp((u - top) / lam) for u in groups)
    return top + math.log((nest**lam if nest > 0 else 0.0) + sum(math.exp(u - top) for u in outside))


def luck_needed(groups, outside, others, lam):
    """x = exp(L - w); infinite without another corridor."""
    if not others:
        return math.inf
    best = max(utility for _, utility in others)
    return math.exp(min(max(inclusive_value(groups, outside, lam) - best, -700.0), 700.0))


def worth(groups, outside, others, lam):
    """V without the taste for the corridor: what is expected of the best option."""
    return inclusive_value(groups, outside, lam) + exponential_integral(luck_needed(groups, outside, others, lam))


def exponential_integral(x):
    """E1(x): a power series up to 1, a continued fraction above."""
    if x > 700:
        return 0.0
    if x <= 1:
        total, term = -0.57721566490153286 - math.log(x), -1.0
        for n in range(1, 40):
            term *= -x / n
            total += term / n
        return total
    fraction = x
    for n in range(200, 0, -1):
        fraction = x + n / (1 + n / fraction)
    return math.exp(-x) / fraction


def answer_to_luck(x):
    """g = (1 - x / (e^x - 1)) / (1 - e^-x), 1 for people who will not move."""
    if x > 700:
        return 1.0
    if x < 1e-3:
        return (x / 2 - x**2 / 12) / -math.expm1(-x)
    return (1 - x / math.expm1(x)) / -math.expm1(-x)


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
