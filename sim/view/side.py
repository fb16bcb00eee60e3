"""One market on the page: it is stepped, described and recorded.

The world does not keep parties, patrols and clashes by place after a night.  They are read by wrappers around the
stages `interception` and `turf` of this market, which pass all arguments and results on unchanged.
"""

from collections import deque

import numpy as np

from sim.market import Market
from sim.record import run_outcomes
from sim.registry.outcomes import primary
from sim.world.camps import Camp
from sim.world.groups import Gang
from sim.world.people import Shelter, Status
from sim.world.places import REGIONS
from sim.world.police import Police
from sim.world.posts import guides_there

SERIES = (*primary(), "price_mean", "clashes")
DOT = 20  # people per dot of the map at real scale
WEEK = 7  # nights for which a clash stays marked on the map, and over which people who turned back are averaged
TONIGHT = ("arrivals", "attempts", "crossings", "interceptions", "pushbacks", "clashes", "abductions",
           "found_and_moved", "operation")


def night_charts(corridors) -> list[dict]:
    """Descriptions of the charts of single nights: column, label, unit, meaning and digits.

    Charts of one `family` have one scale.
    """
    charts = [{"column": f"presence_{name}", "family": "presence", "unit": "1: a full operation kept up", "digits": 2,
               "label": f"Police presence, {name.replace('_', ' ').upper()}",
               "meaning": "presence of police at the corridor on the night"} for name in corridors]
    charts += [{"column": "not_arrived", "family": "not_arrived", "unit": "persons / night", "digits": 1,
                "label": "Turned back before arriving",
                "meaning": "people who would have arrived by the season alone, less those who arrived, mean of seven "
                           "nights; below 0 where more came"}]
    charts += [{"column": f"guides_{name}", "family": "guides", "unit": "guides", "digits": 0,
                "label": f"Guides, {name.replace('_', ' ').upper()}",
                "meaning": "guides of all groups who stand at the corridor on the night"} for name in corridors]
    return charts


