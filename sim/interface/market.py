"""The market as it is used from Python: keywords for parameters, `run`, results, and Mesa's data collector.

    from sim import Market
    results = Market("dossier", nights=120, police_patrols=40).run()
    results.to_pandas("nights")
"""

from collections.abc import Mapping
from operator import index

from sim import market as core
from sim.interface.collector import NightCollector
from sim.interface.show import market_html
from sim.interface.ticker import Ticker
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.registry.parameters import Parameters
from sim.world.draws import replicate_seed

UNNAMED = "parameters"  # stands for the scenario where parameters are given instead of a name


class Market(core.Market):
    """A border smuggling market; one step is one night.

    scenario: name of a scenario (`python -m sim --help` lists them), a mapping of keys to values for `status_quo`, or
        validated `Parameters` from `configure`.
    seed: with the name of a scenario, the configuration's key `seed`, as on the command line.  With `Parameters`, the
        number that keys every draw, which is the column `seed` of runs.parquet; None takes replicate 0.
    overrides: `["nights=30"]` as on the command line, or a mapping `{"police.patrols": 40}`.
    replicate: number of the replicate, from 0; the same replicate has the same seed in every scenario.
    kwargs: parameters by keyword, dots as underscores: `nights=120`, `police_patrols=40`.
    world, recorder: a saved state to go on from (`sim.checkpoint`).

    ConfigurationError, one line, names the key, the value, what is allowed and the nearest spelling.
    """

    def __init__(self, scenario="status_quo", seed: int | None = None, world=None, recorder=None, *, overrides=(),
                 replicate: int = 0, parameters: Parameters | None = None, **kwargs):  # Mesa's page wants this name
        scenario = "status_quo" if scenario is None else scenario
        given = scenario if isinstance(scenario, Parameters) else parameters
        if given is not None:
            if overrides or kwargs:
                raise ConfigurationError(f"{[*overrides, *kwargs][0]}: parameters are fixed once validated; give the "
                                         "name of a scenario instead of them")
            self.name = UNNAMED
        else:
            if isinstance(scenario, Mapping):
                scenario, overrides = "status_quo", {**scenario, **dict(overrides)}
            if not isinstance(scenario, str):
                raise ConfigurationError(f"scenario={scenario!r}: must be the name of a scenario, a mapping of keys to "
                                         "values, or parameters from `configure`")
            if "replicates" in kwargs:
                raise ConfigurationError(f"replicates={kwargs['replicates']!r}: a market is one run; use `sim.compare` "
                                         "or `sim.sweep`, or replicate=K for one of them")
            if seed is not None:
                kwargs["seed"] = core.usable(seed)
            self.name, seed, given = scenario, None, configure(scenario, overrides, **kwargs)
        self.replicate = number(replicate)
        own = replicate_seed(given.seed, self.replicate) if seed is None else seed
        super().__init__(given, own, world, recorder)
        self._collector = NightCollector(self)

    @property
    def scenario(self) -> None:
        """Mesa 3.5's experimental Scenario object, which this model has none of; `name` and `p` configure it."""

    @scenario.setter
    def scenario(self, _) -> None:
        """Mesa 3.5's constructor sets one."""

    # playing --------------------------------------------------------------------------------------------------------
    def step(self) -> None:
        """Play one night; a data collector that was set by the user collects afterwards."""
        super().step()
        if not isinstance(self._collector, NightCollector):
            self._collector.collect(self)

    def run(self, progress: bool = True):
        """Play all nights that are left; returns the results, a `sim.interface.results.Run`.

        progress: whether long runs report on standard error how far they are.
        """
        with Ticker(self.p.nights - self.night, shown=progress) as ticker:
            while self.running:
                self.step()
                ticker.tick()
        return self.results

    # looking --------------------------------------------------------------------------------------------------------
    @property
    def results(self):
        """The results of all recorded nights so far, a `sim.interface.results.Run`."""
        from sim.interface.results import Run

        return Run(self)

    @property
    def datacollector(self):
        """Mesa's data collector: columns of the table of nights, unless the user has set another one."""
        return self._collector

    @datacollector.setter
    def datacollector(self, collector) -> None:
        self._collector = collector

    def __repr__(self) -> str:
        return f"<Market {self.name}: night {self.night} of {self.p.nights}, warm-up {self.p.warmup}>"

    def _repr_html_(self) -> str:
        return market_html(self)


def number(replicate) -> int:
    """The number of a replicate; ConfigurationError if it is none."""
    try:
        found = -1 if isinstance(replicate, bool) else index(replicate)
    except TypeError:
        found = -1
    if found < 0:
        raise ConfigurationError(f"replicate={replicate!r}: must be a whole number from 0")
    return found
