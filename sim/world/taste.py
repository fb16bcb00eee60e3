"""A person's lasting taste for corridors (M19): it is drawn once, so that nobody moves because a night passes.

    τ_c = y_c − max_c y_c,   y_c = ln share_c + standard Gumbel draw

The corridor with τ = 0 is the one that the person heads for on arrival; as the maximum of Gumbel numbers with these
locations it is corridor c with chance `border.corridor_shares[c]`.
"""

import numpy as np

LEAST_SHARE = 1e-9  # of a corridor that nobody heads for, so that its logarithm is finite


def tastes(world, ids) -> np.ndarray:
    """Taste for each corridor relative to the favourite one, utility (C, n), at most 0, of people with these ids."""
    shares = np.maximum(world.p.border.corridor_shares, LEAST_SHARE)
    taste = np.stack([np.log(share) - np.log(-np.log(world.draws.lasting("taste for a corridor", ids, c)))
                      for c, share in enumerate(shares)])
    return taste - taste.max(axis=0)
