"""Contracts of payment (M9): expected outlay of clients, receipts and costs of groups, and stakes at the fence.

With price p, deposit η, cost of an attempt k, retry fee f, chance of success q and tax per crossing τ:

                 a client expects to pay    an engagement is             it earns w (p − c) with
                 for an attempt
    on_success   w p + (1 − q) f            one attempt                  w = η + (1 − η) q, c = (k − (1 − q) f + q τ)/w
    guarantee    q p                        all attempts until across    w = 1, c = k/q + τ
    per_attempt  p                          one attempt                  w = 1, c = k + q τ

On success the share η of the price is paid at departure and the rest on arrival across; η = 0 is the default.  A
guarantee is paid once, before the first attempt; a price per attempt is paid before each, whether or not it succeeds.
Clients compare attempts: a guarantee covers 1/q of them on average, so that the cost of one attempt is q p.  Payment on
arrival through a third party is described by Koser (2008, Int. Migr. 46(2):3), payment in advance beside it by GI-TOC
(2018, field guide).

At the fence a stopped client comes back with chance ρ and is then worth V = δ W to an owner (`sim/world/worth.py`), so
that letting the client pass now gains

    on_success   (1 − η) p − τ − ρ (f + V)        guarantee   ρ k/q        per_attempt   −τ − ρ V

and a client who chooses the group leaves the market, or never chooses again, with chance e = 1 − ρ (1 − q), under a
guarantee e = 1.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Contract(Protocol):
    """The interface of a contract; `success` is q, amounts are in EUR, and all arguments have the same shape."""

    def outlay(self, success, price, retry_fee):
        """EUR that a client expects to pay for one attempt."""

    def felt(self, success):
        """Derivative of `outlay` with respect to the price."""

    def received(self, success):
        """w, the expected number of prices that a group receives per engagement."""

    def cost(self, attempt_cost, retry_fee, success):
        """c without tax, the cost of an engagement per price received, EUR."""

    def taxed(self, success):
        """Expected number of taxed crossings per price received."""

    def passage(self, price, tax, retry_fee, returning, staying, another):
        """EUR that an owner gains if one client may pass at the fence; the attempt itself is sunk.

        price: of the group or as agreed; tax: τ; returning: ρ; staying: V, EUR; another: k/q of the group.
        """

    def absorbed(self, returning, success):
        """e: chance that a client who chooses the group never chooses again."""


@dataclass(frozen=True)
class OnSuccess:
    """The client pays after a successful crossing, and a small retry fee after each failure.

    deposit: share η of the price that is paid at departure instead, and is lost to a client who fails.
    """

    deposit: float = 0.0

    def outlay(self, success, price, retry_fee):
        return self.felt(success) * price + (1 - success) * retry_fee

    def felt(self, success):
        return self.deposit + (1 - self.deposit) * success

    def received(self, success):
        return self.felt(success)

    def cost(self, attempt_cost, retry_fee, success):
        return (attempt_cost - (1 - success) * retry_fee) / self.received(success)

    def taxed(self, success):
        return success / self.received(success)

    def passage(self, price, tax, retry_fee, returning, staying, another):
        return (1 - self.deposit) * price - tax - returning * (retry_fee + staying)

    def absorbed(self, returning, success):
        return 1 - returning * (1 - success)


class Guarantee:
    """The client pays once in advance; further attempts are free until one succeeds."""

    def outlay(self, success, price, retry_fee):
        return success * price

    def felt(self, success):
        return success

    def received(self, success):
        return np.ones_like(success)

    def cost(self, attempt_cost, retry_fee, success):
        return attempt_cost / success

    def taxed(self, success):
        return np.ones_like(success)

    def passage(self, price, tax, retry_fee, returning, staying, another):
        return returning * another  # the price is already paid; a failure obliges the group to try again

    def absorbed(self, returning, success):
        return np.ones_like(success)


class PerAttempt:
    """The client pays before every attempt."""

    def outlay(self, success, price, retry_fee):
        return price * np.ones_like(success)

    def felt(self, success):
        return np.ones_like(success)

    def received(self, success):
        return np.ones_like(success)

    def cost(self, attempt_cost, retry_fee, success):
        return attempt_cost * np.ones_like(success)

    def taxed(self, success):
        return success

    def passage(self, price, tax, retry_fee, returning, staying, another):
        return -tax - returning * staying  # the price is already paid, and a client who fails pays again

    def absorbed(self, returning, success):
        return 1 - returning * (1 - success)


CONTRACTS = {"on_success": OnSuccess, "guarantee": Guarantee, "per_attempt": PerAttempt}


def contract(world) -> Contract:
    """The contract named in `rules.payment`, with the deposit of `market.deposit` if it is paid on success."""
    kind = CONTRACTS[world.p.rules.payment]
    return kind(world.p.market.deposit) if kind is OnSuccess else kind()
