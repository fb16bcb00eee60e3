"""A border that answers (M22): presence of police, and guides and drivers with a place, against closed forms.

Three answers come from one model: an operation of days leaves little six weeks later, a presence that is kept up
empties its corridor within weeks though as many people arrive, and when it ends they come back over weeks.
"""

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.rules.dispatch import dispatch
from sim.rules.relocation import relocate
from sim.verify.check import Check
from sim.verify.whole import differing
from sim.world.opening import World
from sim.world.people import UNAIDED, Shelter, Status

# As many people arrive on all nights whatever happens, and heat starts no operation.
STEADY = ("scale=0.1", "warmup=60", "migrants.season_year=0", "migrants.season_half=0", "migrants.impatience=0",
          "migrants.arrival_response=0", "migrants.arrival_network=0", "police.heat_threshold=1000000")
ABSENT = ("gangs.stationed=0", "police.presence_staging=0", "police.presence_capacity=0", "police.presence_find=0",
          "police.presence_arrests=0", "police.return_needs_drivers=0")  # where presence and posts have no effect
FROM, BEGIN = "2023-01-29", 28  # date and night on which a measure begins
FEWEST = 0.2  # of the attempts at a corridor: what is left of them under a presence kept up


def first_night(*words, people=0, **columns) -> World:
    """A world before its first night, with so many people who wait outside camps in the north."""
    world = World(configure("fragmented", ["gangs.treasury=10000000", *words]), 5)
    world.books.cash_in(world.people.append(people, id=np.arange(people), status=Status.WAITING, cash=10**6,
                                            shelter=Shelter.INFORMAL, place=0, **columns))
    return world


def posts() -> list[Check]:
    """Guides and drivers stand where clients bring money: at rest their shares are those of earnings."""
    world = first_night("gangs.relocation=0.2", "gangs.relocation_cost=0", "gangs.post_floor=0")
    for _ in range(400):
        world.earnings[:] = 30.0, 15.0, 5.0
        relocate(world)
    return [Check(f"share of guides and drivers at corridor {c + 1}, as of earnings", share, world.posts[0, c], 1e-6)
            for c, share in enumerate((0.6, 0.3, 0.1))]


def setting_out() -> list[Check]:
    """Under presence R people set out after a geometric number of nights, 1/s − 1 on average, s = e^(−ψ R)."""
    number = 4000
    world = first_night("police.presence_staging=2", people=number, client_of=UNAIDED, engaged=0,
                        corridor=np.arange(number) % 2)
    world.presence[:] = 0.2, 0.5, 0.0
    nights = np.full(number, -1)
    for world.t in range(120):
        left = dispatch(world).rows
        nights[left] = world.t
    checks = []
    for c, level in enumerate(world.presence[:2]):
        waited, chance = nights[world.people.corridor == c], np.exp(-2 * level)
        error = 4 * float(waited.std(ddof=1) / np.sqrt(len(waited)))
        checks.append(Check(f"nights kept back at presence {level}, 1/s − 1", 1 / chance - 1, waited.mean(), error))
    return checks


def places() -> list[Check]:
    """Where clients are many, a group serves σ e^(−ψ R) of its places at a post, and the pool fills with the first."""
    nights, number = 400, 3000
    world = first_night("gangs.stationed=1", "police.presence_staging=0", "police.presence_capacity=1.5",
                        "market.attempt_cost=0.01",
                        people=number, client_of=0, engaged=0, corridor=np.arange(number) % 3)
    world.groups.guides[0], world.groups.drivers[0], world.posts[0] = 40, 1000, (0.5, 0.31, 0.19)
    world.presence[:] = 0.0, 0.4, 1.0
    served = np.zeros((nights, 3))
    for world.t in range(nights):
        rows = dispatch(world).rows
        served[world.t] = np.bincount(world.people.corridor[rows], minlength=3)
        world.people.status[rows], world.people.engaged[rows] = Status.WAITING, 0
    room = 40 * world.p.gangs.clients_per_guide * world.posts[0] * np.exp(-1.5 * world.presence)
    return [Check(f"clients served a night at presence {level}, e^(−ψ R) of the places there", room[c],
                  served[:, c].mean(), 4 * 0.5 / np.sqrt(nights))
            for c, level in enumerate(world.presence)]


def attempts(nights: int, *words, seeds=(0,)) -> np.ndarray:
    """Attempts in all corridors and in the first one by night, summed over seeds (2, nights)."""
    total = np.zeros((2, nights))
    for seed in seeds:
        market = Market(configure("status_quo", [*STEADY, f"nights={nights}", *words]), 40 + seed)
        while market.running:
            market.step()
        columns = market.record().nights
        total += columns["attempts"], columns[f"attempts_{market.world.places.corridors[0]}"]
    return total


def short_operation() -> list[Check]:
    """An operation of 13 nights changes attempts by less than a tenth six weeks after its end."""
    last, seeds = BEGIN + 13, range(8)
    plain = attempts(last + 56, seeds=seeds)[0]
    raided = attempts(last + 56, f"police.calendar=[{{kind: operation, from: {FROM}, nights: 13}}]", seeds=seeds)[0]
    during, later = (raided[part].sum() / plain[part].sum() for part in (slice(BEGIN, last), slice(last + 42, None)))
    return [Check("attempts during an operation of 13 nights, share of those without", 0.95, during, 0, at_most=True),
            Check("attempts in weeks 7 and 8 after it, share of those without", 1.0, later, 0.1)]


def kept_presence() -> list[Check]:
    """A presence kept up takes four fifths of the attempts at its corridor within five weeks; they return over weeks.

    Arrivals are constant, and the settings lie inside the ranges of their parameters.
    """
    kept, after, seeds = 70, 63, range(3)
    strong = ("police.presence_staging=4", "police.presence_capacity=4")
    end = BEGIN + kept
    plain = attempts(end + after, *strong, seeds=seeds)[1]
    there = attempts(end + after, *strong, f"police.calendar=[{{kind: presence, from: {FROM}, nights: {kept}, "
                     "corridors: [rs_hu]}]", seeds=seeds)[1]
    week = np.arange(len(there)) // 7
    share = np.bincount(week, there) / np.bincount(week, plain)
    left, back = share[BEGIN // 7 + 4], share[end // 7:]
    half = 7 * (np.argmax(back >= (1 + left) / 2) + 0.5) if (back >= (1 + left) / 2).any() else np.inf
    return [Check("attempts at a corridor in the fifth week of presence there, share of those without", FEWEST, left, 0,
                  at_most=True),
            Check("attempts there in the week after presence has ended", 0.5, back[0], 0, at_most=True),
            Check("nights after its end until half of the gap is closed", 24.5, half, 21)]


def absent_presence() -> list[Check]:
    """Where presence and posts have no effect, a presence in the calendar changes nothing but its own record."""
    calendar = "police.calendar=[{kind: presence, from: 2022-12-10, corridors: [rs_hu], strength: 3}]"
    words = ("scale=0.1", "warmup=30", "nights=30", *ABSENT)
    with_it, without = (Market(configure("status_quo", [*words, *more]), 8) for more in ((calendar,), ()))
    for market in (with_it, without):
        while market.running:
            market.step()
    first, second = with_it.record(), without.record()
    own = [name for name in first.nights if name.startswith("presence_")] + ["state_cost", "cost_operations"]
    for name in own:
        first.nights[name] = second.nights[name]
    return [Check("columns that a presence without effect changes", 0, differing(first, second), 0)]


LIMITS = {"posts": posts, "setting_out": setting_out, "places": places, "short_operation": short_operation,
          "kept_presence": kept_presence, "absent_presence": absent_presence}
