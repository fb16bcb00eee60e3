"""Configurations: where they lie, and how a scenario's parameters are composed with Hydra.

Defaults come from the registry; files in `configs/` hold differences only.  Later wins:
defaults < scenario file < experiment file < overrides given by the user.
"""

import json
import re
import sys
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cache

import yaml

from sim.registry.config_files import broken, check_file, config_dir, content_of, files, names, searched
from sim.registry.display import Display, plain, read_display
from sim.registry.parameters import (
    ConfigurationError,
    Parameters,
    check_keys,
    defaults,
    present,
    registry,
    suggestion,
    validate,
)

SETTINGS = {  # keys of configs/config.yaml that are no parameters, with the keys in those that are groups
    "study": (), "scenario": (), "scenarios": (), "reference": (), "sweep": (), "design": (), "analysis": (),
    "most_replicates": (), "points_per_job": (), "parameter_draws": ("source", "count"),
    "sensitivity": ("vary", "trajectories", "keep", "sobol_points")}
FIRST = ("study", "scenario", "scenarios", "reference")  # of which `compose_all` makes values of its own
DISPLAY = "display"  # a setting of scenario files alone: the scenario's appearance in figures, which no run depends on
FORMER = {"batch": "points_per_job", "parameters": "parameter_draws.source", "draws": "parameter_draws.count",
          "vary": "sensitivity.vary", "trajectories": "sensitivity.trajectories", "keep": "sensitivity.keep",
          "samples": "sensitivity.sobol_points"}  # former names of settings; they keep working
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


def present_word(word: str) -> str:
    """An override `key=value` with the present name of its key."""
    mark, key, rest = re.match(r"([+~]*)([\w.]*)(.*)", word, re.DOTALL).groups()
    return f"{mark}{present_setting(key) if key in FORMER else present(key)}{rest}"


@cache
def present_setting(key: str) -> str:
    """The present name of a setting by its former one, which is named on stderr, once a process."""
    print(f"sim: the key `{key}` is now called `{FORMER[key]}`", file=sys.stderr)
    return FORMER[key]


def present_settings(config: dict, overrides) -> dict:
    """A composed configuration whose files may hold former names of settings; what the user gives wins over files."""
    given = {word.split("=")[0].lstrip("+") for word in overrides}
    for key in [key for key in FORMER if key in config]:
        value, now = config.pop(key), present_setting(key)
        group, _, name = now.rpartition(".")
        if now not in given:
            (config[group] if group else config)[name] = value
    return config


def is_setting(key: str) -> bool:
    """Whether a key of the command line is a setting, or lies in one that is a mapping of the user's."""
    group, _, name = key.partition(".")
    return key in SETTINGS or name in SETTINGS.get(group, ()) or (group in ("design", "sweep") and name != "")


def check_word(word: str, after: str = "", last: str = "") -> None:
    """Raise ConfigurationError where blanks around `=` cut an override into words, or `=` is missing.

    after, last: the two words that follow, if they may belong to it.
    """
    key, equals, value = word.partition("=")
    if after.startswith("="):  # nights = 10
        value = after[1:] or last
        raise ConfigurationError(f"{word} {after}: no blanks may stand around `=`: {word}={value}")
    if equals and (key != key.rstrip() or (not value and is_bare(after))):  # "nights =10" in quotes, or nights= 10
        value = value.strip() or after
        raise ConfigurationError(f"{word}: no blanks may stand around `=`: {key.strip()}={value}")
    if not equals and not word.startswith("~"):
        raise ConfigurationError(f"{word}: an equals sign is missing: {word}={after if is_bare(after) else 'VALUE'}")


def is_bare(word: str) -> bool:
    """Whether a word can be the value of the key before it: it is there, and neither an override nor a flag."""
    return word != "" and "=" not in word and not word.startswith("-")


def as_given(word: str) -> str:
    """An override as Hydra is to read it, without the `+` that `design` may have.

    Raises ConfigurationError where `+` adds a key that is there.
    """
    key, equals, value = word.partition("=")
    name = key.lstrip("+")
    if name == "design":
        return f"{name}{equals}{value}"
    if equals and key.startswith("+") and not key.startswith("++") and stands(name):
        raise ConfigurationError(f"{word}: the key `{name}` is there already, leave out the +: {name}={value}")
    return word


def stands(key: str) -> bool:
    """Whether the starting point of every configuration has a key."""
    group, _, name = key.partition(".")
    return key in registry() or key in SETTINGS or key in FORMER or name in SETTINGS.get(group, ())


def check_key(key: str) -> None:
    """Raise ConfigurationError unless a key is a parameter, a group of parameters or a setting."""
    if is_setting(key):
        return
    group = key.partition(".")[0]
    if SETTINGS.get(group):
        known = [f"{group}.{name}" for name in SETTINGS[group]]
        raise ConfigurationError(f"unknown key `{key}`{suggestion(key, known)}")
    check_keys([key])


