"""Conditions that several parameters must meet together, and the columns of parameters that are lists of records."""

from datetime import date, timedelta

from sim.registry import extensions
from sim.registry.entry import Entry, check_value
from sim.registry.errors import ConfigurationError
from sim.registry.measures import check_calendar
from sim.registry.outcomes import outcomes

SHARES = ("migrants.origin_shares", "gangs.origin_shares", "border.corridor_shares", "police.patrol_shares",
          "border.staging_weights", "border.death_causes")
SAME_LENGTH = (  # keys whose lists have one entry each for the same things
    ("migrants.origins", "migrants.origin_shares", "migrants.brand_appeal"),
    ("border.corridors", "border.sectors", "border.sector_length", "border.difficulty", "border.residents",
     "border.corridor_shares", "police.patrol_shares", "police.crackdown_patrols"),
    ("border.staging_regions", "border.staging_weights"),
    ("camps.by_region", "camps.nearness", "border.transport_cost"),
)


def check_together(values: dict) -> None:
    """Raise ConfigurationError unless values by key are consistent and all named extensions can be loaded."""
    for check in (check_extensions, check_dates, check_groups, check_shares, check_lengths, check_records,
                  check_calendar):
        check(values)


def check_extensions(values: dict) -> None:
    """Every outcome must be one of an installed package, and every extension that is named must load."""
    for name in values["outcomes"]:
        if name not in extensions.found("outcomes"):
            known = ", ".join(extensions.found("outcomes")) or "none is installed"
            raise ConfigurationError(f"outcomes={list(values['outcomes'])}: `{name}` must be an outcome of an "
                                     f"installed package ({known})")
        outcomes()  # raises ConfigurationError if the outcome is not valid
    for extension in extensions.used(values):
        extensions.load(extension.kind, extension.name)


def check_dates(values: dict) -> None:
    """All nights, and the year before and after that reviews look at, must have dates."""
    try:
        first = date.fromisoformat(values["start_date"])
        first - timedelta(values["warmup"] + 366), first + timedelta(values["nights"] + 366)
    except OverflowError:
        raise ConfigurationError(f"start_date={values['start_date']}: warm-up and nights must lie between the years 2 "
                                 "and 9998") from None


def check_groups(values: dict) -> None:
    """There may be at most one group per sector."""
    sectors = sum(values["border.sectors"])
    if values["gangs.count"] > sectors:
        raise ConfigurationError(f"gangs.count={values['gangs.count']}: at most one group per sector, and "
                                 f"border.sectors={list(values['border.sectors'])} gives {sectors}")


def check_shares(values: dict) -> None:
    """Shares must sum to 1."""
    for key in SHARES:
        if abs(sum(values[key]) - 1) > 1e-6:
            raise ConfigurationError(f"{key}={list(values[key])}: shares must sum to 1, these sum to "
                                     f"{sum(values[key]):.6g}")


def check_lengths(values: dict) -> None:
    """Lists with one entry for each of the same things must be equally long; deaths have four causes."""
    for keys in SAME_LENGTH:
        lengths = [len(values[key]) for key in keys]
        if len(set(lengths)) > 1:
            others = [f"{key} has {n}" for key, n in zip(keys[1:], lengths[1:]) if n != lengths[0]]
            raise ConfigurationError(f"{keys[0]} has {lengths[0]} entries, {', '.join(others)}: they must be as long")
    if len(values["border.death_causes"]) != 4:
        raise ConfigurationError(f"border.death_causes={list(values['border.death_causes'])}: must be four shares "
                                 "(drowning, vehicles, exposure, other)")


def check_records(values: dict) -> None:
    """Records must have exactly the columns of their key, with valid dates, and closures must name camps."""
    camps = sum(values["camps.by_region"])
    for row in values["camps.closures"]:
        name = str(row.get("camp"))
        is_camp = name[:1] == "C" and name[1:].isdigit() and 1 <= int(name[1:]) <= camps
        if set(row) != {"camp", "date"} or not is_camp:
            raise ConfigurationError(f"camps.closures has {row}: each needs `camp` (C01 to C{camps:02d}) and `date`")
        check_date("camps.closures.date", row)
    for row in values["police.operations"]:
        if set(row) != {"date"}:
            raise ConfigurationError(f"police.operations has {row}: each needs `date` and nothing else")
        check_date("police.operations.date", row)
    for row in values["migrants.shocks"]:
        if set(row) != {"date", "nights", "factor"}:
            raise ConfigurationError(f"migrants.shocks has {row}: each needs `date`, `nights` and `factor`")
        check_date("migrants.shocks.date", row)


def check_date(name: str, row: dict) -> None:
    """Raise ConfigurationError unless the `date` of a record is a date; `name` stands in the message."""
    check_value(Entry(name, "", "date", "setting", ""), row["date"])
