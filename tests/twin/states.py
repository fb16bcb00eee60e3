"""Compare states of both models night by night: who differs first, and where (for debugging).

python -m tests.twin.states SCENARIO SEED NIGHTS [override ...]
"""

import sys

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.world.people import NOT_KNOWN
from tests.twin.model import Twin

GROUP = {
    "active": "active", "guides": "guides", "drivers": "drivers", "fixers": "fixers", "fighters": "fighters",
    "weapons": "weapons", "treasury": "treasury", "price": "price", "shadow_cost": "shadow", "bribe": "toll",
    "intensity": "intensity", "patience": "patience", "demand": "demand", "success": "success", "profit": "profit",
    "raid_loss": "raid_loss", "losses": "losses", "weak_nights": "weak_nights", "week_profit": "week_profit",
    "origin": "origin", "standing": "standing", "disarray": "disarray", "client_worth": "worth", "fares": "fares",
    "stage_fees": "stages", "organised": "been_under", "probe": "probe",
    "administration": "administration", "exposure": "exposure", "brand": "brand",
}  # fmt: skip
PERSON = {
    "cash": "cash", "family_funds": "means", "debt": "debt", "trust": "trust", "corridor": "corridor",
    "status_ends": "until",
    "failures": "failures", "failures_alone": "failures_alone", "failed_times": "failures_with", "rested": "rested",
    "engaged": "engaged", "tipped_until": "tipped_until", "last_pushback": "last_pushback",
}  # fmt: skip
OF_GROUP = {"creditor": "creditor", "landlord": "landlord", "holder": "holder",
            "guarantor": "guarantee", "failed_by": "failed_by"}  # fmt: skip


class Comparison:
    """Prints every quantity once, on the first night on which it differs."""

    def __init__(self):
        self.seen = set()

    def check(self, night, name, theirs, mine, whole=False, labels=None):
        """Compare two arrays."""
        if name in self.seen:
            return
        theirs, mine = np.asarray(theirs, float), np.asarray(mine, float)
        if theirs.shape != mine.shape:
            print(f"night {night} {name}: shapes {theirs.shape} {mine.shape}")
            self.seen.add(name)
            return
        close = theirs == mine if whole else np.isclose(theirs, mine, rtol=1e-6, atol=1e-9, equal_nan=True)
        if not close.all():
            where = np.argwhere(~close)
            shown = [(tuple(map(int, x)), theirs[tuple(x)], mine[tuple(x)]) for x in where[:4]]
            extra = [labels[x[0]] for x in where[:4]] if labels else ""
            print(f"night {night} {name}: {len(where)} differ, (index, main, twin) {shown} {extra}")
            self.seen.add(name)


def compare(market, twin, comparison):
    """All states after a night."""
    w, t = market.world, twin.t - 1
    table = w.groups._data
    for theirs, mine in GROUP.items():
        values = [getattr(group, mine) for group in twin.groups]
        comparison.check(t, f"group {theirs}", table[theirs][: len(values)], values, theirs == "treasury")
    comparison.check(t, "turf", w.turf, [group.turf for group in twin.groups])
    comparison.check(t, "posts", w.posts[[group.id for group in twin.active()]],
                     [group.posts for group in twin.active()])  # fmt: skip
    comparison.check(t, "earnings", w.earnings[[group.id for group in twin.active()]],
                     [group.earnings for group in twin.active()])  # fmt: skip
    comparison.check(t, "presence", w.presence, twin.presence)
    comparison.check(t, "drivers at the opening", w.drivers_at_opening, twin.opening_drivers)
    comparison.check(t, "news", w.news.value, [np.nan if x is None else x for x in twin.news])
    comparison.check(t, "share that came", w.news.followed, twin.came)
    comparison.check(t, "traffic", w.news.traffic, twin.recent)
    comparison.check(t, "answer", w.news.answer, twin.answer)
    comparison.check(t, "effort", w.efforts, [group.effort for group in twin.groups])
    comparison.check(t, "prize", w.prize, twin.prize)
    comparison.check(t, "weight", w.patrol_weight, twin.patrol_weight)
    comparison.check(t, "pool", w.labour_pool, twin.labour_pool)
    comparison.check(t, "heat", w.pressure.heat, twin.heat)
    comparison.check(t, "expected ransom", w.ransom_yield, twin.expected_ransom)
    comparison.check(t, "integrity", w.units._data["integrity"][: len(twin.units)], [u.threshold for u in twin.units])
    comparison.check(t, "payer", w.units._data["payer"][: len(twin.units)],
                     [-1 if u.serves is None else u.serves.id for u in twin.units])  # fmt: skip
    comparison.check(t, "parties met", w.parties_met, [group.met for group in twin.groups])
    full = np.asarray(w.tolls)
    sizes = range(full.shape[1])
    comparison.check(t, "tolls", full[: len(twin.groups)],
                     [[group.tolls.get(size, 0.0) for size in sizes] for group in twin.groups])  # fmt: skip
    comparison.check(t, "return", w.returning, twin.return_chance)
    n = len(twin.groups)
    active = [[a.active and b.active and a is not b for b in twin.groups] for a in twin.groups]
    war = [[twin.war.get((j, k), False) for k in range(n)] for j in range(n)]
    comparison.check(t, "war", np.asarray(w.war)[:n, :n] & np.asarray(active), np.asarray(war) & np.asarray(active))
    demand_sums(w.demand, twin, t, comparison)
    for decision, owner in w.ownership.owner.items():
        mine = [group.owner.get(decision, -9) for group in twin.groups]
        if -9 not in mine:
            comparison.check(t, f"owner of {decision}", owner, mine)
    beliefs = w.beliefs
    origins = range(len(twin.p.migrants.origins))
    for name in ("engagements", "abuses"):
        counts = getattr(twin, name)
        comparison.check(t, name, getattr(beliefs, name), [[counts[o, j] for j in range(n)] for o in origins])
    for name in ("trials", "successes"):
        counts = getattr(twin, name)
        mine = [[[counts[o, j, c] for c in twin.corridors] for j in range(n)] for o in origins]
        comparison.check(t, name, getattr(beliefs, name), mine)
    for name in ("sector_trials", "sector_successes"):
        counts = getattr(twin, name)
        sectors = range(twin.sector_count)
        comparison.check(t, name, getattr(beliefs, name), [[counts[j, s] for s in sectors] for j in range(n)])
    people(w, twin, t, comparison)


