"""Keys of a configuration as Python keywords: `police_patrols=40` stands for `police.patrols=40`."""

from collections.abc import Iterable, Mapping
from functools import cache

from sim.registry.errors import ConfigurationError
from sim.registry.overrides import hydra_value
from sim.registry.parameters import flatten, registry, removed, suggestion
from sim.registry.settings import FORMER, is_setting


@cache
def keywords() -> dict[str, str]:
    """Keys of parameters by keyword, in which dots are underscores; former names of a key included."""
    former = [old for entry in registry().values() for old in entry.renamed]
    return {key.replace(".", "_"): key for key in (*former, *FORMER, *registry())}


def keys_of(given: Mapping) -> dict:
    """Values by key from values by keyword or key; a mapping may stand for a group, `police={"patrols": 40}`.

    Keys of Hydra (`hydra.searchpath`) stay as they are.  ConfigurationError for a name that is no parameter.
    """
    groups = {key.rpartition(".")[0] for key in registry()}
    found = {}
    for name, value in given.items():
        if isinstance(value, Mapping) and name in groups:
            found |= keys_of({f"{name}.{key}": inner for key, inner in flatten(value).items()})
        else:
            found[key_of(name, value)] = plain(value)
    return found


def key_of(name: str, value) -> str:
    """The key that a keyword or a key names; `value` stands in the message if there is none."""
    keys = keywords()
    if name in keys or name in keys.values() or name.startswith("hydra.") or is_setting(name):
        return keys.get(name, name)
    for key, what in removed().items():
        if name in (key, key.replace(".", "_")):
            raise ConfigurationError(f"{name}={value!r}: the key `{key}` was taken out: {what}")
    raise ConfigurationError(f"{name}={value!r}: unknown key{suggestion(name, keys.values() if '.' in name else keys)}")


def plain(value):
    """A value as Python's own: NumPy's numbers and arrays, and ranges, become numbers and lists."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def words_of(overrides=(), keys: Mapping | None = None) -> list[str]:
    """Overrides as on the command line, from such words or a mapping, followed by keywords."""
    if isinstance(overrides, str):
        overrides = [overrides]
    first = of_mapping(overrides) if isinstance(overrides, Mapping) else list(overrides)
    return [*first, *of_mapping(keys or {})]


def of_mapping(values: Mapping) -> list[str]:
    """Words `key=value` in Hydra's grammar."""
    return [f"{key}={hydra_value(value)}" for key, value in keys_of(values).items()]
