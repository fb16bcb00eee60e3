"""Many runs from Python: scenarios compared, parameters swept.  They are planned, played and stored as by the command
line (`sim.runs`), so that both give the same bytes.

    from sim import compare, sweep
    compare("fragmented", "centralised", replicates=8)
    sweep("dossier", police_patrols=[20, 40, 80], nights=120, replicates=4)
"""

import os
import shlex
import tempfile
from pathlib import Path

from sim.interface.points import Sweep
from sim.interface.results import Comparison
from sim.registry.configuration import check_name, compose_all
from sim.registry.errors import ConfigurationError
from sim.registry.keywords import keys_of, words_of
from sim.registry.outcomes import primary
from sim.registry.overrides import hydra_value, parse
from sim.registry.parameters import registry
from sim.report.comparison import write_summary_of
from sim.runs.drive import carry_out
from sim.runs.plan import make_plan, plan_comparison
from sim.runs.run import cores
from sim.runs.work import work
from sim.studies import check_needs, needs

LISTS = ("texts", "ints", "floats", "records")  # types of keys whose values are lists
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_session: dict = {}  # temporary folders of this session by what they hold: the same call finds its finished runs again


def compare(*scenarios: str, reference: str | None = None, folder=None, overrides=(), **keys) -> Comparison:
    """Play scenarios with the same seeds and compare them replicate by replicate.

    scenarios: names; differences are taken from the first, or from `reference`.
    folder: where the results are kept, and where a repeated call finds them; None keeps them as long as the session.
    overrides, keys: as for `Market`, for example `replicates=8`, `nights=120`, `police_patrols=40`, `workers=1`.

    ConfigurationError, one line, for a name or value that is not allowed; RuntimeError if a run failed;
    KeyboardInterrupt after Ctrl-C, when finished runs are kept for the next call.
    """
    for name in scenarios:
        check_name("scenario", name)
    if len(set(scenarios)) < max(2, len(scenarios)):
        raise ConfigurationError(f"compare{scenarios}: give at least two different scenarios")
    words = [f"scenarios=[{','.join(scenarios)}]", *([f"reference={reference}"] if reference else []),
             *words_of(overrides, keys)]
    plan = plan_comparison(*compose_all(words))
    return Comparison(played(plan, words, folder, write_summary_of))


def sweep(*scenarios: str, folder=None, overrides=(), **keys) -> Sweep:
    """Play every combination of swept values, in one scenario or several.

    scenarios: names; without one, `status_quo`.
    keys: parameters by keyword.  A list, a range or an array is swept; of a parameter that is itself a list, give a
        list of lists.  One value holds at every point.
    folder, overrides: as in `compare`, which also says what is raised.
    """
    for name in scenarios:
        check_name("scenario", name)
    given = keys_of(keys)
    swept = {key: values for key, values in given.items() if is_swept(key, values)}
    if not swept and len(scenarios) < 2:
        raise ConfigurationError("sweep: give a list of values, for example police_patrols=[20, 40, 80]")
    words = [*([f"scenario={','.join(scenarios)}"] if scenarios else []), *words_of(overrides),
             *(f"{key}={word_of(key, value) if key in swept else hydra_value(value)}" for key, value in given.items())]
    plan = make_plan(parse(words), needs)
    check_needs(plan)
    return Sweep(played(plan, ["-m", *words], folder, lambda *_: None), plan.swept, primary())


def is_swept(key: str, values) -> bool:
    """Whether the values of a key are several; a list of lists for a key whose values are lists."""
    if not isinstance(values, list):
        return False
    return key not in registry() or registry()[key].type not in LISTS or any(isinstance(v, list) for v in values)


def word_of(key: str, values: list) -> str:
    """Several values in Hydra's grammar; ConfigurationError if there are none."""
    if not values:
        raise ConfigurationError(f"{key}=[]: give at least one value")
    return ",".join(map(hydra_value, values))


def played(plan, words: list[str], folder, finish) -> Path:
    """Play what is open of a plan, in as many processes as `workers` says; returns the folder with the tables."""
    place = Path(folder) if folder is not None else session_folder(plan)
    workers = plan.points[0].base["workers"] or cores()
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")  # processes that start now are parallel, not the arrays inside them

    def launch(plan, file, open_points, name):
        work(file.parent, file.name, 0, len(plan.points), name, workers)

    command = " ".join(["python -m sim", *map(shlex.quote, words)])
    try:
        code = carry_out((each for each in [plan]), lambda _: [place], launch,
                         lambda where, plans, complete: finish(where, plans[-1].settings), command)
    except ConfigurationError as error:
        raise ConfigurationError(str(error).replace("hydra.run.dir=", "folder=")) from None
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise RuntimeError("not all runs were finished; the lines on standard error say why, and the same call runs "
                           f"what is missing (finished runs are kept in {place})")
    return place


def session_folder(plan) -> Path:
    """The temporary folder of a plan, which lasts as long as the session."""
    key = plan.name, str(plan.asked), tuple(point.replicates for point in plan.points)
    if key not in _session:
        _session[key] = tempfile.TemporaryDirectory(prefix="sim-")
    return Path(_session[key].name)
