"""Groups that take people across the border, and organisations that may own decisions of groups."""

import numpy as np

from sim.world.columns import Column, RowAgent, Table, with_columns

ROLES = ("guides", "drivers", "fixers", "fighters")


class Groups(Table):
    """One row per group; rows are never removed.

    A group that ends leaves its row inactive, and a new group takes an inactive row.
    """

    id = Column(np.int64, 0, "", "row; G1 is 0")
    active = Column(bool, False, "", "whether the group operates")
    affine = Column(bool, False, "", "whether its origin is the one that an organisation recruits from")
    origin = Column(np.int8, 0, "", "origin of its members and first clients")
    guides = Column(np.int32, 0, "persons", "members who take people across")
    drivers = Column(np.int32, 0, "persons", "members who drive people to the border")
    fixers = Column(np.int32, 0, "persons", "members who keep flats")
    fighters = Column(np.int32, 0, "persons", "members who hold turf")
    weapons = Column(np.int32, 0, "rifles", "rifles")
    treasury = Column(np.int64, 0, "cents", "money")
    price = Column(np.float64, 0.0, "EUR", "posted price of a crossing")
    stage_fees = Column(np.float64, 0.0, "EUR", "part of the price that independent houses and carriers take")
    probe = Column(np.float64, 0.0, "log", "deviation of the posted price from its owner's best guess")
    probe_profit = Column(np.float64, 0.0, "EUR", "its owner's profit during the opposite deviation")
    shadow_cost = Column(np.float64, 0.0, "EUR", "value of one place in tonight's parties when places are scarce")
    administration = Column(np.float64, 0.0, "share", "share of gross income lost inside an organisation")
    exposure = Column(np.float64, 1.0, "", "multiplier of the chance that an arrested suspect belongs to the group")
    brand = Column(np.float64, 0.0, "share", "use of a borrowed name and symbols")
    skill = Column(np.float64, 0.0, "", "reduction of the logarithm of the interception rate by its guides")
    patience = Column(np.float64, 0.5, "", "discount factor with which its owner values future peace")
    intensity = Column(np.float64, 0.5, "share", "intensity of extortion chosen by its owner")
    bribe = Column(np.float64, 0.0, "EUR", "bribe per crossing offered to a patrol")
    demand = Column(np.float64, 0.0, "persons / night", "engagements, running mean")
    success = Column(np.float64, 0.3, "share", "clients brought across per attempt, running mean")
    profit = Column(np.float64, 0.0, "EUR / night", "profit, running mean")
    raid_loss = Column(np.float64, 0.0, "EUR / night", "worth of members and rifles lost to police, running mean")
    losses = Column(np.float64, 0.0, "persons", "members lost in clashes, decaying count")
    weak_nights = Column(np.int32, 0, "nights", "nights in a row with too few members")
    week_profit = Column(np.int64, 0, "cents", "profit since the last settlement with owners")

    # Columns that `open` keeps: traits of the row, and money, which only the ledger moves.
    KEPT = ("id", "skill", "patience", "treasury")

    @property
    def members(self) -> np.ndarray:
        """Members of each group in all roles (J,), persons."""
        return self.guides + self.drivers + self.fixers + self.fighters

    def open(self, row: int, **values) -> None:
        """Start a new group in a row: every column except those `KEPT` takes the given value or else its default.

        Raises TypeError for a value of an unknown or kept column.
        """
        for column in self.columns():
            if column.name not in self.KEPT:
                getattr(self, column.name)[row] = values.pop(column.name, column.default)
        if values:
            raise TypeError(f"{type(self).__name__} has no column to open with: {', '.join(values)}")


class Organisations(Table):
    """Organisations, which may own decisions of groups; with every lever off they own none."""

    id = Column(np.int64, 0, "", "row; O1 is 0")
    treasury = Column(np.int64, 0, "cents", "money")
    influence = Column(np.float64, 0.0, "share", "share of active groups with any decision owned")


@with_columns(Groups)
class Gang(RowAgent):
    """The Mesa agent of one group."""


@with_columns(Organisations)
class Organisation(RowAgent):
    """The Mesa agent of one organisation."""


Gang.members = property(lambda gang: gang.guides + gang.drivers + gang.fixers + gang.fighters)
