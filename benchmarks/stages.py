"""Time of each stage of a night, that is, of every call in `sim.night.one_night`.

The calls are read from the source of that function, so that a stage which is added to the schedule is measured too.
The time of a stage includes that of the functions which it calls.
"""

import ast
import inspect
import textwrap
from contextlib import contextmanager
from time import perf_counter

import sim.night
from benchmarks.markets import Sizes, warmed
from benchmarks.rows import Row, row
from benchmarks.timing import Times


def scheduled() -> list[tuple[str, str]]:
    """Owner and name of the function of each call of the schedule, in order.

    The owner is `rules`, `rules.<stage>` for a moment of a stage, a module of rules, or '' for a plain name.
    """
    calls = []
    tree = ast.parse(textwrap.dedent(inspect.getsource(sim.night.one_night)))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        target = call.func
        if isinstance(target, ast.Name) and hasattr(sim.night, target.id):
            calls.append((call.lineno, "", target.id))
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            name = target.value.id
            if name == "rules" or (inspect.ismodule(getattr(sim.night, name, None)) and name != "np"):
                calls.append((call.lineno, name, target.attr))
        elif isinstance(target, ast.Attribute) and ast.unparse(target.value).startswith("rules."):
            calls.append((call.lineno, ast.unparse(target.value), target.attr))
    return list(dict.fromkeys((owner, function) for _, owner, function in sorted(calls)))


class Stopwatch:
    """Seconds of each stage since `clear`; calls within a stage belong to that stage."""

    def __init__(self):
        self.inside = False
        self.clear()

    def clear(self):
        self.seconds = {}

    def around(self, label, function):
        def timed(*args, **options):
            if self.inside:
                return function(*args, **options)
            self.inside, start = True, perf_counter()
            try:
                return function(*args, **options)
            finally:
                self.seconds[label] = self.seconds.get(label, 0.0) + perf_counter() - start
                self.inside = False
        return timed


@contextmanager
def watched(market, watch: Stopwatch):
    """Context in which `watch` times the stages of `market` and its recorder."""
    undo = []
    for owner, function in [*scheduled(), ("recorder", "take")]:
        place = {"rules": market.rules, "recorder": market.recorder, "": sim.night}.get(owner)
        label = function if owner in ("rules", "") else f"{owner.removeprefix('rules.')}.{function}"
        if owner.startswith("rules."):
            place, moment, function = market.rules, function, owner.removeprefix("rules.")
            stage = getattr(place, function)
            timed = stage._replace(**{moment: watch.around(label, getattr(stage, moment))})
        else:
            place = place or getattr(sim.night, owner)
            timed = watch.around(label, getattr(place, function))
        undo.append((place, function, vars(place).get(function)))
        setattr(place, function, timed)
    try:
        yield
    finally:
        for place, function, before in reversed(undo):
            if before is None:
                delattr(place, function)
            else:
                setattr(place, function, before)


def breakdown(market, nights: int) -> tuple[dict[str, Times], Times]:
    """Seconds of each stage and of whole nights; `(the rest)` is the time of a night outside its stages."""
    watch, by_night, whole = Stopwatch(), [], []
    with watched(market, watch):
        for _ in range(nights):
            watch.clear()
            start = perf_counter()
            market.step()
            whole.append(perf_counter() - start)
            by_night.append({**watch.seconds, "(the rest)": whole[-1] - sum(watch.seconds.values())})
    labels = list(dict.fromkeys(label for night in by_night for label in night))
    return {label: Times(tuple(n.get(label, 0.0) for n in by_night)) for label in labels}, Times(tuple(whole))


def measure(sizes: Sizes) -> list[Row]:
    """Shares of stages in a mean night at the smallest and the largest scale, over whole weeks because of reviews."""
    rows = []
    for scale in dict.fromkeys((sizes.scales[0], sizes.scales[-1])):
        stages, whole = breakdown(warmed(scale, sizes.warmup), max(7, sizes.nights) if scale <= 10 else 7)
        total = sum(whole.values)
        for label, times in sorted(stages.items(), key=lambda item: -sum(item[1].values)):
            seconds = sum(times.values)
            rows.append(row("stages", f"{scale}x {label}", seconds / len(times.values), "ms", factor=1e3,
                            note=f"{100 * seconds / total:.1f} %"))
    return rows
