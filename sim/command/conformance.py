"""Does a rule keep the laws of the model?  For our own rules and for those of other packages.

    from sim.command.conformance import check_rule

    def test_my_rule():
        print(check_rule("price.my_rule"))        # or, before it is installed: check_rule("price", my_rule)

    python -m sim conformance price.my_rule

Tiny markets are played with the rule in several scenarios and at edges (nobody arrives, one group, no patrols, a
hundredth and the double of the real size).  A rule that breaks a law raises `LawBroken`, whose message says which law,
in which scenario and on which night.
"""

import random
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import process_time
from typing import NamedTuple
from unittest import mock

import numpy as np

from sim.checkpoint import load, save
from sim.command.complain import Parser
from sim.market import Market
from sim.night import ALTERNATIVES, alternative, fitting
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.registry.parameters import check_value, registry
from sim.world import loops
from sim.world.draws import Draws

SCENARIOS = ("status_quo", "dossier", "entry", "crackdown")
TINY = ("scale=0.1", "nights=15", "warmup=10", "checks=true")
EDGES = {  # scenario and overrides
    "nobody arrives": ("status_quo", "migrants.arrivals=0"),
    "one group": ("fragmented", "gangs.count=1", "gangs.free_rows=0"),
    "no patrols, no camps": ("status_quo", "police.patrols=0", "camps.capacity=0"),
    "a hundredth of the real size": ("dossier", "scale=0.01"),
    "twice the real size": ("status_quo", "scale=2", "nights=3", "warmup=3"),
}
SEED, PAUSE = 11, 9  # of the runs; nights before the pause
TABLES = ("people", "groups", "organisations", "units", "camps")

STANDS = "it works in every market"
CONSERVED = "people and money are conserved"
DEFINED = "no number is undefined"
SAME_SEED = "the same seed gives the same bytes"
RESUMED = "a run saved and taken up again has the same bytes"
OWN_DRAWS = "a draw belongs to one mechanism and is used once"
KEYED = "chance comes from world.draws alone"


class LawBroken(AssertionError):
    """A rule broke a law of the model; the message says which, where and on which night."""


class Report(NamedTuple):
    """What was played, and what it cost."""

    rule: str
    markets: int
    nights: int
    rule_ms: float  # milliseconds of processor time a night in the rule
    night_ms: float  # and in all

    def __str__(self) -> str:
        return (f"{self.rule} keeps every law in {self.markets} markets, {self.nights} nights; it takes "
                f"{self.rule_ms:.2f} of {self.night_ms:.2f} ms a night at a tenth of the real size")


def check_rule(name: str, rule=None, scenarios=SCENARIOS, overrides=()) -> Report:
    """Play tiny markets with a rule and check every law of the model.

    name: "price.my_rule", a rule of the model or of an installed package; or "price" with `rule`, the function
        (a NamedTuple of functions where the stage has several moments: payment, bribes, extortion, turf, police).
    scenarios, overrides: what is played beside the edges, e.g. overrides=["gangs.count=3"].
    Raises LawBroken (an AssertionError), or ConfigurationError for a name that is not known or a rule that the night
    cannot call.
    """
    stage, rule = find(name, rule)
    done = []
    for scenario in scenarios:
        case = Case(name, stage, rule, scenario, configure(scenario, [*TINY, *overrides]))
        done.append(case.check())
    for edge, (scenario, *more) in EDGES.items():
        case = Case(name, stage, rule, f"{scenario} where {edge}", configure(scenario, [*TINY, *overrides, *more]))
        with loops.backend(numba=False):
            case.play(case.watched_strictly())
    nights, in_rule, in_all = (sum(column) for column in zip(*done))
    return Report(name, len(done) + len(EDGES), nights, 1e3 * in_rule / nights, 1e3 * in_all / nights)


def find(name: str, rule=None) -> tuple[str, object]:
    """The stage of the night and the rule; ConfigurationError if there is none or the night cannot call it."""
    stage, _, other = name.partition(".")
    if stage not in ALTERNATIVES:
        raise ConfigurationError(f"{name}: must be one of {', '.join(ALTERNATIVES)}, or RULE.NAME")
    if rule is not None:
        return stage, fitting(stage, other or "(the rule given)", rule)
    check_value(registry()[f"rules.{stage}"], other)
    return stage, alternative(stage, other)


class Broken(Exception):
    """A law and what broke it; `Case` adds where and when."""


class Watch:
    """Counts the time of the rule under test, knows when it is at work, and lets it make no generator of its own."""

    def __init__(self, strictly: bool):
        self.strictly, self.at_work, self.seconds = strictly, False, 0.0

    def around(self, rule):
        """The rule, watched: a function, or a tuple of functions where a stage has several moments."""
        return type(rule)(*map(self.around, rule)) if isinstance(rule, tuple) else partial(self._call, rule)

    def _call(self, rule, *args):
        began, self.at_work = process_time(), True
        try:
            return self._apart(rule, *args) if self.strictly else rule(*args)
        except AssertionError as error:  # the rule's own, not a law's
            raise Broken(STANDS, f"AssertionError: {error}") from error
        finally:
            self.at_work = False
            self.seconds += process_time() - began

    @staticmethod
    def _apart(rule, *args):
        before = global_state()
        with mock.patch.object(np.random, "default_rng", refuse), mock.patch.object(np.random, "RandomState", refuse):
            result = rule(*args)
        if global_state() != before:
            raise Broken(KEYED, "it drew from the global generator of numpy or of Python")
        return result


