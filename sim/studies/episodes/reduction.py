"""A deterministic reduction of the model to one corridor and to mean flows, for many parameter draws at once.

    presence            R ← ρ R + (1 − ρ) u
    chance to set out   s = e^(−ψ R)
    arrivals            A = Λ_t f,  f the answer of `sim.world.news`
    attempts            a = q s N,  N people who are ready
    stopped             p a, of whom the share b rests and tries again
    worth of staying    V = V₀ + ln(1 − (1 − s)^review) − ω (mean wait − usual wait)
    news                V̄ ← m V̄ + (1 − m) V
    leaving             hazard h₀ + h₁ Λ((V_out − V)/σ)

These are the equations of arrivals, news, dispatch and stopping with persons replaced by means; prices, groups and the
choice of corridors are left out, so ψ stands for all by which presence keeps people from setting out.  The first delay
and the rest are exponential with the model's means.
"""

import numpy as np

from sim.rules.choice import stopping
from sim.world.news import answer

# What the whole model shows of the status quo, without season, at scale 0.15 with seed 3 over nights 60 to 150:
READY = 0.31  # q, attempts a night of those who are ready, 1 / night
STOPPED = 0.72  # p, interceptions per attempt
WORTH = 1.163  # V₀, worth of staying at the start, utility
WAIT = (1 - READY) / READY  # nights that those who are ready have usually waited
LONGEST = 45  # nights, the largest news_delay


def detected(p, draws: dict, pressure: np.ndarray, operations: np.ndarray, burn: int = 60) -> np.ndarray:
    """People stopped each night (nights, n), relative to those of the steady state that precedes the first night.

    p: the model's parameters; draws: arrays (n,) of arrival_response, arrival_network, news_delay, presence_memory and
    presence_staging; pressure (nights, n): those who would come at unchanged news, 1 at the start; operations
    (nights, n): u.  `burn` nights at pressure 1 come first.
    """
    state, taken = State(p, draws), []
    number = len(draws["news_delay"])
    for _ in range(burn):
        state.step(1.0, 0.0)
    usual = np.mean([state.step(1.0, 0.0) for _ in range(7)], axis=0)
    for come, measure in zip(pressure, operations):
        taken.append(state.step(come, measure))
    return np.array(taken).reshape(-1, number) / usual


class State:
    """People in each state and what is known, for n draws; persons are relative to the arrivals of a night."""

    def __init__(self, p, draws: dict):
        self.p, self.draws = p, draws
        self.answering = Answering(draws["arrival_response"], draws["arrival_network"], p.migrants.arrival_cap)
        one = np.ones(len(draws["news_delay"]))
        self.again = STOPPED * p.police.pushback_share
        hazard = p.migrants.leave_hazard + stopping(p.migrants, WORTH)
        self.ready = one / (READY * (1 - self.again) + hazard)
        self.new, self.rest = one * p.migrants.first_delay, self.ready * READY * self.again * mean_rest(p)
        self.waited = self.ready * WAIT  # nights that those who are ready have waited, summed
        self.presence, self.followed, self.value = 0 * one, one, WORTH * one
        self.past, self.night = np.full((LONGEST + 1, len(one)), WORTH), 0

    def step(self, pressure, operations) -> np.ndarray:
        """One night; returns the people stopped (n,)."""
        m, keep, memory = self.p.migrants, self.draws["presence_memory"], self.p.migrants.news_memory
        self.presence = keep * self.presence + (1 - keep) * operations
        sets_out = np.exp(-self.draws["presence_staging"] * self.presence)
        share = answer(self.answering, self._heard() - WORTH, self.followed)
        self.followed = memory * self.followed + (1 - memory) * share

        wait = self.waited / np.maximum(self.ready, 1e-9)
        worth = WORTH + np.log1p(-(1 - sets_out) ** m.review) - m.waiting_loss * (wait - WAIT)
        self.value = memory * self.value + (1 - memory) * worth
        self.past[self.night % len(self.past)] = self.value
        self.night += 1

        attempts = READY * sets_out * self.ready
        leave = np.minimum(m.leave_hazard + stopping(m, worth), 1.0)
        prepared, rested = self.new / m.first_delay, self.rest / mean_rest(self.p)
        stay = np.maximum(1 - READY * sets_out - leave, 0.0)
        self.waited = (self.waited + self.ready) * stay
        self.ready = self.ready * stay + prepared + rested
        self.new = self.new - prepared + pressure * share
        self.rest = self.rest - rested + self.again * attempts
        return STOPPED * attempts

    def _heard(self) -> np.ndarray:
        """V̄ of `news_delay` nights ago (n,)."""
        delay = np.clip(np.round(self.draws["news_delay"]).astype(int), 0, LONGEST)
        when = (self.night - 1 - delay) % len(self.past)
        return self.past[when, np.arange(self.past.shape[1])]


class Answering:
    """The parameters of `sim.world.news.answer` as arrays (n,)."""

    def __init__(self, response, network, cap):
        self.arrival_response, self.arrival_network, self.arrival_cap = response, network, cap


def mean_rest(p) -> float:
    """Mean nights of rest after a pushback."""
    return (1 + p.police.rest_nights) / 2
