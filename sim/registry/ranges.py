"""Plausible ranges: the parameters that have one, and the map from a point of the unit cube to their values.

Every study that draws parameters over the registry's ranges uses these functions.
"""

import re

from sim.registry.claims import DISPUTED, load
from sim.registry.parameters import STATUSES, ConfigurationError, Entry, check_keys, present, registry

# Not drawn: what scenarios switch on (control, takeover, defection, brand, purchase) and unit costs that only accounts
# read.
SWITCHES = ("organisation.control", "organisation.takeover", "organisation.defection", "gangs.brand", "gangs.buy_share",
            "camps.place_cost", "migrants.support_cost", "migrants.information_cost", "border.admission_cost")
CONTESTED = "contested"
STANDINGS = (*(status for status in STATUSES if status != "setting"), CONTESTED)


def varied(names=None) -> list[Entry]:
    """Numeric parameters with a plausible range that a run depends on; only those of `names` (keys or groups) if given.

    Parameters of the observation change no run and are left out.  Raises ConfigurationError for an unknown name or one
    without a range.
    """
    entries = [e for e in registry().values() if e.range and e.type in ("int", "float") and e.key not in SWITCHES
               and not e.key.startswith("observation.")]
    if names is None:
        return entries
    names = [present(name) for name in names]
    check_keys(names)
    for name in names:
        if not any(is_of(e.key, name) for e in entries):
            raise ConfigurationError(f"sensitivity.vary={name}: nothing there has a plausible range to draw from")
    return [e for e in entries if any(is_of(e.key, name) for name in names)]


def is_of(key: str, name: str) -> bool:
    """Whether a key has that name or lies in the group of that name."""
    return key == name or key.startswith(f"{name}.")


def value_at(entry: Entry, u: float) -> int | float:
    """The parameter's value in its unit at the quantile u: linear over its range; whole numbers are rounded."""
    low, high = entry.range
    value = low + (high - low) * u
    return round(value) if entry.type == "int" else min(max(value, low), high)


def values_at(entries: list[Entry], point) -> dict:
    """Values by key at one point of the unit cube, which has one coordinate per entry."""
    return {entry.key: value_at(entry, u) for entry, u in zip(entries, point)}


def left_open(base: dict, values: dict) -> dict:
    """Those of `values` whose keys a configuration (key: value) leaves at the registry's default.

    A value that a scenario or the command line sets is kept.
    """
    return {key: value for key, value in values.items() if base[key] == registry()[key].default}


def standing(entry: Entry) -> str:
    """`contested` if the source cites a fact that is contested or denied, else the parameter's status."""
    status = {claim.id: claim.status for claim in load()}
    cited = re.findall(r"\bF\d+\b", entry.source)
    return CONTESTED if any(status.get(fact) in DISPUTED for fact in cited) else entry.status
