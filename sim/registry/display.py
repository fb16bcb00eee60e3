"""The appearance of a scenario in figures: the setting `display` of a scenario's file."""

from typing import NamedTuple

from sim.registry.errors import ConfigurationError

GREY = "0.45"  # Matplotlib's grey level for scenarios without a colour of their own


class Display(NamedTuple):
    """How figures and reports show one scenario; the values are Matplotlib's."""

    name: str  # the label in legends, for instance "Status quo"
    colour: str
    line: str  # style of a line
    marker: str  # of a point


def plain(scenario: str) -> Display:
    """The grey appearance of a scenario whose file has no `display`."""
    return Display(scenario.replace("_", " ").capitalize(), GREY, "-", "o")


def read_display(value) -> Display:
    """The appearance that a file's `display` describes; raises ConfigurationError unless it has exactly four texts."""
    fields = Display._fields
    if not isinstance(value, dict) or set(value) != set(fields) or not all(isinstance(v, str) for v in value.values()):
        raise ConfigurationError(f"display={value}: must be a mapping with the texts {', '.join(fields)}")
    return Display(**value)
