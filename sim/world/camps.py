"""Official camps: the table of camps and the Mesa agent of one camp."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns


class Camps(Table):
    """One row per camp; camp C01 is row 0."""

    id = Column(np.int64, 0, "", "row")
    region = Column(np.int8, 0, "region", "0 north, 1 transit, 2 interior")
    capacity = Column(np.int32, 0, "persons", "number of persons that may sleep in the camp")
    open = Column(bool, True, "", "whether the camp admits people")
    occupancy = Column(np.int32, 0, "persons", "persons who sleep in the camp")
    informant = Column(bool, False, "", "whether an informant in the camp reports departures to a group")


def number_of(name: str) -> int:
    """The row of the camp of that name, C01 and so on."""
    return int(name[1:]) - 1


@with_columns(Camps)
class Camp(RowAgent):
    """One official camp."""
