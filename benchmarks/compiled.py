"""Functions of `kernels.c`, compiled with the C compiler of this machine, and calls of them on worlds."""

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from sim.world.draws import ALWAYS, mechanism_key
from sim.world.ownership import DECISIONS
from sim.world.people import NEVER
from sim.world.taste import LEAST_SHARE

SOURCE = Path(__file__).with_name("kernels.c")
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")
WHOLE, KEY, REAL, ARRAY = ctypes.c_int64, ctypes.c_uint64, ctypes.c_double, ctypes.c_void_p


class NoCompiler(Exception):
    """There is no C compiler, or compilation failed."""


@cache
def library(*extra: str) -> ctypes.CDLL:
    """The compiled kernels; raises NoCompiler if they cannot be compiled.  `extra` are further flags."""
    compiler = next(filter(None, map(shutil.which, (os.environ.get("CC") or "cc", "gcc", "clang"))), None)
    if not compiler:
        raise NoCompiler("no C compiler")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "kernels.so"
        done = subprocess.run([compiler, *FLAGS, *extra, str(SOURCE), "-o", str(target), "-lm"], capture_output=True,
                              text=True)
        if done.returncode:
            raise NoCompiler((done.stderr.splitlines() or ["the C compiler failed"])[0])
        kernels = ctypes.CDLL(str(target))
    kernels.draw_key.restype, kernels.draw_key.argtypes = KEY, (KEY, KEY, WHOLE, WHOLE)
    kernels.uniforms.restype, kernels.uniforms.argtypes = None, (WHOLE, ARRAY, KEY, ARRAY)
    kernels.room_for_kinds.restype, kernels.room_for_kinds.argtypes = WHOLE, (WHOLE, WHOLE, WHOLE)
    kernels.choose.restype = kernels.cross.restype = None
    return kernels


def key(seed: int, name: str, night: int, draw: int = 0) -> int:
    """The key of one draw of one mechanism on one night."""
    return library().draw_key(seed, mechanism_key(name), night, draw)


def uniforms(seed, name, night, ids, draw=0) -> np.ndarray:
    """The numbers of `sim.world.draws.Draws(seed).uniform(name, night, ids, draw)`, computed in C."""
    ids = np.ascontiguousarray(ids, np.int64)
    out = np.empty(len(ids))
    library().uniforms(len(ids), ids.ctypes.data, key(seed, name, night, draw), out.ctypes.data)
    return out


def structure(name: str, fields: str) -> type:
    """A ctypes structure; each line of `fields` is a type and names: w: whole, k: key, r: real, a: array."""
    kinds = {"w": WHOLE, "k": KEY, "r": REAL, "a": ARRAY}
    listed = [(field, kinds[kind]) for kind, _, names in (line.strip().partition(":") for line in fields.splitlines()
                                                          if line.strip()) for field in names.split()]
    return type(name, (ctypes.Structure,), {"_fields_": listed})


CHOICE = structure("Choice", """
    w: people groups origins corridors sectors t review never
    k: key
    a: id origin cash family_funds outlay aware status shelter camp place corridor client_of fee engaged status_ends
    a: failures_alone failed_by failed_times
    a: active group_origin price brand running
    a: successes trials own_successes own_trials abuses engagements
    a: turf
    w: turf_width
    a: sector_corridor camp_region place_region transport brand_appeal taste_key log_share
    r: rumour prior_success prior_unaided prior_abuse prior_weight own_weight alpha beta same_origin visibility
    r: abuse_aversion market_abuse_aversion retry_fee unaided_risk unaided_cost wait_value hurry camp_comfort support
    r: flat_cost corridor_value switching_cost dissimilarity band learning
    a: demand by_price by_appeal counts kinds
""")

CROSSING = structure("Crossing", """
    w: persons parties sectors corridors units sizes
    k: key_met key_unit key_accident key_noticed
    a: rows group party owner corridor sector id size person_id frailty patrols length difficulty skill tolls treasury
    a: interior unit_corridor integrity taken
    r: phi holding accident_rate noticed_share
    a: crossed intercepted died stopped members rate counts
""")


# Columns of people and counts of beliefs that have the same names in the structure.
PEOPLE = ("id", "origin", "cash", "family_funds", "outlay", "aware", "status", "shelter", "camp", "place", "corridor",
          "client_of", "fee", "engaged", "status_ends", "failures_alone", "failed_by", "failed_times")
BELIEFS = ("successes", "trials", "own_successes", "own_trials", "abuses", "engagements")


class Call:
    """A kernel with its arguments, to be called once; it changes arrays of the world in place."""

    def __init__(self, function, kind, values: dict):
        self.kept = values  # keeps the arrays alive
        self.arguments = kind(**{name: value.ctypes.data if isinstance(value, np.ndarray) else value
                                 for name, value in values.items()})
        self.function = function

    def __call__(self):
        self.function(ctypes.byref(self.arguments))

    def __getattr__(self, name):
        return self.kept[name]


