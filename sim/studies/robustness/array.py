"""Worlds of alternative rules: an orthogonal array over the alternatives, and each alternative alone.

A world is one choice of every rule that has alternatives.  There are 2592 combinations; the array has 72 of them, in
which all pairs of choices of any two rules occur equally often (strength 2): the crossed product of L8 (one rule of
four choices, three of two) and L9 (four of three), both linear (Bose and Bush 1952, Ann. Math. Stat. 23:508; Taguchi's
inner and outer array).  Main effects are estimated independently of each other, but are aliased with interactions of
two rules.
"""

from itertools import product

import numpy as np

from sim.registry.parameters import registry

FOUR, THREES = "rules.price", ("rules.turf", "rules.choice", "rules.payment", "rules.bribes")
TWOS = ("rules.stages", "rules.decoys", "rules.arms")


def l8() -> np.ndarray:
    """The array L8 less its last column: 8 runs, one column of four levels and three of two.

    Columns are 2a + b, c, a + c, b + c with a, b, c in GF(2).
    """
    a, b, c = np.array(list(product((0, 1), repeat=3))).T
    return np.column_stack([2 * a + b, c, a ^ c, b ^ c])


def l9() -> np.ndarray:
    """The array L9: 9 runs, four columns of three levels x, y, x + y, x + 2y with x, y in GF(3)."""
    x, y = np.array(list(product((0, 1, 2), repeat=2))).T
    return np.column_stack([x, y, (x + y) % 3, (x + 2 * y) % 3])


def worlds() -> list[dict]:
    """The 72 rows of the array as choices of rules; the first row has the default of each rule."""
    keys = (FOUR, *TWOS, *THREES)
    rows = [np.r_[first, second[: len(THREES)]] for first, second in product(l8(), l9())]
    return [{key: registry()[key].choices[level] for key, level in zip(keys, row)} for row in rows]


def one_at_a_time() -> list[dict]:
    """Rows of the defaults and of each alternative alone: 15 rows, each of which sets one rule."""
    return [{FOUR: registry()[FOUR].default},
            *({key: choice} for key in (FOUR, *TWOS, *THREES) for choice in registry()[key].choices[1:])]
