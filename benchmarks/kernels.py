"""The slowest functions of the model compared with C, on the same inputs and with the same results.

Every repeat starts with a new copy of the world that a function changes; copying is not timed.
"""

import copy

import numpy as np

from benchmarks import compiled
from benchmarks.markets import SEED, Sizes, scene, warmed
from benchmarks.rows import Row, row, skipped
from benchmarks.timing import interleaved
from sim.rules import choice, interception
from sim.world.draws import Draws

CLOSE = 1e-9  # relative tolerance


def choose(world) -> None:
    """The choice of the model, for a world without guarantees."""
    choice.choose(world, np.zeros(world.groups.n, int))


def cross(world, parties, patrols):
    """The interception of the model, for a world in which no unit receives a retainer."""
    return interception.attempt(world, parties, patrols, np.zeros((world.groups.n, world.units.n), bool))


def measure(sizes: Sizes) -> list[Row]:
    """Times of draws, choice and interception in the model and in C, and their ratios."""
    try:
        compiled.library()
    except compiled.NoCompiler as error:
        return [skipped("kernels", "against C", error)]
    rows = draws_rows(8_000, sizes) + draws_rows(sizes.many, sizes)
    for scale in dict.fromkeys((sizes.scales[0], sizes.scales[-1])):
        rows += night_rows(scale, sizes)
    return rows


def pair_rows(what, times, people) -> list[Row]:
    """Rows with the time of the model, that of C and their ratio."""
    ours, in_c = times["model"], times["c"]
    return [row("kernels", f"{what}: model", ours, "µs", factor=1e6),
            row("kernels", f"{what}: C", in_c, "µs", factor=1e6, note=f"{1e9 * in_c.median / people:.1f} ns each"),
            row("kernels", f"{what}: model : C", ours.over(in_c), "×", "<= 3")]


# draws --------------------------------------------------------------------------------------------------------------
def draws_rows(many, sizes) -> list[Row]:
    """Times of keyed uniform numbers for `many` people."""
    ids = (4096 << 24) + np.arange(many)
    draws, out = Draws(SEED), np.empty(many)
    library, key = compiled.library(), compiled.key(SEED, "choice", 3)
    assert np.array_equal(draws.uniform("choice", 3, ids), compiled.uniforms(SEED, "choice", 3, ids))
    times = interleaved({"model": lambda: draws.uniform("choice", 3, ids),
                         "c": lambda: library.uniforms(many, ids.ctypes.data, key, out.ctypes.data)},
                        sizes.repeats, sizes.budget)
    return pair_rows(f"{many:,} keyed uniforms", times, many)


# choice and interception --------------------------------------------------------------------------------------------
def night_rows(scale, sizes) -> list[Row]:
    """Times of choice and interception on one night of a market."""
    night = scene(warmed(scale, sizes.warmup))
    choosing, attempts = compare_choice(night.choosing), compare_crossing(*night.crossing)
    choosing_times = interleaved({
        "model": (lambda: copy.deepcopy(night.choosing), choose),
        "c": (lambda: compiled.choice_call(copy.deepcopy(night.choosing)), lambda call: call())},
        sizes.repeats, sizes.budget)
    crossing_times = interleaved({
        "model": (lambda: copy.deepcopy(night.crossing), lambda inputs: cross(*inputs)),
        "c": (lambda: compiled.crossing_call(*copy.deepcopy(night.crossing)), lambda call: call())},
        sizes.repeats, sizes.budget)
    both = {name: choosing_times[name].plus(crossing_times[name]) for name in choosing_times}
    return [*pair_rows(f"choice at {scale}x, {choosing:,} choosers", choosing_times, choosing),
            *pair_rows(f"interception at {scale}x, {attempts:,} attempts", crossing_times, attempts),
            row("kernels", f"both at {scale}x: model : C", both["model"].over(both["c"]), "×", "<= 3")]


def same(ours, theirs, what, exactly=True) -> None:
    """Raise AssertionError unless two arrays are equal or, if not `exactly`, close relative to the largest element."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if exactly:
        is_same = np.array_equal(ours, theirs)
    else:
        is_same = np.allclose(ours, theirs, rtol=0, atol=CLOSE * np.abs(ours).max(initial=0))
    if not is_same:
        raise AssertionError(f"the model and C disagree about {what}")


def compare_choice(world) -> int:
    """Assert that choices, columns of people and recorded demand are equal; returns the number of choosers."""
    ours, theirs = copy.deepcopy(world), copy.deepcopy(world)
    call = compiled.choice_call(theirs)
    choose(ours)
    call()
    for name, column in ours.people.state().items():
        if name != "prospects":  # what is on offer is worth, which C leaves out
            same(column, theirs.people.state()[name], name)
    same(ours.beliefs.engagements, theirs.beliefs.engagements, "engagements")
    for name in ("demand", "by_price", "by_appeal"):
        same(getattr(ours.demand, name), getattr(theirs.demand, name), name, exactly=False)
    same(ours.groups.demand, theirs.groups.demand, "running demand", exactly=False)
    flows = [ours.books.flow[name] - world.books.flow[name] for name in ("remitted", "unaided")]
    same([ours.counts["choosing"], *flows], call.counts, "choosers and money")
    return int(call.counts[0])


def compare_crossing(world, parties, patrols) -> int:
    """Assert that outcomes of attempts, treasuries and counts are equal; returns the number of attempts."""
    ours, theirs = copy.deepcopy((world, parties, patrols)), copy.deepcopy((world, parties, patrols))
    call = compiled.crossing_call(*theirs)
    crossing = cross(*ours)
    call()
    for name in ("crossed", "intercepted", "died"):
        same(getattr(crossing, name), getattr(call, name), name)
    same(crossing.party_stopped, call.stopped, "parties stopped")
    same(ours[0].groups.treasury, theirs[0].groups.treasury, "treasuries")
    same(ours[0].units.taken, theirs[0].units.taken, "tolls taken")
    counts, corridors = ours[0].counts, world.places.corridors
    names = ["attempts", "attempts_aided", "attempts_recorded", "interceptions", "bribed_passages", "crossings"]
    same([counts[name] for name in names], call.counts[:6], "counts")
    same([counts[f"{what}_{c}"] for what in ("attempts", "crossings") for c in corridors], call.counts[7:], "corridors")
    return int(call.counts[0])
