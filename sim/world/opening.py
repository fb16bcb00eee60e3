"""The world: the whole state of the model, and its construction for the first night."""

import numpy as np

from sim.world.beliefs import Beliefs
from sim.world.calendar import Calendar
from sim.world.camps import Camps
from sim.world.control import join
from sim.world.counters import Counters
from sim.world.demand import Demand
from sim.world.draws import Draws
from sim.world.groups import Groups, Organisations, largest_party
from sim.world.ledger import Books, cents
from sim.world.news import News
from sim.world.ownership import Ownership
from sim.world.people import People
from sim.world.places import Places
from sim.world.police import Pressure, Units
from sim.world.posts import drivers_there, opening_posts

ORGANISATIONS = 2  # O1 may control groups from the start or take them over; O2 is an outside buyer (entry)


class World:
    """The state that lasts between nights; rules read and change it, but they only add to its counters.

    p: validated parameters; seed: whole number that keys every draw.
    """

    def __init__(self, p, seed: int):
        self.p, self.seed = p, seed
        self.draws = Draws(seed)
        self.calendar = Calendar(p)
        self.first_night = -p.warmup
        self.t = self.first_night
        self.places = Places(p)
        self.people = People(4096)
        self.groups = open_groups(p, self.draws, self.first_night)
        self.organisations = Organisations(ORGANISATIONS)
        self.organisations.append(ORGANISATIONS, id=np.arange(ORGANISATIONS))
        self.organisations.backing[0] = cents(p.organisation.backing * p.scale)
        self.camps = open_camps(p, self.draws, self.first_night)
        self.units = open_units(p, self.places, self.draws, self.first_night - 1)
        self.ownership = Ownership(self.groups.n, ORGANISATIONS)
        self.terms = owner_terms(p, self.groups.n)
        self.books = Books(self.people, self.groups, self.organisations)
        self.books.balance["owners"] -= int(self.groups.treasury.sum())
        self.books.balance["groups"] += int(self.groups.treasury.sum())
        self.turf = open_turf(self.groups, self.places, p.gangs.overlap)
        self.efforts = self.groups.fighters[:, None] * self.turf / self.places.total
        self.prize = np.zeros(self.places.total)  # EUR / night, margin earned at each place, running mean
        self.war = np.zeros((self.groups.n, self.groups.n), bool)  # which pairs of groups fight
        self.beliefs = Beliefs(len(p.migrants.origins), self.groups.n, len(self.places.corridors),
                               self.places.sectors, p)
        self.demand = Demand(self.groups.n)
        self.news = News(p, p.migrants.arrivals * p.scale * self.calendar.season(self.t))
        self.market = None  # as owners observed it up to the last review (`sim/world/demand_system.py`)
        self.returning = p.police.pushback_share * (1 - p.police.death_share)  # of those stopped, running mean
        self.tolls = np.zeros((self.groups.n, largest_party(p.gangs.party_size) + 1))  # EUR, by persons in the party
        self.ransom_yield = p.gangs.ransom_median * p.gangs.ransom_pay_chance  # EUR per abduction, running mean
        self.pressure = Pressure(prison_hungary=p.police.prison_hungary * p.scale)
        self.patrol_weight = np.ones(self.places.sectors)  # weight of each sector within its corridor
        corridors = len(self.places.corridors)
        self.parties_met = np.zeros((self.groups.n, corridors))  # by patrols, a night, running mean
        self.retainers = np.zeros((self.groups.n, corridors))  # EUR per unit and night, as owners offer
        self.presence = np.zeros(corridors)  # of police, as it is felt tonight
        self.posts = opening_posts(self)  # share of each group's guides and drivers at each corridor
        self.earnings = np.zeros((self.groups.n, corridors))  # EUR / night of each group's clients there, running mean
        self.drivers_at_opening = drivers_there(self)  # persons at each corridor
        self.crossings_sold = np.zeros(self.groups.n)  # since the last settlement with owners
        self.labour_pool = p.gangs.labour_pool * p.scale  # persons who would join
        self.leaders_taken = np.zeros(self.groups.n, int)  # arrested since structure last looked
        self.arrived = self.exited = 0  # persons since the first night
        self.counts = Counters(self.places.corridors, strict=p.checks)  # of the night that was played last
        for group in opening_members(p, self.groups):
            join(self, group, 0)

    def open_night(self) -> None:
        """Set the flows of the accounts and the counters to zero for a new night."""
        self.books.open_night()
        self.counts.open_night()

    def count(self, name: str, amount=1) -> None:
        """Add `amount` to one of tonight's counters (`sim/world/counters.py`), which only the record reads."""
        self.counts.add(name, amount)


def owner_terms(p, groups: int) -> dict[str, np.ndarray]:
    """Terms of each owner (J + organisations,): its transfers from member groups and the fighters that it brings.

    skim: share of profit; head_tax: EUR per crossing; tribute: EUR per group and night; pipeline: persons per night.
    A group that owns its own decisions has zero everywhere.
    """
    organisation = p.organisation
    term, value = {"merger": ("skim", organisation.skim_share), "franchise": ("head_tax", organisation.head_tax),
                   "tribute": ("tribute", organisation.tribute * p.scale), "truce": (None, 0.0),
                   }[organisation.structure]
    terms = {name: np.zeros(groups + ORGANISATIONS) for name in ("skim", "head_tax", "tribute", "pipeline")}
    if term:
        terms[term][groups:] = value
    terms["pipeline"][groups] = organisation.pipeline * p.scale
    return terms


