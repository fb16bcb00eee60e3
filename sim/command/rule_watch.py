"""Observation of a rule under test: its processor time and every random number that it draws."""

import random
from functools import partial
from time import process_time
from unittest import mock

import numpy as np

from sim.command.rule_laws import KEYED, OWN_DRAWS, STANDS, Broken
from sim.world.draws import Draws


class Watch:
    """Measures the processor time of a rule and knows when it runs.

    strictly: also raise `Broken` if the rule makes a random generator or uses a global one.
    """

    def __init__(self, strictly: bool):
        self.strictly, self.is_running, self.seconds = strictly, False, 0.0

    def around(self, rule):
        """The rule with this watch around it; for a tuple of functions, a tuple of watched functions."""
        return type(rule)(*map(self.around, rule)) if isinstance(rule, tuple) else partial(self._call, rule)

    def _call(self, rule, *arguments):
        began, self.is_running = process_time(), True
        try:
            return self._without_generators(rule, *arguments) if self.strictly else rule(*arguments)
        except AssertionError as error:  # raised by the rule itself, not by a law
            raise Broken(STANDS, f"AssertionError: {error}") from error
        finally:
            self.is_running = False
            self.seconds += process_time() - began

    @staticmethod
    def _without_generators(rule, *arguments):
        before = global_state()
        with mock.patch.object(np.random, "default_rng", refuse), mock.patch.object(np.random, "RandomState", refuse):
            result = rule(*arguments)
        if global_state() != before:
            raise Broken(KEYED, "it drew from the global generator of numpy or of Python")
        return result


def global_state() -> tuple:
    """The states of the global generators of NumPy and of Python."""
    kind, words, *rest = np.random.get_state()
    return kind, words.tobytes(), *rest, random.getstate()


def refuse(*_, **__):
    """Replacement for NumPy's generators while a rule runs; raises `Broken`."""
    raise Broken(KEYED, "it makes a generator of its own")


class WatchedDraws(Draws):
    """Draws that record which mechanisms the rule under test and the rest of the model use.

    They raise `Broken` if both use one mechanism, or if the rule uses a draw twice.
    """

    def __init__(self, seed: int, watch: Watch):
        super().__init__(seed)
        self.watch, self.of_rule, self.of_model, self.keys = watch, set(), set(), set()

    def uniform(self, mechanism, night, entities, draw=0):
        self._note(mechanism, night, np.ravel(entities).tolist(), draw)
        return super().uniform(mechanism, night, entities, draw)

    def one(self, mechanism, night, entity=0, draw=0):
        self._note(mechanism, night, [entity], draw)
        return super().one(mechanism, night, entity, draw)

    def _note(self, mechanism, night, entities, draw):
        (self.of_rule if self.watch.is_running else self.of_model).add(mechanism)
        if shared := self.of_rule & self.of_model:
            raise Broken(OWN_DRAWS, f"it and the rest of the model both draw for {min(shared)!r}")
        if self.watch.is_running:
            keys = {(mechanism, night, entity, draw) for entity in entities}
            if len(keys) < len(entities) or keys & self.keys:
                raise Broken(OWN_DRAWS, f"draw {draw} for {mechanism!r} is used twice for the same entity")
            self.keys |= keys
