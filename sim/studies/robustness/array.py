"""Worlds of other rules: an orthogonal array over the alternatives of rules, and each alternative alone.

A world is one choice of every rule that has alternatives.  All combinations would be 1728; the array has 72 in which
any two rules meet in all their pairs equally often: the crossed product of L8 (one rule of four choices, four of two)
and L9 (three of three), both linear (Bose and Bush 1952, Ann. Math. Stat. 23:508; Taguchi's inner and outer array).
Main effects are thus estimated free of one another, but effects of two rules together may hide in a third's.
"""

from itertools import product

import numpy as np

from sim.registry.parameters import registry

FOUR, THREES = "rules.price", ("rules.choice", "rules.payment", "rules.bribes")
TWOS = ("rules.stages", "rules.turf", "rules.decoys", "rules.arms")


def l8() -> np.ndarray:
    """8 runs, a column of four levels and four of two: a, b, c in GF(2); columns 2a + b, c, a + c, b + c, a + b + c."""
    a, b, c = np.array(list(product((0, 1), repeat=3))).T
    return np.column_stack([2 * a + b, c, a ^ c, b ^ c, a ^ b ^ c])


def l9() -> np.ndarray:
    """9 runs, four columns of three levels: x, y in GF(3); columns x, y, x + y, x + 2y."""
    x, y = np.array(list(product((0, 1, 2), repeat=2))).T
    return np.column_stack([x, y, (x + y) % 3, (x + 2 * y) % 3])


def worlds() -> list[dict]:
    """The 72 rows of the array as rules; the first is the default of each."""
    keys = (FOUR, *TWOS, *THREES)
    rows = [np.r_[first, second[: len(THREES)]] for first, second in product(l8(), l9())]
    return [{key: registry()[key].choices[level] for key, level in zip(keys, row)} for row in rows]


def one_at_a_time() -> list[dict]:
    """The default of every rule, then each alternative alone: 14 rows, each naming one rule."""
    return [{FOUR: registry()[FOUR].default},
            *({key: choice} for key in (FOUR, *TWOS, *THREES) for choice in registry()[key].choices[1:])]
