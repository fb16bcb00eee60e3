"""The laws that every rule of the model must keep, and the errors for a law that is broken."""

STANDS = "it works in every market"
CONSERVED = "people and money are conserved"
DEFINED = "no number is undefined"
SAME_SEED = "the same seed gives the same bytes"
RESUMED = "a run saved and taken up again has the same bytes"
OWN_DRAWS = "a draw belongs to one mechanism and is used once"
KEYED = "chance comes from world.draws alone"


class LawBroken(AssertionError):
    """A rule broke a law of the model; the message names the rule, the law, the market and the night."""


class Broken(Exception):
    """A law and how it was broken, raised within a night; `sim.command.conformance` adds the market and the night."""
