"""M15 structure: groups settle with owners, join and leave organisations, enter, exit and split.

Central costs include succession: an organisation may lose its leader, and then groups secede. Takeover (weekly, where
an organisation seeks it): hazard  h × affinity × (1 + θ × recent losses / (members + 1)); accepted iff the group's
expected profit inside, less the transfer, is at least its expected profit outside.  Inside it expects the profit per
head of the organisation's groups, outside its own.  Defection is the same comparison the other way. Entry follows an
entrant's own expected profit, never an owner's total.  A group that has too few members for many nights exits; a group
whose leader is arrested may split.
"""

import numpy as np

from sim.world.calendar import ACCOUNTS, WEEK, is_weekly
from sim.world.control import has_anything_to_own, join, secede
from sim.world.groups import ROLES
from sim.world.ledger import CENTS, cents


def restructure(world) -> None:
    """Groups close their accounts; weekly they settle with owners, join or leave organisations, enter and split."""
    groups, books, p = world.groups, world.books, world.p
    administer(world)
    tonight = books.profit()
    groups.week_profit += tonight
    world.demand.profit += tonight
    groups.profit += (tonight / CENTS - groups.profit) * p.market.learning
    groups.losses *= p.gangs.loss_memory
    if is_weekly(world.t, ACCOUNTS):
        settle_with_owners(world)
        take_over(world)
        defect(world)
        succeed(world)
        enter(world)
        split(world)
    close(world)


def administer(world) -> None:
    """Agents inside an organisation keep a share of the group's gross income (agency cost)."""
    groups, books = world.groups, world.books
    books.groups_pay((books.income() * groups.administration).astype(np.int64), "administration")


def settle_with_owners(world) -> None:
    """Groups pay organisations by their terms, then owners withdraw a share of the treasury above a reserve."""
    groups, books, p = world.groups, world.books, world.p
    owner = world.ownership.owner["transfer"]
    profit = np.maximum(groups.week_profit, 0)
    due = (world.terms["skim"][owner] * profit
           + cents(world.terms["head_tax"][owner] * world.crossings_sold)
           + cents(world.terms["tribute"][owner] * WEEK)).astype(np.int64) * groups.active
    organisation = np.maximum(world.ownership.organisation("transfer"), 0)
    books.transfer(due, organisation)
    for o in range(world.organisations.n):
        books.spend(o, world.organisations.treasury[o] * p.organisation.spent_share)
    nightly = sum(books.group_flow[c] for c in ("operating", "wages", "toll", "payroll"))
    reserve = np.where(groups.active, p.gangs.reserve_nights * nightly + cents(p.gangs.reserve_floor * p.scale), 0)
    books.groups_pay((groups.treasury - reserve) * p.gangs.draw_share, "draw")
    groups.week_profit[:] = 0
    world.crossings_sold[:] = 0


def worth_inside_and_outside(world, organisation):
    """Expected profit per member inside an organisation, after transfers, and outside: two arrays (J,), EUR / night."""
    groups, p = world.groups, world.p.organisation
    members = np.maximum(groups.members, 1)
    outside = groups.profit / members
    inside = world.ownership.controlled() & groups.active
    if inside.any():
        pooled = groups.profit[inside].sum() / members[inside].sum()
    else:  # it promises to save the cost of internal fighting
        pooled = np.where(groups.active, outside + groups.losses * world.p.gangs.hiring_cost / members, 0.0)
    promise = np.maximum(pooled, outside) * (1 - world.terms["skim"][groups.n + organisation])
    return promise + p.protection * groups.losses * world.p.gangs.hiring_cost / members, outside


def take_over(world) -> None:
    """Organisation O1 approaches groups that no organisation controls; they join if they expect to gain."""
    p, groups, t = world.p.organisation, world.groups, world.t
    if p.takeover <= 0 or t < world.calendar.takeover or not has_anything_to_own(world.p):
        return
    inside, outside = worth_inside_and_outside(world, 0)
    affinity = np.where(groups.affine, 1.0, p.other_affinity)
    hazard = WEEK * p.takeover * affinity * (1 + p.takeover_losses * groups.losses / (groups.members + 1))
    approached = world.draws.uniform("takeover", t, groups.id) < hazard
    candidates = approached & groups.active & ~world.ownership.controlled()
    for j in np.flatnonzero(candidates & (inside >= outside)):
        join(world, j, 0)
        killed = min(int(p.takeover_deaths), int(groups.fighters[j]))
        groups.fighters[j] -= killed
        world.count("fighters_killed", killed)
        world.count("takeovers")


def defect(world) -> None:
    """Groups that expect more profit outside leave their organisation with a hazard, if defection is on."""
    p, groups, t = world.p.organisation, world.groups, world.t
    if p.defection <= 0:
        return
    inside, outside = worth_inside_and_outside(world, 0)
    may = world.ownership.controlled() & groups.active & (inside < outside)
    for j in np.flatnonzero(may & (world.draws.uniform("defection", t, groups.id) < WEEK * p.defection)):
        secede(world, j)
        world.count("defections")


def succeed(world) -> None:
    """An organisation that bears central costs may lose its leader; each of its groups may then secede."""
    p, groups, t, draws = world.p.organisation, world.groups, world.t, world.draws
    if not p.levers.central_costs or draws.one("succession", t) >= WEEK * p.succession:
        return
    under = world.ownership.controlled() & groups.active
    for j in np.flatnonzero(under & (draws.uniform("secession", t, groups.id) < p.secession)):
        secede(world, j)
        world.count("defections")


