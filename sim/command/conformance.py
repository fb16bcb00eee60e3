"""Check that a rule, of the model or of another package, keeps the laws of the model.

    from sim.command.conformance import check_rule

    def test_my_rule():
        print(check_rule("price.my_rule"))        # or, before it is installed: check_rule("price", my_rule)

    python -m sim conformance price.my_rule

The check plays tiny markets with the rule in several scenarios and in extreme cases: no arrivals, one group, no
patrols, a hundredth and twice the real size.  A rule that breaks a law raises `LawBroken`, whose message names the law,
the market and the night.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np

from sim.checkpoint import load, save
from sim.command.complain import Parser
from sim.command.rule_laws import CONSERVED, DEFINED, RESUMED, SAME_SEED, STANDS, Broken, LawBroken
from sim.command.rule_watch import Watch, WatchedDraws
from sim.market import Market
from sim.night import ALTERNATIVES, alternative, fitting
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.registry.parameters import check_value, registry
from sim.world import loops

SCENARIOS = ("status_quo", "dossier", "entry", "crackdown")
TINY = ("scale=0.1", "nights=15", "warmup=10", "checks=true")
EDGES = {  # extreme cases: scenario and overrides
    "nobody arrives": ("status_quo", "migrants.arrivals=0"),
    "one group": ("fragmented", "gangs.count=1", "gangs.free_rows=0"),
    "no patrols, no camps": ("status_quo", "police.patrols=0", "camps.capacity=0"),
    "a hundredth of the real size": ("dossier", "scale=0.01"),
    "twice the real size": ("status_quo", "scale=2", "nights=3", "warmup=3"),
}
SEED, PAUSE = 11, 9  # seed of the runs; nights before the run is saved and loaded
TABLES = ("people", "groups", "organisations", "units", "camps")

class Report(NamedTuple):
    """The extent of a check without errors, and the time of the rule."""

    rule: str
    markets: int
    nights: int  # nights played in the scenarios
    rule_ms: float  # processor time in the rule, milliseconds per night
    night_ms: float  # processor time in all, milliseconds per night

    def __str__(self) -> str:
        return (f"{self.rule} keeps every law in {self.markets} markets, {self.nights} nights; it takes "
                f"{self.rule_ms:.2f} of {self.night_ms:.2f} ms a night at a tenth of the real size")


def check_rule(name: str, rule=None, scenarios=SCENARIOS, overrides=()) -> Report:
    """Play tiny markets with a rule and check every law of the model.

    name: "price.my_rule", a rule of the model or of an installed package; or "price", with the function as `rule`
        (a NamedTuple of functions for payment, bribes, extortion, turf and police, which have several moments).
    scenarios, overrides: played besides the extreme cases, for example overrides=["gangs.count=3"].
    Raises LawBroken, an AssertionError, for a broken law, and ConfigurationError for an unknown name or a rule that the
    night cannot call.
    """
    stage, rule = find(name, rule)
    costs = []
    for scenario in scenarios:
        case = Case(name, stage, rule, scenario, configure(scenario, [*TINY, *overrides]))
        costs.append(case.check())
    for edge, (scenario, *more) in EDGES.items():
        case = Case(name, stage, rule, f"{scenario} where {edge}", configure(scenario, [*TINY, *overrides, *more]))
        with loops.backend(numba=False):
            case.play(case.watched_strictly())
    nights, in_rule, in_all = (sum(column) for column in zip(*costs))
    return Report(name, len(costs) + len(EDGES), nights, 1e3 * in_rule / nights, 1e3 * in_all / nights)


def find(name: str, rule=None) -> tuple[str, object]:
    """The stage of the night and the rule; raises ConfigurationError if there is none or the night cannot call it."""
    stage, _, other = name.partition(".")
    if stage not in ALTERNATIVES:
        raise ConfigurationError(f"{name}: must be one of {', '.join(ALTERNATIVES)}, or RULE.NAME")
    if rule is not None:
        return stage, fitting(stage, other or "(the rule given)", rule)
    check_value(registry()[f"rules.{stage}"], other)
    return stage, alternative(stage, other)


class Case:
    """One market in which a rule is tested."""

    def __init__(self, name, stage, rule, where, parameters):
        self.name, self.stage, self.rule, self.where, self.parameters = name, stage, rule, where, parameters

    def check(self) -> tuple[int, float, float]:
        """Play the market three times and compare; returns nights played, seconds in the rule and seconds in all."""
        watch = Watch(strictly=False)
        began, market = process_time(), self.watched(Market(self.parameters, SEED), watch)
        with loops.backend(numba=False):  # NumPy checks bounds, which compiled loops do not
            first = self.play(market)
        seconds = process_time() - began
        self.compare(SAME_SEED, first, self.play(self.watched_strictly()))
        self.compare(RESUMED, first, self.play_with_pause())
        return len(first), watch.seconds, seconds

    def watched(self, market, watch=None) -> Market:
        """The market, in which the rule under test now takes the place of the configured one."""
        setattr(market.rules, self.stage, (watch or Watch(strictly=False)).around(self.rule))
        return market

    def watched_strictly(self) -> Market:
        """A new market that observes every random number that the rule draws."""
        watch = Watch(strictly=True)
        market = self.watched(Market(self.parameters, SEED), watch)
        market.world.draws = WatchedDraws(SEED, watch)
        return market

    def play_with_pause(self) -> dict:
        """Save the market after `PAUSE` nights, play another one in the same process, load the first and continue."""
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
        """Play to the end or for some nights; returns the fingerprint of the world after each night.

        Raises LawBroken for any error, and for a column that is not finite.
        """
        fingerprints = {}
        while market.running and (nights is None or len(fingerprints) < nights):
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
            fingerprints[night] = fingerprint(market.world)
        return fingerprints

    def compare(self, law, first: dict, again: dict) -> None:
        """Raise LawBroken unless two runs have the same fingerprints on every night of the first."""
        for night, columns in first.items():
            differs = [name for name in columns if columns[name] != again[night][name]]
            if differs:
                self.breaks(law, night, f"{', '.join(differs[:3])} differ")

    def breaks(self, law, night, what, error=None):
        """Raise LawBroken with the rule, the law, the market and the night."""
        warmup = " (warm-up)" if night < 0 else ""
        raise LawBroken(f"{self.name} breaks a law: {law}. {self.where}, night {night}{warmup}: {what}") from error


def fingerprint(world) -> dict[str, int]:
    """A hash of every column, of turf and of the accounts, by name."""
    columns = {f"{table}.{name}": hash(values.tobytes()) for table in TABLES
               for name, values in getattr(world, table).state().items()}
    return columns | {"turf": hash(world.turf.tobytes()), "accounts": hash(tuple(world.books.balance.values()))}


def main(words=None) -> int:
    """Check the named rules and print one line for each; returns the exit code, 1 if a rule breaks a law."""
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
