"""The contest for turf, its clashes and their casualties against closed forms."""

import numpy as np
from scipy.optimize import brentq

from sim.registry.configuration import configure
from sim.rules import staffing
from sim.rules.turf import RULES
from sim.rules.turf.clashes import casualties, lanchester
from sim.rules.turf.decision import best_effort
from sim.verify.check import Check
from sim.world.draws import Draws
from sim.world.opening import World

# Fighters respond to a constant prize; nobody dies, and turf follows impact at once, at war as from the first night.
CONTEST = (
    "gangs.prize_learning=0", "gangs.clash_rate=0", "gangs.turf_drift=1", "gangs.overlap=1", "gangs.guard=0.001",
    "gangs.smallest_crew=0", "gangs.labour_pool=100000", "gangs.fighters=3000", "gangs.hiring_cost=0",
    "gangs.treasury=1e9", "gangs.war_hazard=0", "gangs.contest_step=0.5", "gangs.armed_share=0", "gangs.free_rows=0",
)
NIGHTS, PRIZE, WAGE = 350, 60_000.0, 40.0


def stand(*overrides, prize=PRIZE, war=True, nights=NIGHTS, seed=2) -> World:
    """The world after so many nights of contest and hiring for a fixed total prize [EUR / night], without people."""
    world = World(configure("fragmented", [*CONTEST, *overrides]), seed)
    rules = RULES[world.p.rules.turf]
    world.prize[:] = prize / world.places.total
    world.war = war & ~world.ownership.matrix("conflict")
    for world.t in range(nights):
        world.open_night()
        if world.calendar.is_review(world.t):
            rules.review(world)
        rules.fight(world)
        staffing.staff(world, rules.fighters_wanted(world))
    return world


def joint(n, members) -> tuple[str, ...]:
    """Settings of n groups of which the first `members` leave war and peace to one owner."""
    return (f"gangs.count={n}", f"organisation.control={members / n}", "organisation.affine=all",
            "organisation.levers.internal_peace=true")


def value(prize, world) -> float:
    """Present value of a night's shares of impact for a total prize, EUR per night."""
    p = world.p.gangs
    return prize * p.turf_drift / (p.discount + p.turf_drift * (1 - p.incumbency))


def tullock() -> list[Check]:
    """Fighters of n equal rivals for a fixed prize worth V: x* = r V (n−1)/(n² w) each."""
    checks = []
    for n in (2, 3, 5, 8):
        world = stand(f"gangs.count={n}")
        each = world.p.gangs.decisiveness * value(PRIZE, world) * (n - 1) / n**2 / WAGE
        checks.append(Check(f"fighters of one of {n} rivals", each, float(world.groups.fighters.mean()), 2.0))
    return checks


def eroding_prize() -> list[Check]:
    """Contest for the Cournot profit of n rivals: total effort ∝ (n−1)/(n+1)², highest at n = 3 (V7)."""
    checks, total = [], {}
    for n in (2, 3, 4, 6):
        world = stand(f"gangs.count={n}", prize=8 * PRIZE * n / (n + 1) ** 2)
        total[n] = float(world.groups.fighters.sum())
        best = world.p.gangs.decisiveness * value(8 * PRIZE, world) / WAGE * (n - 1) / (n + 1) ** 2
        checks.append(Check(f"all fighters of {n} rivals for an eroding prize", best, total[n], n + 2.0))
    return [*checks, Check("number of rivals with most fighters", 3, max(total, key=total.get), 0)]


def owner_of_all() -> list[Check]:
    """A single owner of all groups' conflicts has no prize to win, so fighters are 0 up to rounding."""
    both = stand(*joint(5, 5))
    return [Check("fighters under one owner", 0.0, float(both.groups.fighters.mean()), 1.0)]


def resting_shares(sizes, decisiveness, incumbency) -> np.ndarray:
    """Shares of turf at rest of owners of so many equal groups (K,), everybody at war.

    A group's share of impact σ equals its turf, σ ∝ σ^ν x^r, and x ∝ σ (1 − σ_o): so σ = C (1 − σ_o)^(r/(1 − ν − r)).
    """
    power = decisiveness / (1 - incumbency - decisiveness)

    def share(m, c):  # of an owner of m groups
        return brentq(lambda s: s - m * c * (1 - s) ** power, 0.0, 1.0)

    c = brentq(lambda c: sum(share(m, c) for m in sizes) - 1, 1e-9, 1e6)
    return np.array([share(m, c) for m in sizes])


