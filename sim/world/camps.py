"""Official camps."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns


class Camps(Table):
    """One row per camp; C01 is 0."""

    id = Column(np.int64, 0, "", "row")
    region = Column(np.int8, 0, "region", "0 north, 1 transit, 2 interior")
    capacity = Column(np.int32, 0, "persons", "places")
    open = Column(bool, True, "", "admits people")
    occupancy = Column(np.int32, 0, "persons", "persons in the camp")
    informant = Column(bool, False, "", "an informant reports departures to a group")


@with_columns(Camps)
class Camp(RowAgent):
    """One official camp."""
