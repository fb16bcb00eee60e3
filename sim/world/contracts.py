"""Contracts of payment (M9): expected outlay of clients, receipts and costs of groups, and stakes at the fence.

With price p, cost of an attempt k, retry fee f, chance of success q and tax per crossing τ:

                 a client expects to pay    an engagement is             it earns w (p − c) with
                 for an attempt
    on_success   q p + (1 − q) f            one attempt                  w = q, c = (k − (1 − q) f)/q + τ
    guarantee    q p                        all attempts until across    w = 1, c = k/q + τ
    per_attempt  p                          one attempt                  w = 1, c = k + q τ

A guarantee is paid once, before the first attempt; a price per attempt is paid before each, whether or not it succeeds.
Clients compare attempts: a guarantee covers 1/q of them on average, so that the cost of one attempt is q p.  Payment on
arrival through a third party is described by Koser (2008, Int. Migr. 46(2):3), payment in advance beside it by GI-TOC
(2018, field guide).
"""

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

    def passage(self, price, cost, sunk, another):
        """EUR that a group gains if an officer lets a client pass.

        cost: c; sunk: cost of this attempt, already spent; another: k/q, expected cost of bringing one client across.
        """

    def stake(self, fee, another):
        """EUR that a client's group loses if tonight's attempt fails.

        fee: agreed fee; another: k/q of that group.
        """


class OnSuccess:
    """The client pays after a successful crossing, and a small retry fee after each failure."""

    def outlay(self, success, price, retry_fee):
        return success * price + (1 - success) * retry_fee

    def felt(self, success):
        return success

    def received(self, success):
        return success

    def cost(self, attempt_cost, retry_fee, success):
        return (attempt_cost - (1 - success) * retry_fee) / success

    def taxed(self, success):
        return np.ones_like(success)

    def passage(self, price, cost, sunk, another):
        return price - (cost - sunk)

    def stake(self, fee, another):
        return fee


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

    def passage(self, price, cost, sunk, another):
        return another  # the price is already paid; a failure obliges the group to try again

    def stake(self, fee, another):
        return another


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

    def passage(self, price, cost, sunk, another):
        return np.zeros_like(price)  # the price is already paid, and a client who fails pays again

    def stake(self, fee, another):
        return np.zeros_like(fee)


CONTRACTS = {"on_success": OnSuccess(), "guarantee": Guarantee(), "per_attempt": PerAttempt()}


def contract(world) -> Contract:
    """The contract named in `rules.payment`."""
    return CONTRACTS[world.p.rules.payment]
