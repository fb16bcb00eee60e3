"""Counters of events in one night: rules increase them, and only the record reads them."""

COUNTERS = (
    "arrivals", "choosing", "unserved", "attempts", "attempts_aided", "attempts_unaided", "attempts_recorded",
    "interceptions", "bribed_passages", "crossings", "pushbacks", "procedures", "left", "not_arrived", "clashes",
    "clashes_reported", "fighters_killed", "deaths_authorities", "deaths_groups", "deaths_clashes",
    "deaths_environment", "deaths_drowning", "deaths_vehicle", "deaths_exposure", "deaths_other",
    "injuries_authorities", "injuries_groups", "injuries_clashes", "abductions",
    "abductions_collateral", "abductions_predatory", "released_paid", "released_unpaid", "found_and_moved",
    "suspects_arrested", "guides_arrested", "weapons_seized", "operations", "operation", "officers_attacked",
    "takeovers", "defections", "entries", "exits", "splits", "networks_bought", "pipeline_arrivals",
    "attempts_repeat", "attempts_repeat_unaided", "abductions_after_pushback", "admissions", "resident_risk",
    "kept_back", "relocated", "state_cost", "cost_operations", "cost_camps", "cost_support", "cost_admissions",
)  # each is a column of the table of nights, in this order
BY_CORRIDOR = ("attempts", "crossings")  # counted by corridor as well, for example `attempts_<corridor>`
FEES_PAID = "fees_paid"  # number of fees paid, from which the record computes the mean price of a run


class Counters:
    """Counts of one night by name; a counter that no rule has increased is 0.

    strict: `add` refuses names that are not declared here, since the record would leave them out.
    """

    def __init__(self, corridors, strict: bool):
        self.known = frozenset((*COUNTERS, FEES_PAID, *(f"{name}_{c}" for name in BY_CORRIDOR for c in corridors)))
        self.strict, self._counts = strict, {}

    def open_night(self) -> None:
        """Set every count to zero."""
        self._counts = {}

    def add(self, name: str, amount) -> None:
        """Add `amount` to one counter; raises ValueError for an undeclared name if `strict`."""
        if self.strict and name not in self.known:
            raise ValueError(f"no counter is called {name!r} (sim/world/counters.py lists them)")
        self._counts[name] = self._counts.get(name, 0) + amount

    def __getitem__(self, name: str):
        return self._counts.get(name, 0)
