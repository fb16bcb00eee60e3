"""People on the move: one row each while they are in the system."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns

NEVER = -10_000  # a night long before any run
UNAIDED = -2  # `client_of` of someone who tries alone tonight


class Status:
    """Where a person stands; the last four end the stay and the row leaves the table the same night.

    Plain numbers: comparing a column with a member of an `IntEnum` takes NumPy four times as long.
    """

    WAITING = 0
    RESTING = 1
    DISPATCHED = 2  # on the way tonight; nobody is dispatched between nights
    HELD = 3
    MOVED = 4
    PROCEDURE = 5
    CROSSED = 6
    LEFT = 7
    DEAD = 8


class Shelter:
    """Where a person sleeps."""

    NONE = 0
    CAMP = 1
    INFORMAL = 2
    FLAT = 3


class People(Table):
    """Columns of everyone now in the system.  Row order carries no meaning; `id` keys every draw."""

    id = Column(np.int64, 0, "", "lasting id: arrival night and number within it")
    origin = Column(np.int8, 0, "", "origin (0 = A, the majority origin of the groups)")
    cash = Column(np.int64, 0, "cents", "cash in hand")
    family_funds = Column(np.int64, 0, "cents", "what the family could still send")
    debt = Column(np.int64, 0, "cents", "unpaid rent and fees; not money")
    creditor = Column(np.int16, -1, "group", "group the debt is owed to")
    outlay = Column(np.int64, 0, "cents", "paid so far to groups and for unaided attempts")
    trust = Column(np.float32, 0.5, "share", "trust in institutions")
    aware = Column(bool, False, "", "knows of humanitarian and legal services")
    frailty = Column(np.float32, 1.0, "", "multiplier of the risk of interception")
    status = Column(np.int8, Status.RESTING, "", "status, see Status")
    shelter = Column(np.int8, Shelter.NONE, "", "shelter, see Shelter")
    camp = Column(np.int16, -1, "camp", "camp slept in, or -1")
    place = Column(np.int8, -1, "staging place", "staging place slept in, or -1")
    landlord = Column(np.int16, -1, "group", "group that lets the flat, or -1")
    corridor = Column(np.int8, 0, "corridor", "corridor headed for")
    client_of = Column(np.int16, -1, "group", "group engaged for the next attempt, -1 without one, or UNAIDED")
    fee = Column(np.int64, 0, "cents", "fee agreed with that group")
    engaged = Column(np.int32, NEVER, "night", "night the group was engaged")
    guarantor = Column(np.int16, -1, "group", "group that was paid to try until the person is across, or -1")
    status_ends = Column(np.int32, NEVER, "night", "night on which the present rest, wait, holding or move ends")
    arrived = Column(np.int32, 0, "night", "night of arrival")
    attempts = Column(np.int16, 0, "attempts", "attempts so far")
    failures = Column(np.int16, 0, "attempts", "attempts that were intercepted")
    pushbacks = Column(np.int16, 0, "pushbacks", "times pushed back")
    last_pushback = Column(np.int32, NEVER, "night", "night of the last pushback")
    tipped_until = Column(np.int32, NEVER, "night", "last night on which an informant's tip exposes the person")
    holder = Column(np.int16, -1, "group", "group that holds the person, or -1")
    demand = Column(np.int64, 0, "cents", "ransom demanded while held")

    @property
    def free(self) -> np.ndarray:
        """Who waits or rests: neither on the way, nor held, moved or through."""
        return self.status <= Status.RESTING

    def leave_bed(self, rows) -> None:
        """People in `rows` (numbers or a mask) sleep nowhere: not in a camp, a flat or a staging place."""
        self.shelter[rows] = Shelter.NONE
        self.camp[rows] = self.place[rows] = self.landlord[rows] = -1

    def evict(self, rows) -> None:
        """Tenants in `rows` (numbers or a mask) lose their flat and stay informally at the same staging place."""
        self.shelter[rows], self.landlord[rows] = Shelter.INFORMAL, -1

    def clear_creditors(self, rows) -> None:
        """People in `rows` who owe nothing have no creditor."""
        self.creditor[rows] = np.where(self.debt[rows] > 0, self.creditor[rows], -1)

    def disengage(self, rows) -> None:
        """The engagements of people in `rows` (numbers or a mask) are over."""
        self.client_of[rows], self.engaged[rows] = -1, NEVER


@with_columns(People)
class Migrant(RowAgent):
    """One person on the move: the Mesa agent of one row of `People`."""
