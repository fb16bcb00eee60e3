"""What became of trials: counts for each kind of harm, kept in a file and shown as a table."""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scipy.stats import beta

from sim.registry.files import write_text

HEAD = ("what was tried", "how often", "finished runs lost", "processes left behind", "tables not the same bytes",
        "errors not in one line", "trials with any of these", "95 % limit of their share")
MARKS = "<!-- table of faults -->", "<!-- end of the table -->"  # between which a page holds the table


class Outcome(NamedTuple):
    """What became of one kind of harm."""

    harm: str
    tried: int = 0
    lost: int = 0  # finished runs that were no longer there afterwards
    left: int = 0  # processes that went on without their driver
    torn: int = 0  # commands whose tables were other bytes, or missing, in the end
    unclear: int = 0  # tracebacks, and refusals of more than a line
    spoilt: int = 0  # trials with any of these

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.harm, *(a + b for a, b in zip(self[1:], other[1:])))

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost."""
        return not any(self[2:])

    @property
    def limit(self) -> float:
        """The exact upper limit, with 95 % confidence, of the share of trials that are spoilt.

        It is one-sided (Clopper and Pearson 1934): the share at which so few or fewer spoilt ones have probability
        0.05.
        """
        spoilt = min(self.spoilt, self.tried)
        return 1.0 if spoilt == self.tried else float(beta.ppf(0.95, spoilt + 1, self.tried - spoilt))


def outcome(harm: str, tried: int = 1, lost: int = 0, left: int = 0, torn=0, unclear=0) -> Outcome:
    """The outcome of trials of which one at most is spoilt."""
    return Outcome(harm, tried, lost, left, int(torn), int(unclear), int(bool(lost or left or torn or unclear)))


def summed(outcomes) -> list[Outcome]:
    """One outcome for each kind of harm, in the order of the first."""
    by_harm = {}
    for one in outcomes:
        by_harm[one.harm] = by_harm[one.harm] + one if one.harm in by_harm else one
    return [one for one in by_harm.values() if one.tried]


def table(outcomes) -> str:
    """Outcomes as a table in Markdown."""
    rows = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)),
            *((*one, f"{100 * one.limit:.2g} %") for one in summed(outcomes))]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def read(path: Path) -> tuple[list[Outcome], list[dict]]:
    """Outcomes and commands that a file holds; none where there is no file."""
    if not path.exists():
        return [], []
    held = json.loads(path.read_text(encoding="utf-8"))
    return [Outcome(**one) for one in held["outcomes"]], held["commands"]


def write(path: Path, outcomes, commands: list[dict]) -> None:
    """Write outcomes, summed over each kind of harm, and the commands that they come from."""
    held = {"commands": commands, "outcomes": [one._asdict() for one in summed(outcomes)]}
    write_text(path, json.dumps(held, indent=1) + "\n")


def shown(outcomes, commands: list[dict]) -> str:
    """The table with the sentence that says where it comes from."""
    days = sorted({one["date"] for one in commands}) or [str(date.today())]
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    number = "One run" if len(commands) == 1 else f"{len(commands)} runs"
    seeds = ", ".join(str(one["seed"]) for one in commands)
    hours = sum(one["minutes"] for one in commands) / 60
    return (f"{table(outcomes)}\n\n{number} of the command, {when}, {hours:.1f} hours in all, "
            f"seed{'s' * (len(commands) != 1)} {seeds}.")


def write_page(path: Path, text: str) -> None:
    """Put the table between the marks of a page, or make a file of it."""
    before, start, rest = (path.read_text(encoding="utf-8") if path.exists() else "").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    write_text(path, f"{before}{start}\n{text}\n{MARKS[1]}{after}" if start else f"{text}\n")
