"""Paths of police measures: what the arms of the experiment impose, where and how long, read from their calendars."""

from typing import NamedTuple

from sim.registry.measures import EVERYWHERE, KEY
from sim.registry.parameters import ConfigurationError
from sim.runs.arms import night_of
from sim.runs.plan import Plan, Point
from sim.statistics.events import WEEK
from sim.studies import requirements

ANSWER = "migrants.arrival_cap"  # 1: arrivals do not answer to what those who came before met
NONE = "none"  # the arm without a measure
MONTH = 365 / 12  # nights


class PolicyPath(NamedTuple):
    """One measure of police that holds from night `first` to night `end` − 1 in some corridors."""

    arm: str
    kind: str  # operation or presence
    first: int
    end: int
    corridors: tuple[str, ...]
    everywhere: bool

    @property
    def place(self) -> str:
        """The corridors in words."""
        return "all corridors" if self.everywhere else " and ".join(map(border, self.corridors))

    @property
    def label(self) -> str:
        """Kind, length and place in words, for example `presence, 6 months, RS-HU`."""
        return f"{self.kind}, {duration(self.end - self.first)}, {self.place}"


def border(corridor: str) -> str:
    """A corridor as it is written in tables and figures, for example RS-HU."""
    return corridor.upper().replace("_", "-")


def duration(nights: int) -> str:
    """A length of time in words: nights, whole weeks from 6 on, or months from 2 on."""
    if nights >= 2 * MONTH:
        return f"{round(nights / MONTH)} months"
    return f"{nights // WEEK} weeks" if nights >= 6 * WEEK and nights % WEEK == 0 else f"{nights} nights"


def path_of(point: Point) -> PolicyPath | None:
    """The path of an arm, None for the arm without a measure; ConfigurationError where an arm is no single measure."""
    arm, calendar = point.values["arm"], requirements.value(point, KEY)
    if arm == NONE:
        if calendar:
            raise ConfigurationError(f"arm {NONE}: {KEY} must be empty, differences are taken from there")
        return None
    if len(calendar) != 1 or not {"nights", "until"} & calendar[0].keys():
        raise ConfigurationError(f"arm {arm}: {KEY} must hold one measure that ends (`nights` or `until`)")
    row, known = calendar[0], point.base["border.corridors"]
    dates = {"start_date": requirements.value(point, "start_date")}
    first = night_of(row["from"], dates)
    end = first + row["nights"] if "nights" in row else night_of(row["until"], dates) + 1
    chosen = row.get("corridors", EVERYWHERE)
    corridors = tuple(known if chosen == EVERYWHERE else (name for name in known if name in chosen))
    return PolicyPath(arm, row["kind"], first, end, corridors, len(corridors) == len(known))


def paths_of(points: list[Point]) -> dict[str, PolicyPath]:
    """Paths by arm, in order; ConfigurationError unless there is one and all begin on the same night."""
    paths = {point.values["arm"]: path_of(point) for point in points}
    paths = {arm: path for arm, path in paths.items() if path}
    if not paths:
        raise ConfigurationError(f"arm: there is none besides {NONE}; give one with a measure in {KEY}")
    first = next(iter(paths.values()))
    for path in paths.values():
        if path.first != first.first:
            raise ConfigurationError(f"arm {path.arm}: its measure must begin on the same date as that of {first.arm}, "
                                     "weeks are counted from it")
    return paths


def check_paths(plan: Plan) -> None:
    """The arms are measures that begin together, and the record holds a whole week after their start."""
    arms = paths_of(plan.points)
    with_one = next(point for point in plan.points if point.values["arm"] in arms)
    when = requirements.value(with_one, KEY)[0]["from"]
    requirements.whole_week_from(plan, f"{KEY}.from", when)
