"""Files of configurations: where they lie, and what they hold; one that cannot be read is refused with its line."""

import importlib.resources
import re
from pathlib import Path

import yaml

from sim.registry.errors import ConfigurationError
from sim.registry.extensions import config_folders

SEARCHPATH = "hydra.searchpath="  # the one of Hydra's own keys that decides which scenarios there are


def config_dir() -> Path:
    """`configs/`: inside an installed package, else beside the package in a checkout."""
    packaged = Path(__file__).parents[1] / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "configs"


def searched(overrides) -> tuple[Path, ...]:
    """Folders given by `hydra.searchpath=[...]`; raises ConfigurationError where there is none."""
    folders = []
    for word in (o for o in overrides if o.startswith(SEARCHPATH)):
        try:
            places = yaml.safe_load(word.split("=", 1)[1])
        except (yaml.YAMLError, ValueError):
            places = None
        if not isinstance(places, list) or not all(isinstance(place, str) and place for place in places):
            raise ConfigurationError(f"{word}: must be a list of folders: '{SEARCHPATH}[file://FOLDER]'")
        for place in places:
            scheme, _, rest = place.rpartition("://")
            folder = package_folder(rest) if scheme == "pkg" else Path(rest)
            if not folder.is_dir():
                raise ConfigurationError(f"{word}: no folder {folder}")
            folders.append(folder)
    return tuple(folders)


def package_folder(name: str) -> Path:
    """The folder of an installed package; one that does not exist where there is no such package."""
    try:
        return Path(importlib.resources.files(name))
    except (ImportError, TypeError, ValueError):
        return Path(name)


def text_of(path: Path) -> str:
    """The text of a configuration file; raises ConfigurationError with the file if it is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: is not UTF-8 text; save it in UTF-8") from None


def content_of(path: Path) -> dict:
    """The content of a configuration file; raises ConfigurationError with the file and the line if it is none."""
    try:
        content = yaml.safe_load(text_of(path))
    except yaml.YAMLError as error:
        raise ConfigurationError(broken(error, path)) from None
    except ValueError as error:  # a date that the calendar does not have
        raise ConfigurationError(f"{path}: cannot be read: {error}") from None
    if not isinstance(content, dict | None):
        raise ConfigurationError(f"{path}: must hold lines KEY: VALUE")
    return content or {}


def check_file(group: str, name: str, path: Path) -> None:
    """Raise ConfigurationError unless a file changes keys of the whole configuration and a scenario bears its name."""
    content = content_of(path)
    if not re.search(r"^# @package _global_\s*$", text_of(path), re.MULTILINE):
        raise ConfigurationError(f"{path}: must begin with the line `# @package _global_`")
    if group == "scenario" and content.get("scenario") != name:
        raise ConfigurationError(f"{path}: must hold `scenario: {name}`, the name of the file, and holds "
                                 f"`scenario: {content.get('scenario', 'nothing')}`")


def broken(error: yaml.YAMLError, path: Path | None = None) -> str:
    """What is wrong with a YAML file, and where."""
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it breaks off"
    return f"{path or (mark.name if mark else 'configuration file')}{where}: is no YAML: {problem}"


def files(group: str, folders=()) -> dict[str, Path]:
    """Files of a configuration group by name; raises ConfigurationError where two have the same name.

    They lie in `configs/`, in other packages (`sim.registry.extensions`) and in `folders`.
    """
    paths = {}
    for folder in (config_dir(), *config_folders(), *folders):
        for path in sorted((folder / group).glob("*.yaml")):
            other = paths.setdefault(path.stem, path)
            if other != path:
                raise ConfigurationError(f"{group}={path.stem}: two files have that name: {other}, {path}")
    return paths


def names(group: str, folders=()) -> dict[str, str]:
    """Names in a configuration group, each with the sentence of its file's comment `# name: sentence`."""
    sentences = {}
    for name, path in files(group, folders).items():
        mark = f"# {name}: "
        lines = text_of(path).splitlines()
        sentences[name] = next((line.removeprefix(mark) for line in lines if line.startswith(mark)), "")
    return sentences
