"""Groups that take people across, and organisations that may come to own their decisions."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns

ROLES = ("guides", "drivers", "fixers", "fighters")


class Groups(Table):
    """One row per group, for good: a group that ends leaves its row inactive, an entrant takes a free one."""

    id = Column(np.int64, 0, "", "row; G1 is 0")
    active = Column(bool, False, "", "in business")
    affine = Column(bool, False, "", "of the origin an organisation appeals to")
    origin = Column(np.int8, 0, "", "origin of its members and first clients")
    guides = Column(np.int32, 0, "persons", "members who take people across")
    drivers = Column(np.int32, 0, "persons", "members who drive people to the border")
    fixers = Column(np.int32, 0, "persons", "members who keep flats")
    fighters = Column(np.int32, 0, "persons", "members who hold turf")
    weapons = Column(np.int32, 0, "rifles", "rifles")
    treasury = Column(np.int64, 0, "cents", "money")
    price = Column(np.float64, 0.0, "EUR", "posted price of a crossing")
    stage_fees = Column(np.float64, 0.0, "EUR", "part of the price that independent houses and carriers take")
    probe = Column(np.float64, 0.0, "log", "how far the posted price is off what its owner holds best, to learn")
    probe_profit = Column(np.float64, 0.0, "EUR", "its owner's profit while the price was off on the other side")
    shadow_cost = Column(np.float64, 0.0, "EUR", "value of a scarce place in tonight's parties")
    administration = Column(np.float64, 0.0, "share", "share of gross income lost inside an organisation")
    exposure = Column(np.float64, 1.0, "", "multiplier of the chance that a suspect found belongs to the group")
    brand = Column(np.float64, 0.0, "share", "use of a borrowed name and symbols")
    skill = Column(np.float64, 0.0, "", "log reduction of the interception rate by its guides")
    patience = Column(np.float64, 0.5, "", "discount factor in keeping peace")
    standing = Column(np.float64, 0.0, "log", "reputed strength beyond what can be seen, learned from clashes")
    disarray = Column(np.float64, 0.0, "share", "fighting strength lost since a leader's arrest")
    intensity = Column(np.float64, 0.5, "share", "intensity of extortion chosen by its owner")
    bribe = Column(np.float64, 0.0, "EUR", "toll offered to a patrol")
    demand = Column(np.float64, 0.0, "persons / night", "engagements, running mean")
    success = Column(np.float64, 0.3, "share", "clients brought across per attempt, running mean")
    profit = Column(np.float64, 0.0, "EUR / night", "profit, running mean")
    raid_loss = Column(np.float64, 0.0, "EUR / night", "worth of members and rifles lost to police, running mean")
    client_worth = Column(np.float64, 0.0, "EUR", "its part in the worth of a person present, running mean")
    fares = Column(np.float64, 0.0, "EUR", "paid by clients for the ride to the border per attempt, running mean")
    losses = Column(np.float64, 0.0, "persons", "members lost in clashes, decaying count")
    weak_nights = Column(np.int32, 0, "nights", "nights in a row with too few members")
    organised = Column(bool, False, "", "has been under organisation O1, or split from a group that had")
    bound_until = Column(np.int32, -1_000_000, "night", "bound to its organisation by a lump sum until then")
    week_profit = Column(np.int64, 0, "cents", "profit since the last settlement with owners")

    KEPT = ("id", "skill", "patience", "treasury")  # by `open`: traits of the row, and money, which the ledger moves

    @property
    def members(self):
        return self.guides + self.drivers + self.fixers + self.fighters

    def open(self, row: int, **values) -> None:
        """A new group in a row: every column but those `KEPT` takes the given value, or its default."""
        for column in self.columns():
            if column.name not in self.KEPT:
                getattr(self, column.name)[row] = values.pop(column.name, column.default)
        if values:
            raise TypeError(f"{type(self).__name__} has no column to open with: {', '.join(values)}")


def largest_party(size: int) -> int:
    """Most persons who travel together where a full party has `size`: n people make n/size parties, rounded."""
    return 3 * size // 2


class Organisations(Table):
    """Those who may own decisions of groups; with no lever on they own nothing."""

    id = Column(np.int64, 0, "", "row; O1 is 0")
    treasury = Column(np.int64, 0, "cents", "money")
    backing = Column(np.int64, 0, "cents", "money that it can still get from outside")
    influence = Column(np.float64, 0.0, "share", "share of active groups with any decision owned")


@with_columns(Groups)
class Gang(RowAgent):
    """One group."""


@with_columns(Organisations)
class Organisation(RowAgent):
    """One organisation."""


Gang.members = property(lambda gang: gang.guides + gang.drivers + gang.fixers + gang.fighters)
