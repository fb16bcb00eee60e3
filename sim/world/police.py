"""Police: patrol units at the border and interior teams; public pressure and prisons."""

from dataclasses import dataclass

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns


class Units(Table):
    """Patrol units (one per patrol) and interior teams; all of them Mesa agents."""

    id = Column(np.int64, 0, "", "unit")
    interior = Column(bool, False, "", "an interior team (raids), not a border patrol")
    corridor = Column(np.int8, -1, "corridor", "corridor patrolled, or -1")
    sector = Column(np.int8, -1, "sector", "sector of tonight's main duty, or -1")
    integrity = Column(np.float64, 0.0, "EUR", "smallest bribe that is accepted (per crossing, or per 30 nights)")
    payer = Column(np.int16, -1, "group", "group that pays an interior team, or -1")
    taken = Column(np.int64, 0, "cents", "bribes taken so far")


@with_columns(Units)
class Police(RowAgent):
    """One patrol unit or interior team."""


@dataclass
class Pressure:
    """What drives operations, and who is in prison."""

    heat: float = 0.0  # publicity and violence, decaying
    operation_since: int | None = None
    last_operation_end: int = -10_000
    prison_serbia: float = 0.0  # persons
    prison_hungary: float = 0.0  # persons

    @property
    def in_operation(self) -> bool:
        return self.operation_since is not None
