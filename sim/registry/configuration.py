"""Configurations: how a scenario's parameters are composed with Hydra.

Defaults come from the registry; files in `configs/` hold differences only.  Later wins:
defaults < scenario file < experiment file < overrides given by the user.
"""

import threading
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache

import yaml

from sim.registry.config_files import broken, check_file, config_dir, content_of, files, names, searched
from sim.registry.display import Display, plain, read_display
from sim.registry.keywords import words_of
from sim.registry.overrides import as_given, check_word, naming, parse
from sim.registry.parameters import ConfigurationError, Parameters, defaults, suggestion, validate
from sim.registry.settings import SETTINGS, check_key, check_settings, present_settings, present_word

FIRST = ("study", "scenario", "scenarios", "reference")  # of which `compose_all` makes values of its own
DISPLAY = "display"  # a setting of scenario files alone: the scenario's appearance in figures, which no run depends on
HYDRA = threading.RLock()  # Hydra composes with global state, so one thread at a time


def display(scenario: str, folders=()) -> Display:
    """The appearance of a scenario in figures: `display` of its own file, grey where there is no file or no `display`.

    Raises ConfigurationError for a `display` that is incomplete.
    """
    path = files("scenario", folders).get(scenario)
    value = (content_of(path) if path else {}).get(DISPLAY)
    return plain(scenario) if value is None else read_display(value)


def check_name(group: str, name: str, folders=()) -> None:
    """Raise ConfigurationError unless `name` is a file of the group, and a scenario's appearance can be drawn."""
    known = names(group, folders)
    if name not in known:
        near = suggestion(name, known)
        raise ConfigurationError(f"{group}={name}: no such {group}{near if 'mean' in near else ''}"
                                 f" (known: {', '.join(known)})")
    check_file(group, name, files(group, folders)[name])
    if group == "scenario":
        display(name, folders)  # a mistake is refused now, not when figures are drawn after hours of runs


def register() -> None:
    """Give Hydra the registry's defaults as the node every configuration starts from."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="registry", node=defaults())


@contextmanager
def apart():
    """Hydra's global state put aside, in one thread at a time, and put back in the end."""
    from hydra.core.global_hydra import GlobalHydra

    with HYDRA:
        kept, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
        try:
            yield
        finally:
            GlobalHydra.instance().hydra = kept  # (leaving Hydra's own context makes another instance)


def compose(overrides: list[str]) -> dict:
    """One composed configuration as plain mappings (Hydra's own part left out).

    It begins at the project's own `configs/`, also within an application that uses Hydra itself, whose state is kept.
    """
    overrides = [present_word(word) for word in overrides]
    return assigned(overrides) or composed(overrides)


def assigned(overrides: list[str]) -> dict | None:
    """What `composed` gives for a scenario and plain values of its keys, twenty times as fast; None for other words."""
    from hydra.core.override_parser.types import OverrideType

    if (not overrides or not overrides[0].startswith("scenario=") or "$" in "".join(overrides)
            or any(word.lstrip("+~").startswith("hydra") for word in overrides)):
        return None
    known = files("scenario")
    scenario, *others = parse(overrides)
    if scenario.value() not in known or scenario.package:
        return None
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in (config_dir() / "config.yaml", *known.values()))
    config = deepcopy(scenario_alone(scenario.value(), stamp))
    for override in others:
        *groups, name = override.key_or_group.split(".")
        value, place = override.value(), config
        for group in groups:
            place = place.get(group) if isinstance(place, dict) else None
        is_plain = override.type is OverrideType.CHANGE and not override.package and not override.is_sweep_override()
        if (not is_plain or not isinstance(place, dict) or name not in place or isinstance(place[name], dict)
                or isinstance(value, dict) or name == "scenario"):
            return None
        place[name] = value
    return config


@lru_cache(64)
def scenario_alone(scenario: str, stamp: tuple) -> dict:
    """The composed configuration of a scenario without overrides; stamp: files that it depends on, with times."""
    return composed([f"scenario={scenario}"])


def composed(overrides: list[str]) -> dict:
    """The configuration that Hydra composes."""
    import hydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    register()
    with_hydra = any(word.lstrip("+~").startswith("hydra") for word in overrides)  # so that those are checked too
    try:
        with apart(), hydra.initialize_config_dir(str(config_dir()), job_name="sim", version_base="1.3"):
            config = hydra.compose("config", overrides, return_hydra_config=with_hydra)
        ours = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        return present_settings(OmegaConf.to_container(ours, resolve=True), overrides)
    except (HydraException, OmegaConfBaseException) as error:
        first, key = str(error).split("\n")[0], getattr(error, "full_key", None)
        first = first.replace("KeyError raised while resolving interpolation: ", "")
        first = first if not key or key in first else f"{key}: {first}"
        more = "; launchers of clusters come with pip install '.[sweep]'" if "launcher" in first else ""
        raise ConfigurationError(f"{first}{more}") from None
    except yaml.YAMLError as error:
        raise ConfigurationError(broken(error)) from None


def configure(scenario: str = "status_quo", overrides=(), **keys) -> Parameters:
    """Validated parameters of one scenario.

    overrides: as on the command line, e.g. ["nights=30"], or a mapping of keys to values, e.g. {"nights": 30}.
    keys: values of keys with underscores for dots, e.g. police_patrols=40; they win over `overrides`.

    Raises ConfigurationError, one line, for an unknown scenario or key or a value that is not allowed.
    """
    overrides = words_of(overrides, keys)
    check_name("scenario", scenario, searched(overrides))
    for word in overrides:
        check_word(word)
    overrides = [as_given(present_word(word)) for word in overrides]
    for override in parse(overrides):
        key = override.key_or_group
        if override.is_sweep_override():
            raise ConfigurationError(f"{override.input_line}: several values are a sweep; give one")
        if key in ("scenario", "experiment"):
            check_name(key, override.get_value_element_as_str(), searched(overrides))
        elif not key.startswith("hydra"):
            with naming(override.input_line):
                check_key(key)
    return parameters_of(compose([f"scenario={scenario}", *overrides]))


def parameters_of(config: dict) -> Parameters:
    """Validated parameters of a composed configuration."""
    return validate({key: value for key, value in config.items() if key not in SETTINGS and key != DISPLAY})


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
    parameters = {name: parameters_of(first if name == first["scenario"] else compose([*others, f"scenario={name}"]))
                  for name in chosen}
    settings = {"study": first["study"], "scenarios": chosen, "reference": reference}
    keys = [word.split("=")[0] for word in overrides]
    if "replicates" in keys and "most_replicates" not in keys:
        first["most_replicates"] = None  # who asks for a number gets that number
    settings |= {key: first.get(key) for key in SETTINGS if key not in FIRST}
    return settings, parameters
