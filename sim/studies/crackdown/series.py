"""Quantities that the study `crackdown` compares, by theme."""

from sim.statistics.events import Series
from sim.studies.crackdown.paths import border
from sim.studies.event_study import CORRIDORS, OUTCOMES

DEATHS = ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment")
NAMED = {series.name: series for series in OUTCOMES}


def persons(name: str, label: str, *columns: str, digits: int = 0) -> Series:
    """A flow of persons, the sum of some columns of the table of nights."""
    return Series(name, label, "persons / night", columns or (name,), digits=digits)


def present(name: str, label: str, unit: str = "persons", digits: int = 0) -> Series:
    """A level at the end of a night."""
    return Series(name, label, unit, (name,), flow=False, digits=digits)


ATTEMPTS = Series("attempts", "Attempts", "attempts / night", ("attempts",))
ATTEMPTS_AT = {c: NAMED[f"attempts_{c}"]._replace(label=f"Attempts, {border(c)}") for c in CORRIDORS}
CROSSINGS_AT = {c: persons(f"crossings_{c}", f"Crossings, {border(c)}") for c in CORRIDORS}
GUIDES_AT = {c: present(f"guides_{c}", f"Guides, {border(c)}", digits=1) for c in CORRIDORS}
PRESENCE_AT = {c: present(f"presence_{c}", f"Presence of police, {border(c)}", "full operations", 2) for c in CORRIDORS}
INTERCEPTIONS, CROSSINGS, PRICE = NAMED["interceptions"], NAMED["crossings"], NAMED["price"]
ARRIVALS, NOT_ARRIVED = persons("arrivals", "Arrivals"), persons("not_arrived", "Turned back before arriving")
LEFT, PEOPLE = persons("left", "Gave up"), NAMED["people"]
ALL_DEATHS = persons("deaths", "Deaths", *DEATHS, digits=1)
ABDUCTIONS = NAMED["abductions"]
GUIDES = present("guides", "Guides", digits=1)
ARRESTED = persons("guides_arrested", "Guides and drivers arrested", digits=1)

STAYING = (PEOPLE, present("in_camp", "In camps"), present("informal", "In informal places"),
           present("flat", "In flats"), present("moved", "Moved south"), persons("found_and_moved", "Found and moved"))

SERIES = (  # rows of crackdown.csv
    PRICE, ATTEMPTS, *ATTEMPTS_AT.values(), INTERCEPTIONS, CROSSINGS, *CROSSINGS_AT.values(), ARRIVALS, NOT_ARRIVED,
    LEFT, *STAYING, ABDUCTIONS, ALL_DEATHS,
    *(NAMED[name] for name in DEATHS), NAMED["clashes"], GUIDES, *GUIDES_AT.values(), ARRESTED, *PRESENCE_AT.values(),
    NAMED["bribes"], NAMED["state_cost"],
)
CONTRASTED = (PRICE, ATTEMPTS, INTERCEPTIONS, CROSSINGS, PEOPLE, ABDUCTIONS, ALL_DEATHS)  # of crackdown_contrasts.csv
RETURNING = (ATTEMPTS, *ATTEMPTS_AT.values(), INTERCEPTIONS, CROSSINGS, ARRIVALS, GUIDES, *GUIDES_AT.values())
