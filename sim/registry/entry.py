"""One parameter of the registry, and the check of a single value against it."""

import difflib
import math
from dataclasses import dataclass
from datetime import date

from sim.registry.errors import ConfigurationError

_KINDS = {"int": int, "ints": int, "float": float, "floats": float, "bool": bool, "text": str, "texts": str,
          "choice": str, "date": str, "records": dict}
_LISTS = ("ints", "floats", "texts", "records")


@dataclass(frozen=True)
class Entry:
    """One parameter; the head of `sim/registry/parameters.yaml` explains each field."""

    key: str
    default: object
    type: str
    status: str
    source: str
    symbol: str = ""
    unit: str = ""
    bounds: tuple = (None, None)
    range: tuple | None = None
    choices: tuple = ()
    outside: tuple = ()  # choices that other packages add
    nullable: bool = False
    note: str = ""
    help: str = ""
    renamed: tuple = ()  # former names of the key, the oldest first; they remain valid

    @property
    def stream(self) -> str:
        """The name that keys draws of this parameter: its oldest one, so that renaming changes no draw."""
        return self.renamed[0] if self.renamed else self.key

    @property
    def known(self) -> tuple:
        """All choices, including those of other packages."""
        return (*self.choices, *self.outside)

    def allowed(self) -> str:
        """The allowed values in words."""
        low, high = self.bounds
        kind = {"choice": f"one of {', '.join(self.known)}", "bool": "true or false", "int": "a whole number",
                "float": "a number", "date": "a date YYYY-MM-DD", "text": "a text", "texts": "a list of texts",
                "ints": "a list of whole numbers", "floats": "a list of numbers",
                "records": "a list of records"}[self.type]
        limits = {(True, True): "", (False, True): f" of at least {low}", (True, False): f" of at most {high}",
                  (False, False): f" from {low} to {high}"}[(low is None, high is None)]
        return kind + limits + (f" ({self.unit})" if self.unit else "") + (" or null" if self.nullable else "")


def suggestion(word: str, known) -> str:
    """The end of a message: ', did you mean `x`?' for the nearest known name, or else a hint at --help."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near:  # perhaps the right name in a wrong group
        near = [k for k in known if k.rsplit(".", 1)[-1] == word.rsplit(".", 1)[-1]][:1]
    return f", did you mean `{near[0]}`?" if near else "; `python -m sim --help` lists the usual ones"


def check_value(entry: Entry, value):
    """The value, converted to the type of the parameter; raises ConfigurationError if it is not allowed."""
    if value is None and entry.nullable:
        return None
    if entry.type in _LISTS:
        if not isinstance(value, (list, tuple)):
            raise _refuse(entry, value)
        return tuple(_check_one(entry, v, value) for v in value)
    return _check_one(entry, value, value)


def _check_one(entry, value, whole):
    """Check one value, or one element of the list `whole`, which stands in messages."""
    kind = _KINDS[entry.type]
    if entry.type == "choice" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # choices that are numbers: 1 | 3
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _refuse(entry, whole)
    if kind in (int, float):
        low, high = entry.bounds
        if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
            raise _refuse(entry, whole)
    if entry.type == "choice" and value not in entry.known:
        raise _refuse(entry, whole, suggestion(value, entry.known) if isinstance(value, str) else "")
    if entry.type == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            raise _refuse(entry, whole) from None
    return value


def _refuse(entry, value, more="") -> ConfigurationError:
    """The error for a value that is not allowed."""
    if entry.bounds == (0, 1) and type(value) in (int, float) and 1 < value <= 100:
        more = f"; {value} % is {value / 100:.6g}"
    return ConfigurationError(f"{entry.key}={value}: must be {entry.allowed()}{more}")
