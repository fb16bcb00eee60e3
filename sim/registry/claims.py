"""The fact ledger: what the documents report, its claimant, who disputes it, and what in the model uses it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LEDGER = Path(__file__).with_name("claims.yaml")
DOCUMENTS = LEDGER.with_name("documents.yaml")
STATUSES = ("reported", "contested", "alleged", "inferred", "forecast", "denied")
DISPUTED = ("contested", "denied")  # a row of these statuses must say who disputes it


@dataclass(frozen=True)
class Claim:
    """One row of the ledger; it records that a document makes a claim, not that the claim is true."""

    id: str  # F1, F2, ...
    statement: str
    value: float | str  # in `unit`, or a short text where the fact has no number
    unit: str
    date: str  # ISO 8601: a day, a month, a year, or begin/end
    place: str
    claimant: str
    documents: tuple[str, ...]  # "S0 file name"
    status: str  # one of STATUSES
    disputed_by: str | None = None
    interval: tuple[float | None, float | None] | None = None  # in `unit`; None is an open end
    keys: tuple[str, ...] = ()  # configuration keys that use it
    mechanisms: tuple[str, ...] = ()  # M1, M2, ...
    patterns: tuple[str, ...] = ()
    unused_because: str | None = None
    names: tuple[str, ...] = ()  # proper names in the row that may stand nowhere else in the project
    note: str | None = None

    @property
    def used(self) -> bool:
        return bool(self.keys or self.mechanisms or self.patterns)


@cache
def load() -> tuple[Claim, ...]:
    """All rows of the ledger, in its order."""
    return tuple(_claim(row) for row in yaml.safe_load(LEDGER.read_text(encoding="utf-8")))


@cache
def documents() -> dict[str, dict[str, str]]:
    """The documents behind the ledger by id (S0, S1, ...): their `file` and `title`."""
    return yaml.safe_load(DOCUMENTS.read_text(encoding="utf-8"))


def _claim(row: dict) -> Claim:
    row = dict(row)
    for name, values in (row.pop("used_by", None) or {}).items():
        row[name] = tuple(values)
    return Claim(**{field: tuple(value) if isinstance(value, list) else value for field, value in row.items()})
