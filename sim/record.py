"""The record of a run: one row per night, one row per group and night, and the outcomes of the run.

Recording draws no random number and changes nothing in the world.
"""

from typing import NamedTuple

import numpy as np

from sim.world.columns import rows_where
from sim.world.control import is_whole
from sim.world.counters import BY_CORRIDOR, COUNTERS, FEES_PAID
from sim.world.derived import client_shares
from sim.world.ledger import BRIBES, CENTS, COSTS, FLOWS, INCOME, OUTLAY
from sim.world.news import worth_of_staying
from sim.world.ownership import owner_id
from sim.world.people import Shelter, Status
from sim.world.posts import guides_there

WITHIN = 30  # nights after arrival, for the outcome `crossed_within_30`
DEATHS = ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment")


class Record(NamedTuple):
    """The results of one run."""

    run: dict  # outcomes by name
    nights: dict  # columns of the table of nights, arrays by name
    groups: dict  # columns of the table of groups and nights, arrays by name


class Recorder:
    """Collects one row per night; `finish` turns the rows into columns and computes the outcomes of the run."""

    def __init__(self):
        self.nights, self.groups = [], []
        self.ids = None  # names of origins, names of sectors and number of rows for groups
        self.cohort_arrived = {}  # number of arrivals by night of arrival
        self.cohort_crossed = {}  # number of them who crossed within WITHIN nights, by night of arrival
        # Sum and count of three quantities over recorded nights:
        self.stays = [0, 0]  # nights from arrival to crossing, of people who crossed
        self.fees = [0, 0]  # fees of crossings, cents
        self.ransoms = [0, 0]  # ransoms, cents

    def take(self, world, exits) -> None:
        """Record tonight; `exits` are rows of the people who leave, and who must still be in the table."""
        self._follow_cohorts(world, exits)
        if world.t < 0:
            return
        self.fees[0] += world.books.flow["fee"]
        self.fees[1] += world.counts[FEES_PAID]
        self.ransoms[0] += world.books.flow["ransom"]
        self.ransoms[1] += world.counts["released_paid"]
        self.nights.append(night_row(world))
        self.groups.append(group_rows(world))
        self.ids = world.p.migrants.origins, world.places.sector_names(), world.ownership.groups

    def _follow_cohorts(self, world, exits) -> None:
        """Count tonight's arrivals, and tonight's crossings by night of arrival."""
        people, t = world.people, world.t
        self.cohort_arrived[t] = world.counts["arrivals"]
        crossed = exits[people.status[exits] == Status.CROSSED]
        stay = t - people.arrived[crossed]
        if t >= 0:
            self.stays[0] += int(stay.sum())
            self.stays[1] += len(crossed)
        for nights, number in enumerate(np.bincount(stay)[: WITHIN + 1].tolist()):
            if number:
                self.cohort_crossed[t - nights] = self.cohort_crossed.get(t - nights, 0) + number

    def finish(self) -> Record:
        """The record of all nights from night 0 on, empty if there are none."""
        if not self.nights:
            return Record({}, {}, {})
        nights = {name: np.array([row[name] for row in self.nights]) for name in self.nights[0]}
        return Record(run_outcomes(self, nights), nights, self._groups_by_id())

    def _groups_by_id(self) -> dict:
        """Columns by group and night: ids replace numbers, and turf has one column per sector."""
        groups = {name: np.concatenate([rows[name] for rows in self.groups]) for name in self.groups[0]}
        origins, sectors, number_of_groups = self.ids
        groups["group"] = np.array([f"G{j + 1}" for j in groups["group"]])
        groups["origin"] = np.array([origins[number] for number in groups["origin"]])
        groups["owner"] = np.array([owner_id(number, number_of_groups) for number in groups["owner"]])
        turf = groups.pop("turf")
        return groups | {f"turf_{name}": turf[:, s].copy() for s, name in enumerate(sectors)}

    def crossed_within(self, nights: int) -> float:
        """Share of people who cross within 30 nights of their arrival; NaN without arrivals.

        It counts arrivals from 30 nights before the first recorded night to 30 nights before the end of `nights`.
        """
        cohort = [night for night in self.cohort_arrived if -WITHIN <= night < nights - WITHIN]
        arrived = sum(self.cohort_arrived[night] for night in cohort)
        return sum(self.cohort_crossed.get(night, 0) for night in cohort) / arrived if arrived else float("nan")


