"""The controls of the page: the registry's main keys, every key in which a scenario differs, and the calendar."""

import shlex
from functools import cache

from sim.registry.config_files import names
from sim.registry.configuration import configure
from sim.registry.measures import KEY as CALENDAR
from sim.registry.measures import KINDS, ONLY, camps_of
from sim.registry.overrides import hydra_value
from sim.registry.parameters import ConfigurationError, Parameters, check_values, flatten, nest, registry, validate

TITLES = {"organisation": "Organisation", "levers": "Levers", "migrants": "People on the move", "gangs": "Groups",
          "police": "Police", "camps": "Camps", "border": "Border"}
MARKS = ("contested", "theory limit")  # words of a scenario's description that the page shows beside its name
FURTHEST = 10  # largest typed value as a multiple of the slider's upper end


@cache
def base(scenario: str, settings: tuple[str, ...]) -> dict:
    """All keys and values of a scenario with the command line's settings."""
    return flatten(configure(scenario, list(settings)).as_dict())


@cache
def shown() -> tuple[str, ...]:
    """Keys on the page: numbers, switches and choices that --help lists or that a scenario sets."""
    plain, used = base("status_quo", ()), set()
    for scenario in names("scenario"):
        used |= {key for key, value in base(scenario, ()).items() if value != plain[key]}
    turnable = [e for e in registry().values() if e.type in ("int", "float", "bool", "choice") and "." in e.key]
    return tuple(e.key for e in turnable if e.help or e.key in used)


def turnable() -> tuple[str, ...]:
    """All keys that the page can change: those of `shown` and the calendar of measures."""
    return (*shown(), CALENDAR)


def panel(key: str) -> str:
    """The heading of a key's controls."""
    return "levers" if ".levers." in key else key.split(".")[0]


def described() -> list[dict]:
    """Descriptions of all keys on the page: heading, unit, ends of the slider, allowed values, meaning and source."""
    rows = []
    for key in shown():
        entry = registry()[key]
        low, high = slider_ends(entry)
        rows.append({"key": key, "heading": TITLES[panel(key)], "type": entry.type, "unit": entry.unit, "low": low,
                     "high": high, "choices": list(entry.choices), "allowed": entry.allowed(),
                     "help": entry.help or entry.note, "status": entry.status, "source": entry.source})
    order = list(TITLES.values())
    return sorted(rows, key=lambda row: order.index(row["heading"]))


def slider_ends(entry) -> tuple:
    """Ends of a slider: the plausible range and all values set by scenarios; the field beside it accepts the bounds."""
    if entry.type not in ("int", "float"):
        return None, None
    values = [base(scenario, ())[entry.key] for scenario in names("scenario")]
    return min(*(entry.range or entry.bounds), *values), max(*(entry.range or entry.bounds), *values)


def scenarios() -> list[dict]:
    """Descriptions of all scenarios: name, label as in the figures, sentence and marks."""
    from sim.figures.style import look

    return [{"name": name, "label": look(name)[0], "sentence": sentence,
             "marks": [mark for mark in MARKS if mark in sentence]} for name, sentence in names("scenario").items()]


def parameters(scenario: str, settings: tuple[str, ...], changes: dict, seed: int, warmup: bool) -> Parameters:
    """Validated parameters of one side; ConfigurationError names the key, the value and the allowed values."""
    for key, value in changes.items():
        if key not in turnable():
            raise ConfigurationError(f"{key}: cannot be turned on the page; give it on the command line")
        check_size(registry()[key], value)
    values = check_values(base(scenario, settings), {**changes, "seed": seed})
    return validate(nest(values if warmup else {**values, "warmup": 0}))


def check_size(entry, value) -> None:
    """Raise ConfigurationError for numbers that would make a night last minutes; the command line accepts them."""
    if entry.type in ("int", "float") and type(value) in (int, float) and value <= (entry.bounds[1] or value):
        most = FURTHEST * slider_ends(entry)[1]
        if value > most:
            raise ConfigurationError(f"{entry.key}={value}: on the page at most {most:g} ({entry.unit}); "
                                     "further on the command line")


def command(scenario: str, settings: tuple[str, ...], changes: dict, seed: int, warmup: bool) -> str:
    """The command that runs the same year without the page."""
    words = [f"scenario={scenario}", f"seed={seed}", *settings, *(f"{k}={typed(v)}" for k, v in changes.items())]
    return " ".join(["python -m sim", *map(shlex.quote, words), *([] if warmup else ["warmup=0"])])


def typed(value) -> str:
    """A value as typed on the command line."""
    if isinstance(value, list):
        text = hydra_value(value)  # double quotes, where they mean the same, need no escapes in a shell
        return text if '"' in text or "\\" in text else text.replace("'", '"')
    return str(value).lower() if isinstance(value, bool) else str(value)


def calendar_form() -> dict:
    """Description of the form for one measure: its kinds, and the fields that have a meaning for only some of them."""
    entry = registry()[CALENDAR]
    kinds = [{"name": kind, "low": low, "high": high, "meaning": meaning}
             for kind, (low, high, meaning) in KINDS.items()]
    return {"key": CALENDAR, "help": entry.help, "note": entry.note, "kinds": kinds, "only": ONLY}


def known_names(values: dict) -> dict:
    """Names that measures of one side may have: corridors, nationalities (origins) and camps, from values by key."""
    return {"corridors": list(values["border.corridors"]), "nationality": list(values["migrants.origins"]),
            "camps": camps_of(values)}
