"""Checks before anything is written: every key, every value, every name, and the place for results."""

import tempfile
from pathlib import Path

from sim.registry.configuration import (
    SEARCHPATH,
    check_key,
    check_name,
    compose,
    compose_all,
    names,
    naming,
    present_word,
    searched,
)
from sim.registry.parameters import ConfigurationError
from sim.studies import needs
from sim.world.loops import compiled

GROUPS = ("scenario", "experiment")


def check(words: list[str]) -> list[str]:
    """The command line for Hydra; raises ConfigurationError or OSError if it cannot run."""
    flags = [word for word in words if word.startswith("-")]
    if not set(flags) <= {"-m", "--multirun"}:
        return words  # Hydra's own business: --cfg job, --info, --hydra-help ...
    words = [word if word.startswith("-") else present_word(word) for word in words]
    overrides = parse([word for word in words if not word.startswith("-")])
    folders = searched(o.input_line for o in overrides)
    for override in overrides:
        check_override(override, folders)
    plain = [o.input_line for o in overrides if not o.is_sweep_override()]
    if not flags and (swept := [o for o in overrides if o.is_sweep_override()]):
        raise ConfigurationError(f"{swept[0].input_line}: several values are a sweep: python -m sim -m "
                                 f"{' '.join(words)}")
    compiled()  # a misspelt SIM_LOOPS is refused here
    settings, _ = compose_all([line for line in plain if not line.lstrip("+").startswith("design=")])
    words = [word.replace("+design=", "design=", 1) if word.startswith("+design=") else word for word in words]
    design = next((word.split("=", 1)[1] for word in words if word.startswith("design=")), settings["design"])
    sweeps = (settings["sweep"] or settings["parameter_draws"]["source"] or design not in (None, "null")
              or needs(settings["analysis"]).own_points)
    if not sweeps and not flags:
        check_place(results_folder([o.input_line for o in overrides]))
    flags = flags or (["-m"] if sweeps else [])
    return [*flags, *(word for word in words if not word.startswith("-"))]  # Hydra wants its flags first


def parse(words: list[str]):
    """Hydra's reading of the overrides."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    parsed = []
    for word in words:
        try:
            parsed += OverridesParser.create().parse_overrides([word])
        except HydraException as error:
            raise ConfigurationError(f"{word}: cannot be read: {str(error).split(chr(10))[0]}") from None
    return parsed


def is_hydras(override) -> bool:
    """Hydra's own keys are Hydra's to check."""
    return override.key_or_group.split(".")[0].split("/")[0].split("@")[0] == "hydra"


def check_override(override, folders=()) -> None:
    """The key, or the name in a group, must be known."""
    key = override.key_or_group
    if is_hydras(override):
        return
    if key in GROUPS:
        swept = override.is_sweep_override()
        for value in override.sweep_string_iterator() if swept else [override.get_value_element_as_str()]:
            check_name(key, value, folders)
        if key == "experiment" and not override.is_add():
            raise ConfigurationError(f"{override.input_line}: write +{override.input_line} (experiments: "
                                     f"{', '.join(names('experiment', folders))})")
    else:
        with naming(override.input_line):
            check_key(key)


def results_folder(overrides: list[str]) -> Path:
    """Where Hydra would put this run (the moment's date differs, the place does not)."""
    chosen = [o.split("=", 1)[1] for o in overrides if o.startswith("hydra.run.dir=")]
    if chosen:
        return Path(chosen[-1].strip("'\""))
    ours = [o for o in overrides if o.startswith(SEARCHPATH) or not o.startswith("hydra")]
    return Path("results") / compose(ours)["study"] / "new"


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
