"""Words of the command line before Hydra reads them: what is mistyped is named, and paths need no quotes.

Hydra's grammar gives `= , # ( [ '` and letters beyond ASCII a meaning of their own or none, so a path with one of them
has to be quoted.  `plain_word` quotes the paths of the few keys that hold one; everything else is the user's.
"""

import shlex
from difflib import get_close_matches
from pathlib import Path

from sim.registry.overrides import as_given, check_word, is_bare, quoted
from sim.registry.parameters import ConfigurationError, registry
from sim.registry.settings import SETTINGS

PATHS = ("design", "parameter_draws.source", "hydra.run.dir", "hydra.sweep.dir")  # keys whose value may be a path
HYDRAS = ("--help", "-h", "--hydra-help", "--version", "--cfg", "-c", "--resolve", "--package", "-p", "--run", "-r",
          "--multirun", "-m", "--shell-completion", "-sc", "--config-path", "-cp", "--config-name", "-cn",
          "--config-dir", "-cd", "--experimental-rerun", "--info", "-i")  # its flags


def check_words(words: list[str]) -> None:
    """Raise ConfigurationError for a word that is no override KEY=VALUE and no flag, with the word to type instead."""
    flags = {word.split("=")[0] for word in words if word.startswith("-")}
    hydras = not flags <= {"-m", "--multirun"}  # its flags may take a word: --cfg job
    for number, word in enumerate(words):
        after = words[number + 1] if number + 1 < len(words) else ""
        if word.startswith("-"):
            if word.split("=")[0] not in HYDRAS:
                check_flag(word, after)
        elif not hydras:
            check_word(word, after, words[number + 2] if number + 2 < len(words) else "")


def check_flag(word: str, after: str) -> None:
    """Raise ConfigurationError for a flag that there is not; where it names a key, with the override to type."""
    key, _, value = word.lstrip("-").partition("=")
    known = [*SETTINGS, "experiment", *registry()]
    key = next(iter(get_close_matches(key, known, n=1, cutoff=0.8)), None)
    meant = "`python -m sim --help` lists the usual ones"
    if key:
        value = value or (after if is_bare(after) else "VALUE")
        meant = f"{'+' if key == 'experiment' else ''}{key}={value}"
    raise ConfigurationError(f"{word}: no such option; keys are given as KEY=VALUE: {meant}")


def plain_word(word: str) -> str:
    """An override as Hydra is to read it: `design` without its `+`, and a path in quotes where it needs them."""
    key, equals, value = as_given(word).partition("=")
    name = key.lstrip("+")
    if name in PATHS and needs_quotes(value, name.startswith("hydra.")):
        value = quoted(value)
    return f"{key}{equals}{value}"


def needs_quotes(value: str, is_folder: bool) -> bool:
    """Whether a path has to be quoted for Hydra's grammar.

    A file that is there is meant as it stands.  A folder may be new: it is quoted where Hydra would read something else
    than its text, unless it is quoted already or holds an interpolation (`${...}`).
    """
    if not is_folder:
        return value != "" and is_file(value)
    if value[:1] in ("'", '"') or "${" in value or not value:
        return False
    return not all(sign.isascii() and (sign.isalnum() or sign in "/_-.:%+@") for sign in value)


def is_file(value: str) -> bool:
    """Whether a value is the path of a file; a design that is written out may be longer than any path can be."""
    try:
        return Path(value).is_file()
    except OSError:
        return False


def typed(words: list[str]) -> str:
    """Words as one types them in a shell."""
    return shlex.join(words)