def quoted(text: str) -> str:
    """A text as a quoted value of Hydra's grammar that means the text and nothing else."""
    inside = re.sub(r"(\\*)'", lambda found: 2 * found[1] + "\\'", escaped(text))
    return "'" + re.sub(r"(\\+)$", lambda found: 2 * found[1], inside) + "'"


def escaped(text: str) -> str:
    """A text in which OmegaConf resolves nothing."""
    return text.replace("${", "\\${")


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
    import hydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    register()
    overrides = [present_word(word) for word in overrides]
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


def parse(words: list[str]) -> list:
    """Hydra's reading of overrides; raises ConfigurationError for a word that its grammar does not have."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    parsed = []
    for word in words:
        try:
            parsed += OverridesParser.create().parse_overrides([word])
        except HydraException as error:
            raise ConfigurationError(unreadable(word, str(error).split("\n")[0])) from None
        if "/" in parsed[-1].key_or_group and isinstance(parsed[-1].value(), int | float | dict | None):
            raise ConfigurationError(f"{word}: must be the name of a file of configurations")
    return parsed


def unreadable(word: str, why: str) -> str:
    """What is wrong with a word that Hydra cannot read: its key, or the signs in its value."""
    key = re.match(r"[+~]*([^=]*)", word)[1]
    if not re.fullmatch(r"[A-Za-z_][\w./@-]*", key, re.ASCII):
        return f"{word}: cannot be read: `{key}` is no key{suggestion(key, [*SETTINGS, *registry()])}"
    why = "a sign in it has a meaning of its own here, or none" if "Lexer" in why else why
    return f"""{word}: cannot be read: {why}; a value with blanks or signs is written 'KEY="VALUE"'"""


def configure(scenario: str = "status_quo", overrides=()) -> Parameters:
    """Validated parameters of one scenario.

    overrides: as on the command line, e.g. ["nights=30"], or a mapping of keys to values, e.g. {"nights": 30}.

    Raises ConfigurationError, one line, for an unknown scenario or key or a value that is not allowed.
    """
    if isinstance(overrides, Mapping):
        overrides = [f"{key}={hydra_value(value)}" for key, value in overrides.items()]
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


def hydra_value(value) -> str:
    """A Python value as a value of Hydra's grammar."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (list, tuple)):
        return f"[{','.join(hydra_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{hydra_value(one)}' for key, one in value.items())}}}"
    return json.dumps(value, default=str)


@contextmanager
def naming(word: str):
    """Puts the user's word before what is wrong with it."""
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{word}: {error}") from None


def parameters_of(config: dict) -> Parameters:
    """Validated parameters of a composed configuration."""
    return validate({key: value for key, value in config.items() if key not in SETTINGS and key != DISPLAY})


def setting(config: dict, key: str):
    """The value of a setting, `sensitivity.keep` for instance."""
    group, _, name = key.rpartition(".")
    if group and not isinstance(config[group], dict):
        raise ConfigurationError(f"{group}={config[group]}: must be a group with {', '.join(SETTINGS[group])}")
    return config[group][name] if group else config[key]


def check_settings(config: dict) -> None:
    """Raise ConfigurationError unless what is no parameter is of its kind."""
    for key, counts in (("points_per_job", "points a job"), ("most_replicates", "replicates a scenario"),
                        ("parameter_draws.count", "draws of the parameters")):
        value = setting(config, key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise ConfigurationError(f"{key}={value}: must be a whole number from 1 ({counts}) or null")
    for key, least, allowed in (("sensitivity.trajectories", 2, "a whole number from 2"),
                                ("sensitivity.keep", 1, "a whole number from 1"),
                                ("sensitivity.sobol_points", 2, "a power of two from 2")):
        value = setting(config, key)
        if type(value) is not int or value < least or (key.endswith("sobol_points") and value & (value - 1)):
            raise ConfigurationError(f"{key}={value}: must be {allowed}")
    for key, kind, allowed in (("scenarios", list, "a list of scenarios"),
                               ("sweep", (dict, type(None)), "a mapping of keys to lists"),
                               ("study", str, "a name"),
                               ("design", (str, list, dict, type(None)), "a file, a list of rows or what to draw"),
                               ("analysis", (str, type(None)), "the name of an analysis"),
                               ("parameter_draws.source", (str, type(None)), "prior, posterior, a file or null"),
                               ("sensitivity.vary", (list, type(None)), "a list of keys or null")):
        value = setting(config, key)
        of_texts = key in ("scenarios", "sensitivity.vary")
        if not isinstance(value, kind) or (of_texts and not all(isinstance(one, str) for one in value or ())):
            raise ConfigurationError(f"{key}={value}: must be {allowed}")
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
    parameters = {name: parameters_of(first if name == first["scenario"] else compose([*others, f"scenario={name}"]))
                  for name in chosen}
    settings = {"study": first["study"], "scenarios": chosen, "reference": reference}
    keys = [word.split("=")[0] for word in overrides]
    if "replicates" in keys and "most_replicates" not in keys:
        first["most_replicates"] = None  # who asks for a number gets that number
    settings |= {key: first.get(key) for key in SETTINGS if key not in FIRST}
    return settings, parameters