def owners_of_several() -> list[Check]:
    """Turf and fighters of owners of several groups rest at the equilibrium of their contest, within 5 %.

    An owner of m groups fields r V σ_o (1 − σ_o)/w fighters: it has m entries, and does not compete with itself.
    """
    checks = []
    for n, members, nu in ((4, 2, 0.2), (5, 3, 0.2), (10, 6, 0.3)):
        world = stand(*joint(n, members), f"gangs.incumbency={nu}", "gangs.decisiveness=0.5", prize=8 * PRIZE)
        theirs = resting_shares([members] + [1] * (n - members), 0.5, nu)
        together = np.arange(world.groups.n) < members
        turf = world.turf.mean(axis=1)[together].sum()
        fighters = 0.5 * value(8 * PRIZE, world) * theirs * (1 - theirs) / WAGE
        who = f"of an owner of {members} of {n} groups"
        checks += [Check(f"turf {who}", theirs[0], float(turf), 0.05 * theirs[0]),
                   Check(f"fighters {who}", fighters[0], float(world.groups.fighters[together].sum()),
                         0.05 * fighters[0]),
                   Check(f"fighters of a group beside an owner {who[6:]}", fighters[1],
                         float(world.groups.fighters[~together].mean()), 0.05 * fighters[1])]
    return checks


def peace_saves() -> list[Check]:
    """In peace all keep the share `deterrence` of the fighters of war, and turf does not move."""
    checks = []
    for share in (0.25, 0.75):
        world = stand("gangs.count=4", f"gangs.deterrence={share}", "gangs.overlap=0.3", war=False, prize=8 * PRIZE)
        before = World(world.p, 2).turf
        best = share * world.p.gangs.decisiveness * value(8 * PRIZE, world) * 3 / 16 / WAGE
        checks += [Check(f"turf that moved in peace, deterrence {share:g}", 0.0,
                         float(np.abs(world.turf - before).max()), 1e-12)]
        even = stand("gangs.count=4", f"gangs.deterrence={share}", war=False, prize=8 * PRIZE)
        checks += [Check(f"fighters of one of 4 in peace, deterrence {share:g}", best,
                         float(even.groups.fighters.mean()), 2.0)]
    return checks


def scale_of_contest() -> list[Check]:
    """Fighters per unit of scale do not depend on scale: 0.25 and 4 against 1, within 5 %, small groups included."""
    def each(scale):
        words = (f"scale={scale}", "gangs.fighters=300", "gangs.contest_step=0.15", "gangs.turf_drift=0.004",
                 "gangs.guard=4", "gangs.clash_rate=0.01", "gangs.smallest_crew=2")
        runs = [stand(*words, prize=280_000.0 * scale, nights=200, war=False, seed=seed) for seed in (2, 3)]
        return np.mean([world.groups.fighters.sum() for world in runs]) / scale

    whole = each(1)
    return [Check(f"fighters per unit of scale at scale {scale:g}, ratio", 1.0, float(each(scale) / whole), 0.05)
            for scale in (0.25, 4)]


def best_response() -> list[Check]:
    """Contest of two valuations at r = 1: x1 = V1² V2/(V1+V2)², probability of winning V1/(V1+V2) (V6)."""
    first, second = 900.0, 300.0
    x, y = 10.0, 10.0
    for _ in range(2000):
        x += 0.1 * (float(best_effort(first, y, 1.0)) - x)
        y += 0.1 * (float(best_effort(second, x, 1.0)) - y)
    return [Check("effort of the keener of two", first**2 * second / (first + second) ** 2, x, 1e-6 * x),
            Check("its chance to win", first / (first + second), x / (x + y), 1e-9)]


def square_law() -> list[Check]:
    """Lanchester's square law: 100 against 80 leaves 60; mean casualties of many clashes match the law (V10).

    Casualties are Poisson with a lognormal factor of mean 1, so that 3 or more of 16 may die, but their mean is the
    law's (a cap at those engaged takes less than 1 %).
    """
    left = lanchester(100, 80, 1, 1, 1000)
    lost = 8 - lanchester(8, 6, 0.005, 0.005, 0.5)[0]
    draws, clashes = Draws(4), np.arange(1_000_000)
    drawn = casualties(lost, 8, 1.5, draws.normal("verify severity", 0, clashes),
                       draws.uniform("verify fight", 0, clashes))
    return [Check("left of 100 against 80", 60.0, left[0], 1e-9), Check("left of 80 against 100", 0.0, left[1], 1e-9),
            Check("killed a clash, whole persons", lost, drawn.mean(), 4 * drawn.std() / np.sqrt(len(clashes)))]


LIMITS = {"tullock": tullock, "eroding_prize": eroding_prize, "owner_of_all": owner_of_all,
          "owners_of_several": owners_of_several, "peace_saves": peace_saves, "scale_of_contest": scale_of_contest,
          "best_response": best_response, "square_law": square_law}
