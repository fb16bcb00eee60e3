"""News of the border, and how arrivals answer to it (M23).

    worth of staying    V_i − ω max(t − r_i, 0)       V_i what was on offer at the last choice, r_i end of the last rest
    news                V̄_o ← m V̄_o + (1 − m) mean worth of staying of tonight's choosers of origin o
    answer              f_o = C/(1 + (C − 1) e^(−y_o)),  y_o = b (V̄_o(t − τ) − V̄⁰_o) + n ln F_o

F_o is the share of those who could come that has come of late.  V̄⁰ is the first news, what the border was worth at the
opening prices and beliefs, which are the same whoever owns the groups.  The odds of coming are those of a logit whose
inclusive value is the worth of what is on offer (McFadden 1978); n is the pull of those who came before (Massey 1990,
Popul. Index 56:3).
"""

import numpy as np

LEAST_FOLLOWED = 0.01  # F is not taken below this share, so that its logarithm is finite
LARGEST_LOG = 700.0  # e to this power is a finite number


class News:
    """What people at each of O origins have heard of the border, and how many have come of late.

    value (O,): V̄, utility, NaN before anybody has chosen; reference (O,): V̄⁰; followed (O,): F; traffic: arrivals a
    night, running mean; answer (O,): f tonight.
    """

    def __init__(self, p, usual: float):
        """usual: arrivals that the season alone sends on the first night."""
        origins = len(p.migrants.origins)
        self.migrants = p.migrants
        self.value, self.reference = np.full(origins, np.nan), np.full(origins, np.nan)
        self.past = []  # V̄ at dusk of the last `news_delay` nights and of tonight
        self.followed = np.ones(origins)
        self.traffic = usual
        self.answer = np.ones(origins)

    def respond(self) -> np.ndarray:
        """The answer f (O,) of tonight's arrivals, at dusk; it is 1 until the first news has arrived."""
        self.reference = np.where(np.isnan(self.reference), self.value, self.reference)
        self.past = [*self.past, self.value][-(self.migrants.news_delay + 1):]
        self.answer = answer(self.migrants, self._change(), self.followed)
        return self.answer

    def _change(self) -> np.ndarray:
        """V̄(t − τ) − V̄⁰ (O,), 0 where either is not known."""
        if len(self.past) <= self.migrants.news_delay:
            return np.zeros_like(self.value)
        return np.nan_to_num(self.past[0] - self.reference)

    def count(self, came, could) -> None:
        """Take in tonight's arrivals by origin `came` (O,) and how many would have come at f = 1, `could` (O,)."""
        moves = 1 - self.migrants.news_memory
        self.traffic += moves * (came.sum() - self.traffic)
        share = np.divide(came, could, out=self.followed.copy(), where=could > 0)
        self.followed = self.followed + moves * (share - self.followed)

    def hear(self, origin, worth) -> None:
        """Take in the worth of staying (n,) of tonight's choosers, who are of these origins (n,)."""
        number = np.bincount(origin, minlength=len(self.value))
        mean = np.bincount(origin, worth, len(self.value)) / np.maximum(number, 1)
        known = np.where(np.isnan(self.value), mean, self.value)
        self.value = np.where(number > 0, known + (1 - self.migrants.news_memory) * (mean - known), self.value)


def answer_slope(migrants, answered) -> np.ndarray:
    """∂ ln f/∂V̄ = b (1 − f/C) (O,) per unit of utility, where the answer f is `answered` (O,)."""
    return migrants.arrival_response * (1 - answered / migrants.arrival_cap)


def answer(migrants, change, followed) -> np.ndarray:
    """Arrivals relative to those at unchanged news (O,), given the change of news and F."""
    y = migrants.arrival_response * change + migrants.arrival_network * np.log(np.maximum(followed, LEAST_FOLLOWED))
    cap = migrants.arrival_cap
    return cap / (cap + (cap - 1) * np.expm1(np.clip(-y, -LARGEST_LOG, LARGEST_LOG)))  # exactly 1 at y = 0


def worth_of_staying(world, rows) -> np.ndarray:
    """What staying is worth to the people in `rows` tonight (n,), utility; large for those who have not chosen yet."""
    people = world.people
    waits = np.maximum(world.t - people.rested[rows], 0)
    return people.prospects[rows] - world.p.migrants.waiting_loss * waits
