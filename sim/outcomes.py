"""The outcomes of a run: names, labels, units, meanings; one list, `sim/registry/outcomes.yaml`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class OutcomeEntry:
    """One outcome; `smallest_effect` is the smallest difference of interest: "5 %" of the reference, or absolute."""

    name: str
    label: str
    unit: str
    meaning: str
    digits: int = 0
    primary: bool = False
    smallest_effect: str = ""

    def smallest(self, reference: float) -> float:
        """The smallest effect of interest in the outcome's own unit."""
        number, _, percent = self.smallest_effect.partition(" ")
        return float(number) / 100 * abs(reference) if percent else float(number)


@lru_cache(maxsize=1)
def outcomes() -> dict[str, OutcomeEntry]:
    """Every outcome by name, in the order of the file."""
    text = (Path(__file__).parent / "registry" / "outcomes.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {row["name"]: OutcomeEntry(**row) for row in yaml.load(text, Loader=loader)}


def primary() -> list[str]:
    """The six primary outcomes."""
    return [name for name, entry in outcomes().items() if entry.primary]