def whole(values) -> np.ndarray:
    """The values as contiguous 64-bit integers."""
    return np.ascontiguousarray(values, np.int64)


def real(values) -> np.ndarray:
    """The values as contiguous doubles."""
    return np.ascontiguousarray(values, np.float64)


def choice_call(world) -> Call:
    """The call of step 7 in C, which changes the world as `choice` does; flows of money are in `counts`."""
    p, m, people, groups, beliefs = world.p, world.p.migrants, world.people, world.groups, world.beliefs
    columns = {name: getattr(people, name) for name in PEOPLE}
    counts = {name: getattr(beliefs, name) for name in BELIEFS}
    corridors = len(world.places.corridors)
    room = library().room_for_kinds(len(m.origins), corridors, groups.n)
    return Call(library().choose, CHOICE, dict(
        people=people.n, groups=groups.n, origins=len(m.origins), corridors=corridors,
        sectors=world.places.sectors, t=world.t, review=m.review, never=NEVER,
        key=key(world.seed, "choice", world.t), **columns,
        active=groups.active, group_origin=groups.origin, price=groups.price, brand=groups.brand,
        running=groups.demand, **counts, turf=world.turf, turf_width=world.turf.shape[1],
        sector_corridor=whole(world.places.corridor), camp_region=whole(world.camps.region),
        place_region=whole(world.places.region), transport=real(p.border.transport_cost),
        brand_appeal=real(m.brand_appeal),
        taste_key=np.array([key(world.seed, "taste for a corridor", ALWAYS, k) for k in range(corridors)], np.uint64),
        log_share=np.log(np.maximum(p.border.corridor_shares, LEAST_SHARE)),
        rumour=m.rumour, prior_success=m.prior_success, prior_unaided=m.prior_unaided, prior_abuse=m.prior_abuse,
        prior_weight=m.prior_weight,
        own_weight=m.own_weight, alpha=m.price_sensitivity, beta=m.value_of_success, same_origin=m.same_origin,
        visibility=m.turf_visibility, abuse_aversion=m.abuse_aversion,
        market_abuse_aversion=m.market_abuse_aversion, retry_fee=p.market.retry_fee, unaided_risk=m.unaided_risk,
        unaided_cost=m.unaided_cost, wait_value=m.wait_value, hurry=m.impatience * world.calendar.urgency(world.t),
        camp_comfort=m.camp_comfort, support=m.support * m.coverage, flat_cost=p.camps.rent * m.review,
        corridor_value=m.corridor_value, switching_cost=m.switching_cost, dissimilarity=m.dissimilarity,
        band=p.market.means_band, learning=p.market.learning, demand=world.demand.demand,
        by_price=world.demand.by_price, by_appeal=world.demand.by_appeal, counts=np.zeros(3, np.int64),
        kinds=np.zeros(room, np.uint8)))


def crossing_call(world, parties, patrols) -> Call:
    """Call of step 10 in C, which changes treasuries and bribes as `interception` does; other results are arrays."""
    if any((world.ownership.owner[d] != np.arange(world.groups.n)).any() for d in DECISIONS):
        raise ValueError("the C kernel knows groups that own their decisions only")
    border, police, units, places = world.p.border, world.p.police, world.units, world.places
    n, m, night = len(parties.rows), len(parties.size), world.t
    joint = police.joint_work_factor ** world.calendar.measures.sum(night, "joint_work").max()  # the same everywhere
    keys = {f"key_{short}": key(world.seed, name, night) for short, name in (
        ("met", "interception"), ("unit", "unit met"), ("accident", "accident"), ("noticed", "noticed"))}
    return Call(library().cross, CROSSING, dict(
        persons=n, parties=m, sectors=places.sectors, corridors=len(places.corridors), units=units.n,
        sizes=world.tolls.shape[1], **keys,
        rows=whole(parties.rows), group=whole(parties.group), party=whole(parties.party), owner=whole(parties.owner),
        corridor=whole(parties.corridor), sector=whole(parties.sector), id=whole(parties.key),
        size=whole(parties.size), person_id=world.people.id, frailty=world.people.frailty, patrols=real(patrols),
        length=real(places.length), difficulty=real(places.difficulty), skill=world.groups.skill,
        tolls=real(world.tolls), treasury=world.groups.treasury, interior=units.interior,
        unit_corridor=units.corridor, integrity=units.integrity, taken=units.taken, phi=border.search_rate * joint,
        holding=border.handling_time, accident_rate=border.accident_rate, noticed_share=police.noticed_share,
        crossed=np.zeros(n, bool), intercepted=np.zeros(n, bool), died=np.zeros(n, bool), stopped=np.zeros(m, bool),
        members=np.zeros(units.n * len(places.corridors), np.int64), rate=np.zeros(places.sectors),
        counts=np.zeros(7 + 2 * len(places.corridors), np.int64)))
