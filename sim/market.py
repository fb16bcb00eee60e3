"""The Mesa model: a border smuggling market, one step a night.

    from sim import Market, configure
    market = Market(configure("dossier", ["nights=30"]), seed=1)
    while market.running:
        market.step()
    market.agents_by_type[Migrant].select(lambda m: m.debt > 0)

Rules work on columns; a Mesa agent stands for one row.  Agents of people are made when somebody asks for agents and
dropped when the person has left, so that a run that nobody looks at pays nothing for them.
"""

import mesa

from sim.night import chosen_rules, one_night
from sim.record import Recorder
from sim.registry import extensions
from sim.registry.configuration import configure
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
    seed: whole number that keys every draw; None takes the parameters' seed, replicate 0.
    world, recorder: a saved state to go on from (`sim.checkpoint`).
    """

    def __init__(self, parameters=None, seed: int | None = None, world=None, recorder=None):
        super().__init__(rng=0)  # Mesa's own generator is not used by any rule
        if parameters is None:
            parameters = configure()
        if seed is None:
            seed = replicate_seed(parameters.seed, 0)
        self.p = parameters
        self.world = world or World(parameters, seed)
        self.rules = chosen_rules(parameters)
        self.recorder = recorder or Recorder()
        self.watchers = []  # called every night with the world and rows of who leaves at dawn; must not change it
        self._people_faces: dict[int, Migrant] = {}
        for table, face in ((self.world.groups, Gang), (self.world.organisations, Organisation),
                            (self.world.units, Police), (self.world.camps, Camp)):
            for key in table.id:
                face(self, table, key)
        self.running = self.world.t < parameters.nights

    @property
    def night(self) -> int:
        """The night about to be played; negative during the warm-up."""
        return self.world.t

    @property
    def nights_to_play(self) -> int:
        return self.p.warmup + self.p.nights

    def step(self) -> None:
        """One night: dusk to dawn, the record, and the departure of those who leave for good."""
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
        """Everything recorded so far: `sim.record.Record`."""
        record = self.recorder.finish()
        for name in self.p.outcomes if record.nights else ():
            record.run[name] = float(extensions.load("outcomes", name).compute(record.nights, record.groups))
        return record

    # Mesa's agents ----------------------------------------------------------------------------------------------
    def _show_people(self) -> None:
        """Make the missing agents of people, drop those of people who have left."""
        people, faces = self.world.people, self._people_faces
        present = set(people.id.tolist())
        for key in faces.keys() - present:
            faces.pop(key).remove()
        for key in sorted(present - faces.keys()):
            faces[key] = Migrant(self, people, key)

    @property
    def agents(self):
        """All agents, people included."""
        if hasattr(self, "_people_faces"):
            self._show_people()
        return super().agents

    @property
    def agents_by_type(self):
        """Agents by class, people included."""
        if hasattr(self, "_people_faces"):
            self._show_people()
        return super().agents_by_type

    def release(self) -> None:
        """Forget all agents; Mesa 3.3 otherwise keeps every model it ever made."""
        self._people_faces.clear()
        self.remove_all_agents()
        ids = getattr(mesa.Agent, "_ids", None)
        if hasattr(ids, "pop"):
            ids.pop(self, None)


__all__ = ["Market", "Status"]
