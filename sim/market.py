"""The Mesa model: a border smuggling market, one step a night.

    from sim import Market, configure
    market = Market(configure("dossier", ["nights=30"]), seed=1)
    while market.running:
        market.step()
    market.agents_by_type[Migrant].select(lambda m: m.debt > 0)

Rules work on columns; a Mesa agent stands for one row.  Agents of people are created on the first access
to agents and removed after the person has left, so that a run without such access does not pay for them.
"""

from operator import index

import mesa

from sim.night import chosen_rules, one_night
from sim.record import Recorder
from sim.registry import extensions
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.world.camps import Camp
from sim.world.draws import replicate_seed
from sim.world.groups import Gang, Organisation
from sim.world.invariants import check
from sim.world.opening import World
from sim.world.people import Migrant, Status
from sim.world.police import Police


class Market(mesa.Model):
    """A border smuggling market.

    parameters: validated `sim.registry.parameters.Parameters`; None means the `status_quo` scenario.
    seed: whole number from 0 to 2⁶³ − 1 that keys every draw; None takes the parameters' seed, replicate 0.
    world, recorder: a saved state to go on from (`sim.checkpoint`).
    ConfigurationError if the seed is another number, or no number.
    """

    def __init__(self, parameters=None, seed: int | None = None, world=None, recorder=None):
        super().__init__(rng=0)  # Mesa's own generator is not used by any rule
        if parameters is None:
            parameters = configure()
        seed = replicate_seed(parameters.seed, 0) if seed is None else usable(seed)
        self.p = parameters
        self.world = world or World(parameters, seed)
        self.rules = chosen_rules(parameters)
        self.recorder = recorder or Recorder()
        self.watchers = []  # called every night with the world and rows of people who leave at dawn; must not change it
        self._people_agents: dict[int, Migrant] = {}
        for table, agent_class in ((self.world.groups, Gang), (self.world.organisations, Organisation),
                                   (self.world.units, Police), (self.world.camps, Camp)):
            for key in table.id:
                agent_class(self, table, key)
        self.running = self.world.t < parameters.nights

    @property
    def night(self) -> int:
        """The night about to be played; negative during the warm-up."""
        return self.world.t

    @property
    def nights_to_play(self) -> int:
        return self.p.warmup + self.p.nights

    def step(self) -> None:
        """Play one night, record it and remove the people who leave the system."""
        world = self.world
        exits = one_night(world, self.rules)
        world.arrived += world.counts["arrivals"]
        world.books.cash_out(exits)
        if self.p.checks:
            check(world, exits)
        self.recorder.take(world, exits)
        for watcher in self.watchers:
            watcher(world, exits)
        self._remove(exits)
        world.t += 1
        self.running = world.t < self.p.nights

    def _remove(self, exits) -> None:
        """People who have crossed, left, entered a procedure or died leave the table; `exits` are their rows."""
        self.world.people.drop(exits)
        self.world.exited += len(exits)

    def record(self):
        """The record of all nights so far, a `sim.record.Record`."""
        record = self.recorder.finish()
        for name in self.p.outcomes if record.nights else ():
            record.run[name] = float(extensions.load("outcomes", name).compute(record.nights, record.groups))
        return record

    # Mesa's agents ----------------------------------------------------------------------------------------------
    def _show_people(self) -> None:
        """Create missing agents of people and remove those of people who have left."""
        people, agents = self.world.people, self._people_agents
        present = set(people.id.tolist())
        for key in agents.keys() - present:
            agents.pop(key).remove()
        for key in sorted(present - agents.keys()):
            agents[key] = Migrant(self, people, key)

    @property
    def agents(self):
        """All agents, people included."""
        if hasattr(self, "_people_agents"):
            self._show_people()
        return super().agents

    @property
    def agents_by_type(self):
        """Agents by class, people included."""
        if hasattr(self, "_people_agents"):
            self._show_people()
        return super().agents_by_type

    def release(self) -> None:
        """Forget all agents; Mesa 3.3 otherwise keeps every model it ever made."""
        self._people_agents.clear()
        self.remove_all_agents()
        ids = getattr(mesa.Agent, "_ids", None)
        if hasattr(ids, "pop"):
            ids.pop(self, None)


def usable(seed) -> int:
    """A seed as a Python number; others, which would be cut to one of these in silence, raise ConfigurationError."""
    try:
        number = index(seed)
    except TypeError:
        number = -1
    if isinstance(seed, bool) or not 0 <= number < 2**63:
        raise ConfigurationError(f"seed={seed!r}: must be a whole number from 0 to {2**63 - 1}")
    return number


__all__ = ["Market", "Status"]
