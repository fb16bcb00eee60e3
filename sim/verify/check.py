"""The check of a simulated number against theory."""

from typing import NamedTuple


class Check(NamedTuple):
    """A simulated and a predicted number.

    `tolerance` is absolute: 4 standard errors of the simulation, or a stated accuracy.
    """

    what: str
    predicted: float
    simulated: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether simulation and theory agree within the tolerance; False for NaN."""
        return abs(self.simulated - self.predicted) <= self.tolerance