def night_row(world) -> dict:
    """All columns of the table of nights for tonight; money is in EUR."""
    row = {"night": world.t, "date": np.datetime64(world.calendar.date_of(world.t), "D")}
    row |= {name: world.counts[name] for name in COUNTERS}
    row |= {name: float(row[name]) for name in ("resident_risk", *(name for name in COUNTERS if "cost" in name))}
    for corridor in world.places.corridors:
        for name in BY_CORRIDOR:
            row[f"{name}_{corridor}"] = world.counts[f"{name}_{corridor}"]
    there = guides_there(world)
    for c, corridor in enumerate(world.places.corridors):
        row |= {f"presence_{corridor}": float(world.presence[c]), f"guides_{corridor}": float(there[c])}
    row |= stocks(world) | market(world) | beliefs(world) | news(world) | force(world)
    row |= {f"flow_{name}": world.books.flow[name] / CENTS for name in FLOWS}
    for name in ("people", "groups", "organisations"):
        row[f"balance_{name}"] = world.books.balance[name] / CENTS
    return row


def stocks(world) -> dict:
    """Numbers of people by status and shelter at dawn, without the people who leave tonight; and mean trust."""
    people = world.people
    present = people.status <= Status.MOVED
    trust = people.trust[present]
    table = np.bincount(people.status * 4 + people.shelter, minlength=36).reshape(9, 4)[: Status.MOVED + 1]
    status, shelter = table.sum(axis=1), table.sum(axis=0)
    return {
        "people": len(trust), "waiting": int(status[Status.WAITING]), "resting": int(status[Status.RESTING]),
        "held": int(status[Status.HELD]), "moved": int(status[Status.MOVED]), "in_camp": int(shelter[Shelter.CAMP]),
        "informal": int(shelter[Shelter.INFORMAL]), "flat": int(shelter[Shelter.FLAT]),
        "unsheltered": int(shelter[Shelter.NONE]) - int(status[Status.HELD]) - int(status[Status.MOVED]),
        "camps_open": np.count_nonzero(world.camps.open),
        "indebted": np.count_nonzero(present & (people.debt > 0)),
        "trust": float(trust.mean()) if len(trust) else float("nan"),
    }


