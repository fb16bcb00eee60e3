"""Contracts of payment (M9): what a price buys, and what follows for outlay, receipts and stakes.

With price p, cost of an attempt k, retry fee f, chance of success q and tax per crossing τ:

                 a client expects to pay    an engagement is             it earns w (p − c) with
                 for an attempt
    on_success   q p + (1 − q) f            one attempt                  w = q, c = (k − (1 − q) f)/q + τ
    guarantee    q p                        all attempts until across    w = 1, c = k/q + τ
    per_attempt  p                          one attempt                  w = 1, c = k + q τ

A guarantee is paid once, before the first attempt; a price per attempt before each, whatever comes of it.  Clients
compare attempts: a guarantee covers 1/q of them on average, so q p falls on each.  Payment on arrival through a third
party is described by Koser (2008, Int. Migr. 46(2):3), payment in advance beside it by GI-TOC (2018, field guide).
"""

from typing import Protocol

import numpy as np


class Contract(Protocol):
    """What the rules ask of a contract; `success` q, amounts in EUR, arrays alike."""

    def outlay(self, success, price, retry_fee):
        """EUR a client expects to pay for one attempt."""

    def felt(self, success):
        """∂ outlay / ∂ price."""

    def received(self, success):
        """w: prices a group receives per engagement."""

    def cost(self, attempt_cost, retry_fee, success):
        """c without tax: cost of an engagement per price received."""

    def taxed(self, success):
        """Crossings sold per price received."""

    def passage(self, price, cost, sunk, another):
        """EUR a group gains when a client is let through; `cost` c, `sunk` spent on this attempt, `another` k/q."""

    def stake(self, fee, another):
        """EUR that hang on one client's attempt tonight; `fee` agreed, `another` k/q of the client's group."""


class OnSuccess:
    """Paid on arrival across, with a small fee after each failure."""

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
    """Paid once in advance; further attempts are free until the client is across."""

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
        return another  # the price is in; a failure has to be made good

    def stake(self, fee, another):
        return another


class PerAttempt:
    """Paid in advance of every attempt."""

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
        return np.zeros_like(price)  # the price is in, and whoever fails pays again

    def stake(self, fee, another):
        return np.zeros_like(fee)


CONTRACTS = {"on_success": OnSuccess(), "guarantee": Guarantee(), "per_attempt": PerAttempt()}


def contract(world) -> Contract:
    """The contract named in `rules.payment`."""
    return CONTRACTS[world.p.rules.payment]
