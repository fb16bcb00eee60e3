"""Overrides `key=value` of a command line: their mistakes, and how values are written in Hydra's grammar."""

import json
import re
from collections.abc import Mapping
from contextlib import contextmanager

from sim.registry.parameters import ConfigurationError, registry, suggestion
from sim.registry.settings import SETTINGS, stands


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


def quoted(text: str) -> str:
    """A text as a quoted value of Hydra's grammar that means the text and nothing else."""
    inside = re.sub(r"(\\*)'", lambda found: 2 * found[1] + "\\'", escaped(text))
    return "'" + re.sub(r"(\\+)$", lambda found: 2 * found[1], inside) + "'"


def escaped(text: str) -> str:
    """A text in which OmegaConf resolves nothing."""
    return text.replace("${", "\\${")


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