def market(world) -> dict:
    """Prices (EUR, weighted by shares in engagements) and the concentration of clients, turf and ownership."""
    groups = world.groups
    share = client_shares(groups)
    turf = world.turf[:, : world.places.sectors].mean(axis=1)
    p10, p90 = weighted_quantiles(groups.price, share, (0.1, 0.9))
    owner = world.ownership.owner["price"]
    owners = np.bincount(owner, share)[owner]
    return {"price_mean": float(share @ groups.price), "price_p10": p10, "price_p90": p90,
            "hhi_clients": float(share @ share), "hhi_turf": float(turf @ turf), "hhi_owners": float(share @ owners),
            "groups_active": np.count_nonzero(groups.active),
            "controlled": np.count_nonzero(world.ownership.controlled()),
            "organisation_whole": int(is_whole(world)),
            "pairs_at_war": int(world.war.sum() // 2)}


def weighted_quantiles(values, weights, levels):
    """Weighted quantiles: for each level, the smallest value at which the cumulative weight reaches it."""
    order = values.argsort()
    reached, ordered = weights[order].cumsum(), values[order]
    return tuple(float(ordered[min(reached.searchsorted(q * reached[-1]), len(values) - 1)]) for q in levels)


def beliefs(world) -> dict:
    """Beliefs averaged over groups by their shares in engagements and over origins equally; and mean extortion."""
    share = client_shares(world.groups)
    return {"belief_success": float((world.beliefs.success().mean(axis=(0, 2)) * share).sum()),
            "belief_unaided": float(world.beliefs.unaided().mean()),
            "belief_abuse": float((world.beliefs.abuse().mean(axis=0) * share).sum()),
            "intensity": float(share @ world.groups.intensity)}


def news(world) -> dict:
    """What staying is worth to those who wait or rest and have chosen before (mean), and how arrivals answered."""
    worth = worth_of_staying(world, rows_where(world.people.free))
    worth, shares = worth[np.isfinite(worth)], np.asarray(world.p.migrants.origin_shares)
    return {"worth_of_staying": float(worth.mean()) if len(worth) else float("nan"),
            "arrival_answer": float(shares @ world.news.answer / shares.sum())}


def force(world) -> dict:
    """Members and arms of all groups, public pressure, prisoners, the labour pool and teams on a payroll."""
    groups, state = world.groups, world.pressure
    return {"members": int(groups.members.sum()), "guides": int(groups.guides.sum()),
            "fighters": int(groups.fighters.sum()), "weapons": int(groups.weapons.sum()), "heat": float(state.heat),
            "prison_serbia": float(state.prison_serbia), "prison_hungary": float(state.prison_hungary),
            "labour_pool": float(world.labour_pool), "on_payroll": np.count_nonzero(world.units.payer >= 0)}


def group_rows(world) -> dict:
    """Tonight's columns by group, active or not; group, origin and owner are numbers, and money is in EUR."""
    groups, n = world.groups, world.groups.n
    turf = world.turf[:, : world.places.sectors].copy()
    return {
        "night": np.full(n, world.t), "group": np.arange(n), "origin": groups.origin.copy(),
        "owner": world.ownership.owner["price"].copy(), "active": groups.active.copy(),
        "price": groups.price.copy(), "clients": groups.demand.copy(), "turf_share": turf.mean(axis=1),
        "members": groups.members.copy(), "guides": groups.guides.copy(), "fighters": groups.fighters.copy(),
        "weapons": groups.weapons.copy(), "treasury": groups.treasury / CENTS, "profit": world.books.profit() / CENTS,
        "intensity": groups.intensity.copy(), "turf": turf,
    }


def run_outcomes(recorder, nights) -> dict:
    """The outcomes of one run (`sim/registry/outcomes.yaml`), sums over recorded nights unless named otherwise."""
    total = {name: float(np.sum(column)) for name, column in nights.items() if name != "date"}
    arrivals = max(total["arrivals"], 1.0)
    money = {name: total[f"flow_{name}"] for name in FLOWS}
    deaths = sum(total[name] for name in DEATHS)
    gross = sum(money[name] for name in INCOME)
    bribes = sum(money[name] for name in BRIBES)
    run = {
        "outlay_per_arrival": sum(money[name] for name in OUTLAY) / arrivals,
        "crossed_within_30": recorder.crossed_within(len(nights["night"])),
        "deaths_per_10k": 1e4 * deaths / arrivals,
        "abductions_per_10k": 1e4 * total["abductions"] / arrivals,
        "bribes_per_gross": bribes / gross if gross else float("nan"),
        "joint_surplus": gross - sum(money[name] for name in COSTS),
        "price_mean": ratio(recorder.fees[0] / CENTS, recorder.fees[1]),
        "attempts_peak": peak_month(nights),
        "attempts_per_crossing": ratio(total["attempts"], total["crossings"]),
        "success_rate": ratio(total["crossings"], total["attempts"]),
        "ransoms": money["ransom"], "ransom_mean": ratio(recorder.ransoms[0] / CENTS, recorder.ransoms[1]),
        "skim": money["skim"], "bribes": bribes, "gross_income": gross,
        "stay_mean": ratio(recorder.stays[0], recorder.stays[1]),
        "in_camps_mean": float(np.mean(nights["in_camp"])), "operation_nights": total["operation"],
        "people_mean": float(np.mean(nights["people"])),
        "unaided_share": ratio(total["attempts_unaided"], total["attempts"]),
    }
    run |= {name: float(np.mean(nights[name])) for name in ("hhi_clients", "hhi_turf", "hhi_owners", "fighters",
                                                            "weapons", "members", "intensity", "pairs_at_war")}
    run |= {
        "rents": money["rent"], "in_flats_mean": float(np.mean(nights["flat"])),
        "informal_mean": float(np.mean(nights["informal"])), "indebted_mean": float(np.mean(nights["indebted"])),
        "trust_mean": float(np.nanmean(nights["trust"])) if np.isfinite(nights["trust"]).any() else float("nan"),
        "elsewhere_share": 1 - ratio(total[first_corridor(nights)], total["attempts"]),
        "unaided_before_pushback": ratio(total["attempts_unaided"] - total["attempts_repeat_unaided"],
                                         total["attempts"] - total["attempts_repeat"]),
        "unaided_after_pushback": ratio(total["attempts_repeat_unaided"], total["attempts_repeat"]),
        "protection_cost": total["cost_camps"] + total["cost_support"] + total["cost_admissions"],
    }
    run["presence_mean"] = float(np.mean([nights[name] for name in nights if name.startswith("presence_")]))
    whole = nights["organisation_whole"].astype(bool)
    run |= {"organisation_whole": float(whole.mean()),
            "organisation_breaks": float(np.count_nonzero(whole[:-1] & ~whole[1:]))}
    run |= {name: total[name] for name in COUNTERS if name not in ("choosing", "operation")}
    return run


def first_corridor(nights) -> str:
    """Name of the column that counts attempts in the first corridor."""
    return next(name for name in nights if name.startswith("attempts_") and name not in COUNTERS)


def ratio(a, b) -> float:
    """a / b, or NaN if b is 0."""
    return a / b if b else float("nan")


def peak_month(nights) -> float:
    """The highest monthly mean of recorded attempts per night, among calendar months with at least 20 recorded nights.

    Without such a month it is the mean of all nights.
    """
    months = nights["date"].astype("datetime64[M]")
    means = [nights["attempts_recorded"][months == m].mean() for m in np.unique(months) if (months == m).sum() >= 20]
    return float(max(means)) if means else float(np.mean(nights["attempts_recorded"]))