class Side:
    """One market and the data that the page draws; `seed` is the market's own (`replicate_seed`)."""

    def __init__(self, parameters, seed: int):
        self.market = Market(parameters, seed)
        agents = self.market.agents_by_type  # read before the first arrival, when there are no agents of people
        self.camps, self.units, self.gangs = (list(agents[kind]) for kind in (Camp, Police, Gang))
        self.table = Columns()
        self.crossing_tonight = None
        self.clashes = deque(maxlen=WEEK)
        self.turned_back = deque(maxlen=WEEK)  # people who turned back before arriving, of each of the last nights
        rules = self.market.rules
        rules.interception = self._see_crossing(rules.interception)
        rules.turf = rules.turf._replace(fight=self._see_clashes(rules.turf.fight))

    def _see_crossing(self, rule):
        def interception(world, parties, patrols, retained):
            crossing = rule(world, parties, patrols, retained)
            sector, places = parties.sector[parties.party], world.places.sectors
            self.crossing_tonight = {
                "attempts": np.bincount(sector, minlength=places),
                "across": np.bincount(sector[crossing.crossed], minlength=places),
                "stopped": np.bincount(sector[crossing.intercepted], minlength=places),
                "patrols": np.asarray(patrols, float).copy(),
            }
            return crossing
        return interception

    def _see_clashes(self, rule):
        def fight(world):
            clashes = rule(world)
            self.clashes.append(np.bincount([place for _, place in clashes], minlength=world.places.total))
            return clashes
        return fight

    def step(self) -> list | None:
        """Run one night; returns the outcomes of the run so far in the order of `SERIES`, None in the warm-up."""
        market = self.market
        market.step()
        self.turned_back.append(market.world.counts["not_arrived"])
        if not market.recorder.nights:
            return None
        self.table.add(market.recorder.nights[-1])
        run = run_outcomes(market.recorder, self.table.columns())
        return [number(run[name]) for name in SERIES]

    def tonight(self, columns) -> list:
        """Numbers of the last recorded night by column of the record; None for a column that it does not have.

        People who turned back before arriving are the mean of the last seven nights, since single nights vary by luck.
        """
        row = {**self.market.recorder.nights[-1], "not_arrived": np.mean(self.turned_back)}
        return [number(row[name]) if name in row else None for name in columns]

    def close(self) -> None:
        """Release the market, to which Mesa 3.3 would keep a reference."""
        self.market.release()

    # data of the page -------------------------------------------------------------------------------------------
    def picture(self) -> dict:
        """The world after a night, as plain numbers by name."""
        market = self.market
        world = market.world
        played = world.t > world.first_night
        pressure = world.pressure
        return {
            "night": world.t - 1 if played else None, "first": world.first_night, "last": market.p.nights - 1,
            "date": world.calendar.date_of(world.t - 1).isoformat() if played else None, "running": market.running,
            "dates": [world.calendar.date_of(night).isoformat() for night in (0, market.p.nights - 1)],
            "tonight": {name: number(world.counts[name]) for name in TONIGHT}, "heat": number(pressure.heat),
            "operation": pressure.in_operation, "corridors": list(world.places.corridors),
            "presence": world.presence.round(4).tolist(), "guides": guides_there(world).round(1).tolist(),
            "turned_back": {"tonight": int(world.counts["not_arrived"]), "week": int(sum(self.turned_back))},
            "dot": max(1, round(DOT * market.p.scale)), "regions": list(REGIONS), "sectors": self._sectors(),
            "places": self._places(), "camps": self._camps(), "people": self._people(), "groups": self._groups(),
            "police": self._police(),
        }

    def _sectors(self) -> list[dict]:
        world = self.market.world
        tonight = self.crossing_tonight or {}
        turf, clashes, week = world.turf[:, : world.places.sectors], self._clashes(1), self._clashes(WEEK)
        return [{"name": name, "corridor": int(world.places.corridor[s]), "turf": turf[:, s].round(4).tolist(),
                 "clashes": clashes[s], "week": week[s],
                 **{key: round(float(column[s]), 1) for key, column in tonight.items()}}
                for s, name in enumerate(world.places.sector_names())]

    def _places(self) -> list[dict]:
        world, people = self.market.world, self.market.world.people
        sectors, clashes, week = world.places.sectors, self._clashes(1), self._clashes(WEEK)
        here = people.status <= Status.MOVED
        by_kind = {name: np.bincount(people.place[here & (people.shelter == kind) & (people.place >= 0)],
                                     minlength=world.places.staging)
                   for name, kind in (("informal", Shelter.INFORMAL), ("flat", Shelter.FLAT))}
        return [{"name": f"P{k + 1:02d}", "region": int(world.places.region[k]),
                 "turf": world.turf[:, sectors + k].round(4).tolist(), "clashes": clashes[sectors + k],
                 "week": week[sectors + k], **{name: int(count[k]) for name, count in by_kind.items()}}
                for k in range(world.places.staging)]

    def _clashes(self, nights: int) -> list[int]:
        total = self.market.world.places.total
        return np.sum([np.zeros(total, int), *list(self.clashes)[-nights:]], axis=0).tolist()

    def _camps(self) -> list[dict]:
        people = self.market.world.people  # after the night; `camp.occupancy` is from before the night's departures
        here = np.bincount(people.camp[people.shelter == Shelter.CAMP], minlength=len(self.camps))
        return [{"name": f"C{camp.key + 1:02d}", "region": camp.region, "open": camp.open, "capacity": camp.capacity,
                 "people": int(here[camp.key])} for camp in self.camps]

    def _people(self) -> dict:
        """Numbers of people outside camps and staging places, and of all people."""
        world, people = self.market.world, self.market.world.people
        free = people.free
        rough = free & (people.shelter == Shelter.NONE)
        count = np.bincount(people.corridor[rough], minlength=len(world.places.corridors))
        return {"all": int((people.status <= Status.MOVED).sum()), "rough": count.tolist(),
                "held": int((people.status == Status.HELD).sum()), "moved": int((people.status == Status.MOVED).sum())}

    def _groups(self) -> list[dict]:
        world = self.market.world
        rows = []
        for gang in self.gangs:
            owner = world.ownership.label("price", gang.key)
            rows.append({"name": f"G{gang.key + 1}", "origin": world.p.migrants.origins[gang.origin],
                         "active": gang.active, "price_owner": owner, "price": round(gang.price),
                         "clients": round(gang.demand, 1), "members": gang.members, "fighters": gang.fighters,
                         "rifles": gang.weapons, "intensity": round(gang.intensity, 2)})
        return rows

    def _police(self) -> dict:
        interior = [unit for unit in self.units if unit.interior]
        return {"patrols": len(self.units) - len(interior), "teams": len(interior),
                "served": sum(unit.payer >= 0 for unit in interior)}


class Columns:
    """Growing columns of the recorded nights, so that they need not be rebuilt every night."""

    def __init__(self):
        self.rows, self.data = 0, {}

    def add(self, row: dict) -> None:
        """Append a row; all rows have the same keys."""
        if not self.data:
            self.data = {name: np.empty(512, np.array(value).dtype) for name, value in row.items()}
        elif self.rows == len(next(iter(self.data.values()))):
            self.data = {name: np.resize(column, 2 * len(column)) for name, column in self.data.items()}
        for name, value in row.items():
            self.data[name][self.rows] = value
        self.rows += 1

    def columns(self) -> dict:
        """The columns of the rows so far."""
        return {name: column[: self.rows] for name, column in self.data.items()}


def number(value) -> float | int | None:
    """A number for JSON; None if it is not finite."""
    value = value.item() if hasattr(value, "item") else value
    return value if value == value and abs(value) != float("inf") else None
