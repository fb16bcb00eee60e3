"""People on the move: the table of everyone who is in the system, and the Mesa agent of one person."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns

NOT_KNOWN = 1e6  # worth of staying to those who have not chosen yet, so large that none of them gives up
NEVER = -10_000  # a night before any run begins
UNAIDED = -2  # value of `client_of` for a person who tries alone tonight


class Status:
    """The status of a person; people with one of the last four leave the table on the same night.

    These are plain numbers because NumPy takes four times as long to compare a column with a member of an `IntEnum`.
    """

    WAITING = 0
    RESTING = 1
    DISPATCHED = 2  # on an attempt tonight; no person has this status between nights
    HELD = 3
    MOVED = 4
    PROCEDURE = 5
    CROSSED = 6
    LEFT = 7
    DEAD = 8


class Shelter:
    """The kind of shelter in which a person sleeps."""

    NONE = 0
    CAMP = 1
    INFORMAL = 2
    FLAT = 3


class People(Table):
    """One row per person in the system.  The order of rows has no meaning; `id` keys every draw."""

    id = Column(np.int64, 0, "", "permanent id, from the night of arrival and a number within it")
    origin = Column(np.int8, 0, "", "origin (0 = A, the majority origin of the groups)")
    cash = Column(np.int64, 0, "cents", "cash carried")
    family_funds = Column(np.int64, 0, "cents", "money that the family can still send")
    debt = Column(np.int64, 0, "cents", "unpaid rent and fees; not money")
    creditor = Column(np.int16, -1, "group", "group to which the debt is owed, or -1")
    outlay = Column(np.int64, 0, "cents", "paid so far to groups and for unaided attempts")
    trust = Column(np.float32, 0.5, "share", "trust in institutions")
    aware = Column(bool, False, "", "whether the person knows of humanitarian and legal services")
    frailty = Column(np.float32, 1.0, "", "multiplier of the risk of interception")
    status = Column(np.int8, Status.RESTING, "", "see Status")
    shelter = Column(np.int8, Shelter.NONE, "", "see Shelter")
    camp = Column(np.int16, -1, "camp", "camp in which the person sleeps, or -1")
    left_camp = Column(np.int16, -1, "camp", "camp that was left for the last attempt, until shelter is sought, or -1")
    place = Column(np.int8, -1, "staging place", "staging place where the person sleeps, or -1")
    landlord = Column(np.int16, -1, "group", "group that lets the flat, or -1")
    corridor = Column(np.int8, 0, "corridor", "corridor in which the person will try to cross")
    client_of = Column(np.int16, -1, "group", "group engaged for the next attempt, -1 for none, or UNAIDED")
    fee = Column(np.int64, 0, "cents", "fee agreed with the engaged group")
    engaged = Column(np.int32, NEVER, "night", "night on which the group was engaged")
    guarantor = Column(np.int16, -1, "group", "group paid to try until the person has crossed, or -1")
    status_ends = Column(np.int32, NEVER, "night", "night on which the present rest, captivity or move ends")
    resume = Column(np.int32, NEVER, "night", "night on which the rest or wait ends that a move interrupted")
    resumes_rest = Column(bool, False, "", "whether the person who is moved was resting")
    arrived = Column(np.int32, 0, "night", "night of arrival")
    rested = Column(np.int32, 0, "night", "night on which the last rest after arrival, pushback or captivity ends")
    prospects = Column(np.float64, NOT_KNOWN, "utility", "worth of the offer at the last choice, 10⁶ before one")
    attempts = Column(np.int16, 0, "attempts", "attempts so far")
    failures = Column(np.int16, 0, "attempts", "attempts that were intercepted")
    failures_alone = Column(np.int16, 0, "attempts", "attempts without a group that were intercepted")
    failed_by = Column(np.int16, -1, "group", "last group with which an attempt was intercepted, or -1")
    failed_times = Column(np.int16, 0, "attempts", "attempts with it that were intercepted since another group's was")
    pushbacks = Column(np.int16, 0, "pushbacks", "times pushed back")
    last_pushback = Column(np.int32, NEVER, "night", "night of the last pushback")
    tipped_until = Column(np.int32, NEVER, "night", "last night on which an informant's tip exposes the person")
    holder = Column(np.int16, -1, "group", "group that holds the person, or -1")
    demand = Column(np.int64, 0, "cents", "ransom demanded while held")

    @property
    def free(self) -> np.ndarray:
        """Mask (n,) of people who wait or rest, as opposed to those on an attempt, held, moved or about to leave."""
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
    """The Mesa agent of one person on the move."""
