"""Police: the table of patrol units and interior teams, and the public pressure that drives operations."""

from dataclasses import dataclass

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns


class Units(Table):
    """One row per patrol unit at the border and per interior team."""

    id = Column(np.int64, 0, "", "row")
    interior = Column(bool, False, "", "whether the unit is an interior team, which raids, or a border patrol")
    corridor = Column(np.int8, -1, "corridor", "corridor patrolled, or -1")
    sector = Column(np.int8, -1, "sector", "sector mainly patrolled tonight, or -1")
    integrity = Column(np.float64, 0.0, "EUR", "smallest bribe accepted, per crossing (patrol) or per 30 nights (team)")
    payer = Column(np.int16, -1, "group", "group that pays an interior team, or -1")
    taken = Column(np.int64, 0, "cents", "bribes taken so far")


@with_columns(Units)
class Police(RowAgent):
    """The Mesa agent of one patrol unit or interior team."""


@dataclass
class Pressure:
    """Public pressure, which triggers police operations, and the number of prisoners."""

    heat: float = 0.0  # decaying sum of publicity and violence
    operation_since: int | None = None  # first night of the operation in progress
    last_operation_end: int = -10_000  # night
    prison_serbia: float = 0.0  # persons
    prison_hungary: float = 0.0  # persons

    @property
    def in_operation(self) -> bool:
        """Whether an operation is in progress."""
        return self.operation_since is not None