def enter(world) -> None:
    """An entrant starts a small group or buys a whole network, if its own expected profit covers the cost."""
    p, groups, t, draws = world.p.gangs, world.groups, world.t, world.draws
    free = np.flatnonzero(~groups.active)
    active = np.flatnonzero(groups.active)
    expected = p.entrant_turf * groups.profit[active].sum() - p.entrant_capital * world.p.scale / p.entrant_horizon
    if expected <= 0 or draws.one("entry", t) >= WEEK * p.entry:
        return
    if draws.one("entry kind", t) < p.buy_share and len(active):
        buy(world, active[int(draws.one("bought", t) * len(active))])
    elif len(free):
        start(world, int(free[0]), active)


def buy(world, j) -> None:
    """An outside organisation (O2) buys group `j` for its expected profit over a horizon and takes its decisions."""
    if world.ownership.controlled()[j]:
        return
    world.books.purchase(int(cents(max(world.groups.profit[j], 0.0) * world.p.gangs.entrant_horizon)))
    join(world, j, 1)
    world.count("networks_bought")


def start(world, row, active) -> None:
    """A small new group starts in a free row, with a little turf everywhere and the mean price of `active` groups."""
    p, groups, t = world.p.gangs, world.groups, world.t
    origin = int(world.draws.one("entrant origin", t) * len(p.origin_shares))
    vacate(world, row)
    groups.open(row, active=True, origin=origin, affine=origin == 0,
                price=groups.price[active].mean() if len(active) else p.opening_price,
                demand=p.entrant_turf * groups.demand[active].sum(),
                **{role: max(1, round(n * world.p.scale)) for role, n in zip(ROLES, p.entrant_crew)})
    world.turf *= 1 - p.entrant_turf
    world.turf[row] += p.entrant_turf
    world.books.enter(row, cents(p.entrant_capital * world.p.scale))
    world.count("entries")


def vacate(world, row) -> None:
    """Free a row for a new group: it owns itself, and the former owners withdraw the money that came in late.

    State outside the table of groups remains: people's beliefs about the former group (the entrant inherits its
    reputation) and the number of its parties that patrols met.
    """
    groups = world.groups
    secede(world, row)
    world.tolls[row] = 0.0
    world.books.groups_pay(np.where(np.arange(groups.n) == row, groups.treasury, 0), "draw")


def close(world) -> None:
    """A group that has too few members for enough nights exits, and its turf goes to the groups beside it."""
    p, groups = world.p.gangs, world.groups
    weak = groups.active & (groups.members < p.exit_members)
    groups.weak_nights = np.where(weak, groups.weak_nights + 1, 0)
    for j in np.flatnonzero(weak & (groups.weak_nights >= p.exit_nights)):
        if groups.active.sum() > 1:
            end(world, j)


def end(world, j) -> None:
    """Group `j` exits: its members return to the pool, its money goes to owners, and its clients choose again."""
    groups, people = world.groups, world.people
    secede(world, j)
    world.labour_pool += groups.members[j]
    groups.active[j] = False
    for role in ROLES:
        getattr(groups, role)[j] = 0
    everything = np.where(np.arange(groups.n) == j, groups.treasury, 0)
    world.books.groups_pay(everything, "draw")
    rest = 1 - world.turf[j]
    scale = np.divide(1.0, rest, out=np.zeros_like(rest), where=rest > 1e-12)
    equal = groups.active / max(groups.active.sum(), 1)
    world.turf = np.where(rest > 1e-12, world.turf * scale, equal[:, None])
    world.turf[j] = 0.0
    groups.weapons[j] = 0
    world.efforts[j] = 0.0
    world.war[j] = world.war[:, j] = False
    clients, tenants = people.client_of == j, people.landlord == j
    people.disengage(clients)
    people.evict(tenants)
    people.debt[people.creditor == j] = 0
    people.guarantor[people.guarantor == j] = -1
    world.count("exits")


def split(world) -> None:
    """A group whose leader was arrested may split in two, if the table has a free row."""
    p, groups, t = world.p.gangs, world.groups, world.t
    hit = (world.leaders_taken > 0) & groups.active & (groups.members >= 2 * p.exit_members)
    for j in np.flatnonzero(hit & (world.draws.uniform("split", t, groups.id) < p.split_chance)):
        free = np.flatnonzero(~groups.active)
        if len(free):
            divide(world, j, int(free[0]))
    world.leaders_taken[:] = 0


def divide(world, j, row) -> None:
    """Half of everything that group `j` has goes to a new, independent group of the same origin."""
    groups = world.groups
    vacate(world, row)
    groups.open(row, active=True, **{name: getattr(groups, name)[j]
                                     for name in ("origin", "affine", "price", "intensity", "brand")})
    for name in (*ROLES, "weapons", "treasury"):
        column = getattr(groups, name)
        half = column[j] // 2
        column[row] += half
        column[j] -= half
    groups.demand[row] = groups.demand[j] = groups.demand[j] / 2
    world.turf[row] = world.turf[j] / 2
    world.turf[j] /= 2
    world.count("splits")


RULES = {"weekly": restructure}
