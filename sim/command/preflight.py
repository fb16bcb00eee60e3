"""Checks before anything is written: every key, every value, every name, and the place for results."""

import math
import tempfile
from pathlib import Path

from sim.command.words import check_words, plain_word, typed
from sim.registry.config_files import names, searched
from sim.registry.configuration import check_name, compose_all
from sim.registry.overrides import naming, parse
from sim.registry.parameters import ConfigurationError, registry
from sim.registry.settings import SETTINGS, check_key, present_word
from sim.runs.plan import GROUPS, MOST_POINTS, names_in, plan_comparison
from sim.studies import check_needs, needs
from sim.world.loops import compiled

LISTS = ("texts", "ints", "floats", "records")  # types of keys whose values are lists


def check(words: list[str]) -> list[str]:
    """The command line for Hydra; raises ConfigurationError or OSError if it cannot run."""
    check_words(words)
    flags = [word for word in words if word.startswith("-")]
    if not set(flags) <= {"-m", "--multirun"}:
        return words  # Hydra's own business: --cfg job, --info, --hydra-help ...
    words = [word if word.startswith("-") else plain_word(present_word(word)) for word in words]
    overrides = parse([word for word in words if not word.startswith("-")])
    folders = searched(o.input_line for o in overrides)
    for override in overrides:
        check_override(override, folders)
    plain = [o.input_line for o in overrides if not o.is_sweep_override()]
    if not flags and (swept := [o for o in overrides if o.is_sweep_override()]):
        raise ConfigurationError(f"{swept[0].input_line}: several values are a sweep: python -m sim -m {typed(words)}")
    compiled()  # a misspelt SIM_LOOPS is refused here
    settings, parameters = compose_all(plain)
    sweeps = (settings["sweep"] or settings["parameter_draws"]["source"] or settings["design"]
              or needs(settings["analysis"]).own_points)
    if not sweeps and not flags:
        check_needs(plan_comparison(settings, parameters))
        check_place(results_folder(overrides, settings["study"]))
    flags = flags or (["-m"] if sweeps else [])
    return [*flags, *(word for word in words if not word.startswith("-"))]  # Hydra wants its flags first


def is_hydras(override) -> bool:
    """Hydra's own keys are Hydra's to check."""
    return override.key_or_group.split(".")[0].split("/")[0].split("@")[0] == "hydra"


def check_override(override, folders=()) -> None:
    """The key, or the name in a group, must be known."""
    key = override.key_or_group
    if is_hydras(override):
        return
    if key in GROUPS:
        for value in names_in(override, folders):
            check_name(key, value, folders)
        if key == "experiment" and not override.is_add():
            raise ConfigurationError(f"{override.input_line}: write +{override.input_line} (experiments: "
                                     f"{', '.join(names('experiment', folders))})")
    else:
        with naming(override.input_line):
            check_key(key)
        if override.is_sweep_override():
            check_sweep(override)


def check_sweep(override) -> None:
    """Raise ConfigurationError where several values are given to a key that cannot be swept, or takes a list."""
    key, values = override.key_or_group, override.input_line.partition("=")[2]
    if (count := length(override.value())) > MOST_POINTS:
        raise ConfigurationError(f"{override.input_line}: gives {count:.0f} values; a sweep has {MOST_POINTS} points "
                                 "at most")
    if values.startswith("glob("):
        raise ConfigurationError(f"{override.input_line}: glob(...) chooses among {' and '.join(GROUPS)} names only")
    if override.is_discrete_sweep() and "(" not in values:
        if key == "scenarios":
            raise ConfigurationError(f"{override.input_line}: scenarios to compare are a list, "
                                     f"'scenarios=[{values}]'; to sweep over them: -m scenario={values}")
        if key in registry() and registry()[key].type in LISTS and "[" not in values:
            raise ConfigurationError(f"{override.input_line}: must be {registry()[key].allowed()}: '{key}=[{values}]'")
    if key.partition(".")[0] in SETTINGS:
        raise ConfigurationError(f"{override.input_line}: `{key}` holds for a whole sweep, give one value")


def length(values) -> float:
    """How many values a `range(...)` gives, without making them; 0 for any other sweep."""
    if not hasattr(values, "step"):
        return 0
    if not values.step:
        return math.inf
    return max(0.0, (float(values.stop) - float(values.start)) / float(values.step))


def results_folder(overrides, study: str) -> Path:
    """Where Hydra would put this run (the moment's date differs, the place does not)."""
    chosen = [o.value() for o in overrides if o.key_or_group == "hydra.run.dir"]
    return Path(str(chosen[-1]).replace("\\${", "${")) if chosen else Path("results") / study / "new"


def check_place(folder: Path) -> None:
    """A folder can be made there and written: tried in the nearest folder that exists, and cleaned up."""
    place = folder.absolute()
    if place.exists() and not place.is_dir():
        raise ConfigurationError(f"hydra.run.dir={folder}: a file stands there, give a folder")
    while not place.exists():
        place = place.parent
    try:
        with tempfile.TemporaryDirectory(prefix=".sim-", dir=place) as tried:
            (Path(tried) / "try").write_bytes(b"\0" * 4096)
    except OSError as error:
        raise ConfigurationError(f"results cannot be written to {folder}: {error.strerror} ({place})") from None
