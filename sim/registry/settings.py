"""Settings: keys of configs/config.yaml that are no parameters, their former names, and what they may hold."""

import re
import sys
from functools import cache

from sim.registry.parameters import ConfigurationError, check_keys, present, registry, suggestion

SETTINGS = {  # keys of configs/config.yaml that are no parameters, with the keys in those that are groups
    "study": (), "scenario": (), "scenarios": (), "reference": (), "sweep": (), "design": (), "analysis": (),
    "most_replicates": (), "points_per_job": (), "parameter_draws": ("source", "count"),
    "sensitivity": ("vary", "trajectories", "keep", "sobol_points")}
FORMER = {"batch": "points_per_job", "parameters": "parameter_draws.source", "draws": "parameter_draws.count",
          "vary": "sensitivity.vary", "trajectories": "sensitivity.trajectories", "keep": "sensitivity.keep",
          "samples": "sensitivity.sobol_points"}  # former names of settings; they keep working


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
