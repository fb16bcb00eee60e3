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
    at_most: bool = False  # whether a simulated number below the predicted one holds however far it is

    @property
    def holds(self) -> bool:
        """Whether simulation and theory agree within the tolerance; False for NaN."""
        return self.off <= self.tolerance

    @property
    def off(self) -> float:
        """Distance of simulation from theory; negative only where being below it is no fault."""
        off = self.simulated - self.predicted
        return off if self.at_most else abs(off)
