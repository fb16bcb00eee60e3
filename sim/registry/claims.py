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


def facts_table() -> str:
    """The ledger as a Markdown page."""
    rows = ["| id | what is said | value | when, where | who says it, in which document | status | used by |",
            "|---|---|---|---|---|---|---|"]
    rows += ["| " + " | ".join(_cell(text) for text in _cells(claim)) + " |" for claim in load()]
    sources = [f"- **{name}** {source['title']} (`{source['file']}`)" for name, source in documents().items()]
    return "\n".join([*_INTRODUCTION, *rows, "", "## Documents", "", *sources, ""])


_INTRODUCTION = (
    "# Facts the documents report",
    "",
    "Generated from `sim/registry/claims.yaml`; do not edit. A row records that a document says something, in our",
    "words, with who says it and who disputes it. It is no finding of this project. Names of organisations, groups",
    "and persons stand in this ledger only; the model and its results carry neutral ids. Mechanisms M1 to M21 are",
    "those of the model description.",
    "",
)


def _cells(claim: Claim) -> tuple[str, ...]:
    sources = ", ".join(document.split()[0] for document in claim.documents)
    status = claim.status + (f"; disputed by: {claim.disputed_by}" if claim.disputed_by else "")
    statement = claim.statement + (f" *{claim.note}*" if claim.note else "")
    return (claim.id, statement, _value(claim), f"{claim.date}, {claim.place}", f"{claim.claimant} ({sources})",
            status, _use(claim))


def _value(claim: Claim) -> str:
    text = f"{claim.value} {claim.unit}".strip()
    if claim.interval is None or claim.interval[0] == claim.interval[1]:
        return text
    low, high = claim.interval
    return f"{text} [at least {low}]" if high is None else f"{text} [{low} to {high}]"


def _use(claim: Claim) -> str:
    if not claim.used:
        return f"not used: {claim.unused_because}"
    return "; ".join(", ".join(names) for names in
                     ([f"`{key}`" for key in claim.keys], claim.mechanisms, claim.patterns) if names)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
