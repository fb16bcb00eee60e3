"""Configurations: where they lie, and how a scenario's parameters are composed with Hydra.

Defaults come from the registry; files in `configs/` hold differences only.  Later wins:
defaults < scenario file < experiment file < overrides given by the user.
"""

import importlib.resources
import re
from pathlib import Path

import yaml

from sim.registry.extensions import config_folders
from sim.registry.parameters import ConfigurationError, Parameters, defaults, present, suggestion, validate

SETTINGS = ("study", "scenario", "scenarios", "reference", "sweep", "design", "batch", "analysis", "most_replicates",
            "parameters", "draws", "trajectories", "samples", "keep", "vary")
SEARCHPATH = "hydra.searchpath="  # the one of Hydra's own keys that decides which scenarios there are


def config_dir() -> Path:
    """`configs/`: inside an installed package, else beside the package in a checkout."""
    packaged = Path(__file__).parents[1] / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "configs"


def searched(overrides) -> tuple[Path, ...]:
    """Folders given by `hydra.searchpath=[...]`; raises ConfigurationError where there is none."""
    folders = []
    for word in (o for o in overrides if o.startswith(SEARCHPATH)):
        for place in yaml.safe_load(word.split("=", 1)[1]):
            scheme, _, rest = place.rpartition("://")
            folder = Path(importlib.resources.files(rest)) if scheme == "pkg" else Path(rest)
            if not folder.is_dir():
                raise ConfigurationError(f"{word}: no folder {folder}")
            folders.append(folder)
    return tuple(folders)


def names(group: str, folders=()) -> dict[str, str]:
    """Names in a configuration group, each with the sentence of its file's comment `# name: sentence`.

    The group's files lie in `configs/`, in other packages (`sim.registry.extensions`) and in `folders`.
    """
    found, places = {}, {}
    for folder in (config_dir(), *config_folders(), *folders):
        for path in sorted((folder / group).glob("*.yaml")):
            if places.setdefault(path.stem, path) != path:
                raise ConfigurationError(f"{group}={path.stem}: two files have that name: {places[path.stem]}, {path}")
            mark = f"# {path.stem}: "
            lines = path.read_text(encoding="utf-8").splitlines()
            found[path.stem] = next((line.removeprefix(mark) for line in lines if line.startswith(mark)), "")
    return found


def check_name(group: str, name: str, folders=()) -> None:
    """Raise ConfigurationError unless `name` is a file of the group."""
    known = names(group, folders)
    if name not in known:
        near = suggestion(name, known)
        raise ConfigurationError(f"{group}={name}: no such {group}{near if 'mean' in near else ''}"
                                 f" (known: {', '.join(known)})")


def register() -> None:
    """Give Hydra the registry's defaults as the node every configuration starts from."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="registry", node=defaults())


def present_word(word: str) -> str:
    """An override `key=value` with the present name of its key."""
    mark, key, rest = re.match(r"([+~]*)([\w.]*)(.*)", word, re.DOTALL).groups()
    return f"{mark}{present(key)}{rest}"


def compose(overrides: list[str]) -> dict:
    """One composed configuration as plain mappings (Hydra's own part left out)."""
    import hydra
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    register()
    overrides = [present_word(word) for word in overrides]
    with_hydra = any(word.lstrip("+~").startswith("hydra") for word in overrides)  # so that those are checked too
    try:
        if GlobalHydra.instance().is_initialized():
            config = hydra.compose("config", overrides)
        else:
            with hydra.initialize_config_dir(str(config_dir()), version_base="1.3"):
                config = hydra.compose("config", overrides, return_hydra_config=with_hydra)
        ours = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        return OmegaConf.to_container(ours, resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigurationError(" ".join(str(error).split("\n")[:1])) from None


def configure(scenario: str = "status_quo", overrides=()) -> Parameters:
    """Validated parameters of one scenario; `overrides` as on the command line, e.g. ["nights=30"]."""
    check_name("scenario", scenario, searched(overrides))
    return parameters_of(compose([f"scenario={scenario}", *overrides]))


def parameters_of(config: dict) -> Parameters:
    """Validated parameters of a composed configuration."""
    return validate({key: value for key, value in config.items() if key not in SETTINGS})


def check_settings(config: dict) -> None:
    """Raise ConfigurationError unless what is no parameter is of its kind."""
    for key, counts in (("batch", "points a job"), ("most_replicates", "replicates a scenario"),
                        ("draws", "draws of the parameters")):
        value = config[key]
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise ConfigurationError(f"{key}={value}: must be a whole number from 1 ({counts}) or null")
    for key, least, said in (("trajectories", 2, "a whole number from 2"), ("keep", 1, "a whole number from 1"),
                             ("samples", 2, "a power of two from 2")):
        value = config[key]
        if type(value) is not int or value < least or (key == "samples" and value & (value - 1)):
            raise ConfigurationError(f"{key}={value}: must be {said}")
    for key, kind, said in (("scenarios", list, "a list of scenarios"),
                            ("sweep", (dict, type(None)), "a mapping of keys to lists"),
                            ("study", str, "a name"),
                            ("design", (str, list, dict, type(None)), "a file, a list of rows or what to draw"),
                            ("analysis", (str, type(None)), "the name of an analysis"),
                            ("parameters", (str, type(None)), "prior, posterior, a file or null"),
                            ("vary", (list, type(None)), "a list of keys or null")):
        if not isinstance(config[key], kind):
            raise ConfigurationError(f"{key}={config[key]}: must be {said}")
    if not config["study"].replace("_", "").replace("-", "").isalnum():
        raise ConfigurationError(f"study={config['study']}: must be a name of letters, digits, _ and -")


def compose_all(overrides: list[str]) -> tuple[dict, dict[str, Parameters]]:
    """An experiment's settings and, for each of its scenarios, the parameters."""
    first = compose(overrides)
    check_settings(first)
    chosen = first.get("scenarios") or [first["scenario"]]
    for name in chosen:
        check_name("scenario", name, searched(overrides))
    reference = first.get("reference") or chosen[0]
    if reference not in chosen:
        raise ConfigurationError(f"reference={reference}: must be one of the scenarios compared ({', '.join(chosen)})")
    others = [o for o in overrides if not o.startswith("scenario=")]
    parameters = {name: parameters_of(compose([*others, f"scenario={name}"])) for name in chosen}
    settings = {"study": first["study"], "scenarios": chosen, "reference": reference}
    keys = [word.split("=")[0] for word in overrides]
    if "replicates" in keys and "most_replicates" not in keys:
        first["most_replicates"] = None  # who asks for a number gets that number
    settings |= {key: first.get(key) for key in SETTINGS[SETTINGS.index("sweep"):]}
    return settings, parameters
