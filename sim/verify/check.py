"""What a limit yields: numbers against theory."""

from typing import NamedTuple


class Check(NamedTuple):
    """One number against theory; `tolerance` is absolute: 4 standard errors of the simulation, or a stated accuracy."""

    what: str
    predicted: float
    simulated: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether simulation and theory agree (a NaN never does)."""
        return abs(self.simulated - self.predicted) <= self.tolerance
