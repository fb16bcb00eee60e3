"""The twin: state, calendar and the order of a night (submodels.md, The night, in order)."""

import datetime
import math
from collections import Counter

import mesa

from tests.twin import (
    bribes,
    choice,
    crossing,
    dispatch,
    extortion,
    fees,
    first_night,
    learning,
    measures,
    news,
    payroll,
    people,
    police,
    posts,
    reviews,
    shelter,
    staffing,
    structure,
    turf,
)
from tests.twin.agents import ENDED
from tests.twin.draws import KeyedDraws, OwnDraws
from tests.twin.nightly import record_night


class Twin(mesa.Model):
    """The whole market, one ordinary agent per person and group."""

    def __init__(self, p, seed, draws="keyed"):
        super().__init__()
        self.p = p
        self.source = OwnDraws(seed) if draws == "own" else KeyedDraws(seed)
        self.uniform = self.source.uniform
        self.normal = self.source.normal
        self.sector_count = sum(p.border.sectors)
        self.place_count = self.sector_count + len(p.border.staging_regions)
        self.corridors = range(len(p.border.sectors))
        self.corridor_of = [c for c in self.corridors for _ in range(p.border.sectors[c])]
        self.sectors_of = [[s for s in range(self.sector_count) if self.corridor_of[s] == c] for c in self.corridors]
        self.length = [p.border.sector_length[c] * p.scale for c in self.corridor_of]
        self.start = datetime.date.fromisoformat(str(p.start_date))
        self.release = self.night_of(p.police.release_date)
        self.takeover_from = p.organisation.takeover_from and self.night_of(p.organisation.takeover_from)
        self.closing = {row["camp"]: self.night_of(row["date"]) for row in p.camps.closures}
        self.season_mean = sum(self.harmonics(day) for day in range(365)) / 365
        self.t = -p.warmup
        self.people = []
        self.tally = Counter()
        self.flows = Counter()
        self.ended_tonight = 0
        self.return_chance = p.police.pushback_share * (1 - p.police.death_share)
        self.nights = []
        self.prize = [0.0] * self.place_count
        self.patrol_weight = [1.0] * self.sector_count
        self.heat = 0.0
        self.operation_since = None
        self.operation_ended = -10_000
        self.labour_pool = p.gangs.labour_pool * p.scale
        self.prison_hungary = p.police.prison_hungary * p.scale
        self.prison_serbia = 0.0
        self.expected_ransom = p.gangs.ransom_median * p.gangs.ransom_pay_chance
        learning.set_up(self)
        measures.set_up(self)
        news.set_up(self)
        self.memory = self.last_interval = reviews.new_memory(self.t)
        first_night.set_up_groups(self)
        first_night.set_up_turf(self)
        posts.set_up(self)
        first_night.set_up_camps(self)
        first_night.set_up_units(self)
        first_night.set_up_organisations(self)

    # calendar

    def night_of(self, date):
        """The night of a date."""
        return (datetime.date.fromisoformat(str(date)) - self.start).days

    def day_of_year(self):
        """Tonight's day of the year, from 0."""
        return (self.start + datetime.timedelta(days=self.t)).timetuple().tm_yday - 1

    def harmonics(self, day):
        """The season before it is divided by its mean."""
        m = self.p.migrants
        year = 2 * math.pi / 365.25
        return math.exp(
            m.season_year * math.cos(year * (day - m.season_year_peak))
            + m.season_half * math.cos(2 * year * (day - m.season_half_peak))
        )

    def season(self):
        """g_t: mean 1 over a year, times dated factors."""
        g = self.harmonics(self.day_of_year()) / self.season_mean
        for shock in self.p.migrants.shocks:
            first = self.night_of(shock["date"])
            if first <= self.t < first + shock["nights"]:
                g *= shock["factor"]
        return g

    # who is there

    def active(self):
        """Active groups in order."""
        return [group for group in self.groups if group.active]

    def present(self):
        """Waiting and resting people."""
        return [person for person in self.people if person.present]

    def corridor_turf(self, group, corridor):
        """Mean turf of a group over a corridor's sectors."""
        sectors = self.sectors_of[corridor]
        return sum(group.turf[s] for s in sectors) / len(sectors)

    def ends(self, person, status):
        """Somebody is through: crossed, left, in procedure or dead; at dawn they are gone."""
        person.lose_shelter()
        person.status = status
        self.ended_tonight += 1

    # the night

    def step(self):
        """One night."""
        self.source.new_night()
        self.tally = Counter()
        self.flows = Counter()
        for group in self.groups:
            group.tonight = {}
        news.dusk(self)
        people.arrivals(self)
        people.returns(self)
        people.releases(self)
        people.leaving(self)
        shelter.shelter(self)
        if self.t % self.p.market.review_nights == 0:
            reviews.review(self)
        choice.choose(self)
        dispatch.dispatch(self)
        bribes.retain(self)
        dispatch.decoys(self)
        crossing.crossing(self)
        crossing.pushback(self)
        fees.payment(self)
        extortion.extortion(self)
        turf.turf(self)
        turf.bystanders(self)
        payroll.rotation(self)
        payroll.payroll(self)
        police.police(self)
        staffing.staffing(self)
        structure.structure(self)
        learning.learning(self)
        self.take_along()
        if self.t >= 0:
            self.nights.append(record_night(self))
        self.dawn()
        self.t += 1

    def take_along(self):
        """Whoever is through takes their cash along."""
        for person in self.people:
            if person.status in ENDED:
                self.flows["taken_along"] += person.cash
                person.cash = 0

    def dawn(self):
        """Whoever is through leaves the table; reviews count the exits of whole nights."""
        self.memory.exits += self.ended_tonight
        self.ended_tonight = 0
        for person in self.people:
            if person.status in ENDED:
                person.lose_shelter()
                person.remove()
        self.people = [person for person in self.people if person.status not in ENDED]
