"""Records of `police.calendar`: dated measures of police and the state, and the check of one record."""

from datetime import date

from sim.registry.entry import Entry, check_value, suggestion
from sim.registry.errors import ConfigurationError

KEY = "police.calendar"
KINDS = {  # kind of measure: smallest and largest strength, and what the strength is
    "operation": (0, 1, "share of the full strength of an operation"),
    "presence": (0, 100, "level of presence that it tends to, where 1 is that of a full operation kept up"),
    "patrols": (-1, 100, "patrol units more as a share of the corridor's own"),
    "joint_work": (0, 100, "multiple of joint police work"),
    "visas": (0, 100, "factor of the arrivals of one origin"),
    "camps": (1, 1, "1: the camps are shut"),
}
FIELDS = ("kind", "from", "until", "nights", "corridors", "strength", "nationality", "camps")
EVERYWHERE = "all"
ONLY = {  # kinds of measure in whose records a field has a meaning; the other fields have one in all
    "corridors": ("operation", "presence", "patrols", "joint_work"),
    "nationality": ("visas",),
    "camps": ("camps",),
}


def check_calendar(values: dict) -> None:
    """Raise ConfigurationError, one line, for the first record of `police.calendar` that is no valid measure."""
    camps = camps_of(values)
    for row in values[KEY]:
        for field in row:
            if field not in FIELDS:
                refuse(row, f"unknown field `{field}`{suggestion(str(field), FIELDS)}")
        check_kind(row)
        check_period(row)
        check_strength(row)
        check_names(row, "corridors", values["border.corridors"])
        check_names(row, "camps", camps)
        check_nationality(row, values["migrants.origins"])


def camps_of(values: dict) -> list[str]:
    """Names of all camps, C01 and so on."""
    return [f"C{k + 1:02d}" for k in range(sum(values["camps.by_region"]))]


def refuse(row: dict, why: str) -> None:
    """Raise the error about one record."""
    shown = ", ".join(f"{name}: {value}" for name, value in row.items())
    raise ConfigurationError(f"{KEY} has {{{shown}}}: {why}")


def check_kind(row: dict) -> None:
    """A record must name a known kind."""
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        refuse(row, f"`kind` must be one of {', '.join(KINDS)}{suggestion(str(kind), KINDS)}")


def check_period(row: dict) -> None:
    """A record needs its first date, and may have a last date that is no earlier or a number of nights."""
    if "from" not in row:
        refuse(row, "`from` must be given, a date YYYY-MM-DD")
    for name in {"from", "until"} & row.keys():
        check_value(Entry(f"{KEY}.{name}", "", "date", "setting", ""), row[name])
    if "until" in row and "nights" in row:
        refuse(row, "`until` and `nights` both say how long; give one")
    if "until" in row and date.fromisoformat(row["until"]) < date.fromisoformat(row["from"]):
        refuse(row, "`until` must be `from` or a later date")
    if "nights" in row:
        check_value(Entry(f"{KEY}.nights", 1, "int", "setting", "", unit="nights", bounds=(1, 20000)), row["nights"])


def check_strength(row: dict) -> None:
    """The strength must lie within the bounds of its kind."""
    low, high, meaning = KINDS[row["kind"]]
    if row["kind"] == "visas" and "strength" not in row:
        refuse(row, "`strength` must be given, the factor of arrivals")
    check_value(Entry(f"{KEY}.strength", 1.0, "float", "setting", "", unit=meaning, bounds=(low, high)),
                row.get("strength", 1.0))


def check_names(row: dict, field: str, known) -> None:
    """A list of names (or `all`) may stand only in records of some kinds, and every name must be known."""
    if field not in row:
        return
    if row["kind"] not in ONLY[field]:
        refuse(row, f"`{field}` has no meaning for {row['kind']}")
    chosen = row[field]
    if chosen == EVERYWHERE:
        return
    if not isinstance(chosen, (list, tuple)) or not chosen:
        refuse(row, f"`{field}` must be a list of names or `{EVERYWHERE}`")
    for name in chosen:
        if name not in known:
            refuse(row, f"`{name}` must be one of {', '.join(known)}{mean(name, known)}")


def check_nationality(row: dict, origins) -> None:
    """Measures on visas, and no others, name one origin."""
    given = row.get("nationality")
    if row["kind"] == "visas" and given not in origins:
        refuse(row, f"`nationality` must be one of {', '.join(origins)}{mean(given, origins)}")
    if row["kind"] != "visas" and given is not None:
        refuse(row, f"`nationality` has no meaning for {row['kind']}")


def mean(name, known) -> str:
    """', did you mean `x`?' for the nearest of the known names, or nothing."""
    near = suggestion(str(name), known)
    return near if "mean" in near else ""