def global_state() -> tuple:
    """State of numpy's and of Python's global generators."""
    kind, words, *rest = np.random.get_state()
    return kind, words.tobytes(), *rest, random.getstate()


def refuse(*_, **__):
    """Stands in for numpy's generators while the rule is at work."""
    raise Broken(KEYED, "it makes a generator of its own")


class WatchedDraws(Draws):
    """Draws that note which mechanisms the rule under test and the rest of the model ask for."""

    def __init__(self, seed: int, watch: Watch):
        super().__init__(seed)
        self.watch, self.of_rule, self.of_others, self.keys = watch, set(), set(), set()

    def uniform(self, mechanism, night, entities, draw=0):
        self._note(mechanism, night, np.ravel(entities).tolist(), draw)
        return super().uniform(mechanism, night, entities, draw)

    def one(self, mechanism, night, entity=0, draw=0):
        self._note(mechanism, night, [entity], draw)
        return super().one(mechanism, night, entity, draw)

    def _note(self, mechanism, night, entities, draw):
        (self.of_rule if self.watch.at_work else self.of_others).add(mechanism)
        if shared := self.of_rule & self.of_others:
            raise Broken(OWN_DRAWS, f"it and the rest of the model both draw for {min(shared)!r}")
        if self.watch.at_work:
            keys = {(mechanism, night, entity, draw) for entity in entities}
            if len(keys) < len(entities) or keys & self.keys:
                raise Broken(OWN_DRAWS, f"draw {draw} for {mechanism!r} is used twice for the same entity")
            self.keys |= keys


class Case:
    """One market that a rule is tried in."""

    def __init__(self, name, stage, rule, where, parameters):
        self.name, self.stage, self.rule, self.where, self.parameters = name, stage, rule, where, parameters

    def check(self) -> tuple[int, float, float]:
        """Play it three times and compare; returns nights played, seconds in the rule and in all."""
        watch = Watch(strictly=False)
        began, market = process_time(), self.watched(Market(self.parameters, SEED), watch)
        with loops.backend(numba=False):  # NumPy checks bounds, which compiled loops do not
            first = self.play(market)
        seconds = process_time() - began
        self.compare(SAME_SEED, first, self.play(self.watched_strictly()))
        self.compare(RESUMED, first, self.play_with_pause())
        return len(first), watch.seconds, seconds

    def watched(self, market, watch=None) -> Market:
        """The market with the rule in its place."""
        setattr(market.rules, self.stage, (watch or Watch(strictly=False)).around(self.rule))
        return market

    def watched_strictly(self) -> Market:
        """A market that looks at everything the rule draws."""
        watch = Watch(strictly=True)
        market = self.watched(Market(self.parameters, SEED), watch)
        market.world.draws = WatchedDraws(SEED, watch)
        return market

    def play_with_pause(self) -> dict:
        """Save, play another market in the same process, load and go on."""
        market, other = (self.watched(Market(self.parameters, seed)) for seed in (SEED, SEED + 1))
        before = self.play(market, PAUSE)
        with tempfile.TemporaryDirectory() as folder:
            try:
                save(market, Path(folder) / "state")
            except Exception as error:
                self.breaks(RESUMED, market.night, f"the market cannot be saved: {type(error).__name__}: {error}")
            self.play(other)
            return before | self.play(self.watched(load(Path(folder) / "state")))

    def play(self, market, nights=None) -> dict:
        """Play to the end, or some nights; returns what every column was after each night."""
        prints = {}
        while market.running and (nights is None or len(prints) < nights):
            night = market.night
            try:
                market.step()
            except Broken as broken:
                law, what = broken.args
                self.breaks(law, night, what, broken)
            except AssertionError as error:
                self.breaks(CONSERVED, night, error)
            except Exception as error:
                self.breaks(STANDS, night, f"{type(error).__name__}: {error}", error)
            for table in (market.world.groups, market.world.people):
                for column, values in table.state().items():
                    if np.issubdtype(values.dtype, np.floating) and not np.isfinite(values).all():
                        self.breaks(DEFINED, night, f"{column} of {type(table).__name__.lower()} is not finite")
            prints[night] = fingerprint(market.world)
        return prints

    def compare(self, law, first: dict, again: dict) -> None:
        for night, columns in first.items():
            differs = [name for name in columns if columns[name] != again[night][name]]
            if differs:
                self.breaks(law, night, f"{', '.join(differs[:3])} differ")

    def breaks(self, law, night, what, error=None):
        warmup = " (warm-up)" if night < 0 else ""
        raise LawBroken(f"{self.name} breaks a law: {law}. {self.where}, night {night}{warmup}: {what}") from error


def fingerprint(world) -> dict[str, int]:
    """A number for the state of every column, of turf and of the accounts."""
    columns = {f"{table}.{name}": hash(values.tobytes()) for table in TABLES
               for name, values in getattr(world, table).state().items()}
    return columns | {"turf": hash(world.turf.tobytes()), "accounts": hash(tuple(world.books.balance.values()))}


def main(words=None) -> int:
    """Check the rules named, print a line each; returns the exit code, 1 if one breaks a law."""
    parser = Parser("conformance", __doc__)
    parser.add_argument("rule", nargs="*", help="RULE.NAME, e.g. price.my_rule (default: all rules of the model)")
    names, code = parser.parse_args(words).rule, 0
    loops.compiled()
    for name in names or sorted(f"{stage}.{rule}" for stage, rules in ALTERNATIVES.items() for rule in rules):
        try:
            print(check_rule(name))
        except LawBroken as broken:
            print(broken, file=sys.stderr)
            code = 1
    return code