def opening_members(p, groups) -> np.ndarray:
    """Rows of the groups that belong to organisation O1 on the first night.

    They are the first groups, up to the share `organisation.control`, among those that O1 recruits from.
    """
    eligible = np.flatnonzero(groups.active & (groups.affine | (p.organisation.affine == "all")))
    return eligible[: round(p.organisation.control * len(eligible))]


def group_sizes(p) -> np.ndarray:
    """Relative sizes of groups, summing to 1: the first `large_count` groups share `large_share` equally.

    The other groups share the remainder equally; all groups have the same size if `large_share` is 0.
    """
    g = p.gangs
    if not g.large_share or g.large_count >= g.count:
        return np.full(g.count, 1 / g.count)
    small = (1 - g.large_share) / (g.count - g.large_count)
    return np.r_[np.full(g.large_count, g.large_share / g.large_count), np.full(g.count - g.large_count, small)]


def group_origins(p) -> np.ndarray:
    """Origin of each group, apportioned to `gangs.origin_shares` by largest remainders.

    Origins come in order, and large groups come first, so that large groups are of origin A (F8).
    """
    exact = np.asarray(p.gangs.origin_shares) * p.gangs.count
    counts = np.floor(exact).astype(int)
    for k in np.argsort(-(exact - counts), kind="stable")[: p.gangs.count - counts.sum()]:
        counts[k] += 1
    return np.repeat(np.arange(len(counts)), counts)


def open_groups(p, draws, night) -> Groups:
    """The groups of the first night, with free rows for entrants."""
    g, rows = p.gangs, p.gangs.count + p.gangs.free_rows
    groups = Groups(rows)
    groups.append(rows, id=np.arange(rows))
    k = np.arange(g.count)
    size = group_sizes(p) * p.scale
    groups.active[k] = True
    groups.origin[k] = group_origins(p)
    groups.affine[k] = groups.origin[k] == 0
    for role in ("guides", "drivers", "fixers", "fighters"):
        getattr(groups, role)[k] = np.maximum(1, np.rint(getattr(g, role) * size))
    groups.weapons[k] = np.rint(g.armed_share * groups.fighters[k])
    groups.treasury[k] = cents(g.treasury * size)
    groups.price[k] = g.opening_price
    groups.skill[:] = g.skill
    groups.demand[k] = p.migrants.arrivals * size
    groups.success[:] = p.migrants.prior_success
    luck = draws.normal("patience", night, np.arange(rows))
    groups.patience[:] = np.clip(g.patience + g.patience_sd * luck, 0, 0.99)
    # reputations differ as much as unexpected wins and losses keep them apart: the variance at rest of such ratings
    groups.standing[k] = np.sqrt(g.strength_learning) / 2 * draws.normal("standing", night, k)
    groups.brand[k] = np.where(groups.affine[k], g.brand, 0.0)
    return groups


def open_turf(groups, places, overlap) -> np.ndarray:
    """Turf share of each group at each place (J, places); every column sums to 1.

    In each corridor, and along the staging places, a group has a home stretch in proportion to its size.  The share
    1 − `overlap` of its turf lies there, and the share `overlap` is spread evenly over all places.
    """
    size = np.where(groups.active, groups.members, 0.0)
    size = size / size.sum()
    upper = np.cumsum(size)
    lower = upper - size
    home = np.zeros((groups.n, places.total))
    first = 0
    for count in (*places.corridor_sectors, places.staging):
        left, right = np.arange(count) / count, (np.arange(count) + 1) / count
        covered = np.minimum(upper[:, None], right) - np.maximum(lower[:, None], left)
        home[:, first : first + count] = np.maximum(covered, 0) * count
        first += count
    return overlap * size[:, None] + (1 - overlap) * home


def open_camps(p, draws, night) -> Camps:
    """The camps of each region; a draw on the first night decides for each camp whether it has an informant."""
    regions = np.repeat(np.arange(len(p.camps.by_region)), p.camps.by_region)
    camps = Camps(len(regions))
    camps.append(len(regions), id=np.arange(len(regions)), region=regions,
                 capacity=round(p.camps.capacity * p.scale),
                 informant=draws.uniform("informant", night, np.arange(len(regions))) < p.camps.informant_share)
    return camps


def open_units(p, places, draws, night) -> Units:
    """Patrol units by corridor, followed by interior teams; each draws the bribe that it accepts."""
    police = p.police
    patrols = round(police.patrols * p.scale)
    share = np.cumsum(police.patrol_shares)
    middle = (np.arange(patrols) + 0.5) / max(patrols, 1)
    corridor = np.searchsorted(share, middle * share[-1])
    teams = max(1, round(police.interior_teams * p.scale))
    units = Units(patrols + teams)
    units.append(patrols + teams, id=np.arange(patrols + teams))
    units.interior[patrols:] = True
    units.corridor[:patrols] = corridor
    draw_integrity(units, police, draws, night, np.arange(units.n))
    return units


def draw_integrity(units, police, draws, night, rows):
    """Draw the smallest bribe that the new commander of each unit in `rows` accepts, EUR (M10).

    A corruptible officer has a lognormal reservation bribe, per crossing for patrols and per 30 nights for interior
    teams; any other officer accepts none (infinity).  Payments from former payers end.
    """
    median = np.where(units.interior[rows], police.interior_reservation_bribe, police.reservation_bribe)
    sd = np.where(units.interior[rows], police.interior_reservation_bribe_sd, police.reservation_bribe_sd)
    threshold = median * np.exp(sd * draws.normal("integrity", night, rows))
    corruptible = draws.uniform("corruptible", night, rows) < police.corruptible
    units.integrity[rows] = np.where(corruptible, threshold, np.inf)
    units.payer[rows] = -1