def demand_sums(theirs, twin, t, comparison):
    """What owners remember of demand since the last review."""
    n, seen = len(twin.groups), twin.memory
    comparison.check(t, "demand seen", theirs.demand, [seen.demand[j] for j in range(n)])
    comparison.check(t, "choosers", theirs.events, seen.choosers)
    comparison.check(t, "alone", theirs.alone, seen.alone)
    comparison.check(t, "intercepted", theirs.stopped, seen.intercepted)
    comparison.check(t, "pushed back", theirs.returned, seen.pushed_back)
    comparison.check(t, "by price alone", theirs.by_price_alone, [seen.alone_by_price[j] for j in range(n)])
    comparison.check(t, "by appeal alone", theirs.by_appeal_alone, [seen.alone_by_appeal[j] for j in range(n)])
    comparison.check(t, "by price worth", theirs.by_price_worth, [seen.offer_by_price[j] for j in range(n)])
    comparison.check(t, "staying", theirs.staying, seen.staying)
    comparison.check(t, "coming", theirs.coming, seen.coming)
    comparison.check(t, "arrivals expected", theirs.arrivals, seen.arrivals)
    by_price = [[seen.by_price[j, k] for k in range(n)] for j in range(n)]
    comparison.check(t, "by price", theirs.by_price, by_price)
    by_appeal = [[seen.by_appeal[j, k] for k in range(n)] for j in range(n)]
    comparison.check(t, "by appeal", theirs.by_appeal, by_appeal)


def people(w, twin, t, comparison):
    """Everybody, by identity."""
    table, number = w.people._data, w.people.n
    ids = [int(x) for x in table["id"][:number]]
    mine = {person.id: person for person in twin.people}
    for identity in sorted(set(ids) ^ set(mine))[:3]:
        where = "main" if identity in ids else "twin"
        if "people" not in comparison.seen:
            print(f"night {t} person {identity} only in {where}")
    if set(ids) != set(mine):
        comparison.seen.add("people")
        return
    for theirs, attribute in PERSON.items():
        comparison.check(t, f"person {theirs}", table[theirs][:number],
                         [getattr(mine[i], attribute) for i in ids], theirs != "trust", ids)  # fmt: skip
    for theirs, attribute in OF_GROUP.items():
        holders = [getattr(mine[i], attribute) for i in ids]
        comparison.check(t, f"person {theirs}", table[theirs][:number],
                         [-1 if group is None else group.id for group in holders], True, ids)  # fmt: skip
    engaged = [-2 if mine[i].alone else -1 if mine[i].client_of is None else mine[i].client_of.id for i in ids]
    comparison.check(t, "person client_of", table["client_of"][:number], engaged, True, ids)  # -2: goes alone
    comparison.check(t, "person place", table["place"][:number],
                     [-1 if mine[i].place is None else mine[i].place for i in ids], True, ids)  # fmt: skip
    comparison.check(t, "person worth", table["prospects"][:number],
                     [NOT_KNOWN if mine[i].worth is None else mine[i].worth for i in ids], labels=ids)  # fmt: skip
    camps = {camp.name: k for k, camp in enumerate(twin.camps)}
    comparison.check(t, "person camp left", table["left_camp"][:number],
                     [-1 if mine[i].left_camp is None else camps[mine[i].left_camp.name] for i in ids], True, ids)
    moved = [k for k in range(number) if mine[ids[k]].status == "moved"]
    comparison.check(t, "person until when moved", [table["resume"][k] for k in moved],
                     [mine[ids[k]].before[1] for k in moved], True)  # fmt: skip
    comparison.check(t, "person rested when moved", [table["resumes_rest"][k] for k in moved],
                     [mine[ids[k]].before[0] == "resting" for k in moved], True)  # fmt: skip
    clients = [k for k in range(number) if mine[ids[k]].client_of is not None]
    comparison.check(t, "person fee", [table["fee"][k] for k in clients], [mine[ids[k]].fee for k in clients], True)


def main():
    """Command line."""
    scenario, seed, nights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    p = configure(scenario, ["scale=0.05", "warmup=0", f"nights={nights}", *sys.argv[4:]])
    market, twin, comparison = Market(p, seed), Twin(p, seed), Comparison()
    for _ in range(p.warmup + nights):
        market.step()
        twin.step()
        compare(market, twin, comparison)


if __name__ == "__main__":
    main()
