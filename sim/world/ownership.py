"""The ownership map: the owner of each decision of each group.

Every decision has one array with an owner per group.  Owner j < groups is group j itself, and owner `groups + k` is
organisation k.  A rule maximises the joint profit of the groups with the same owner and uses no other information on
organisations; a lever changes these arrays and nothing else.
"""

from typing import NamedTuple

import numpy as np

DECISIONS = ("price", "stages", "dispatch", "decoy", "conflict", "bribe", "arms", "restraint", "recruit", "transfer",
             "placebo")

# The decision "stages" sets the fees of a group's houses and carriers (M21); houses and carriers set them independently
# unless an organisation owns both "stages" and "price".

# For each lever, the decisions that it hands to the organisation.  No rule reads `placebo`, whose effect must be zero.
LEVERS = {
    "joint_pricing": ("price", "stages"),
    "joint_dispatch": ("dispatch",),
    "coordinated_decoys": ("decoy",),
    "internal_peace": ("conflict",),
    "pooled_finance": ("bribe", "arms"),
    "joint_restraint": ("restraint",),
    "recruitment_pipeline": ("recruit",),
    "skim": ("transfer",),
    "placebo": ("placebo",),
}


class Owners(NamedTuple):
    """The K distinct owners of a decision, in ascending order."""

    number: np.ndarray  # (K,) number of each owner
    group: np.ndarray  # (K,) the first group of each owner


def owner_id(owner: int, groups: int) -> str:
    """Neutral id of an owner in a model with `groups` groups: G1, G2 … for groups and O1, O2 … for organisations."""
    return f"G{owner + 1}" if owner < groups else f"O{owner - groups + 1}"


class Ownership:
    """Owner arrays of all decisions, and derived matrices that are cached until an owner changes."""

    def __init__(self, groups: int, organisations: int):
        self.groups, self.organisations = groups, organisations
        self.owner = {decision: np.arange(groups) for decision in DECISIONS}
        self._known = {}

    def matrix(self, decision: str) -> np.ndarray:
        """The ownership matrix of a decision: whether two groups have the same owner, bool (J, J).

        It is used as in Berry, Levinsohn and Pakes (1995, Econometrica 63:841) and Nevo (2001, Econometrica 69:307).
        """
        owner = self.owner[decision]
        return self._cached("matrix", decision, lambda: owner[:, None] == owner[None, :])

    def owners(self, decision: str) -> Owners:
        """The distinct owners of a decision."""
        return self._cached("owners", decision, lambda: Owners(*np.unique(self.owner[decision], return_index=True)))

    def _cached(self, what, decision, compute):
        """The value of `compute()`, which is computed again only after an owner has changed."""
        if (what, decision) not in self._known:
            self._known[what, decision] = compute()
        return self._known[what, decision]

    def give(self, decision: str, group: int, owner: int) -> None:
        """Make `owner` the owner of one decision of a group."""
        self.owner[decision][group] = owner
        self._known.clear()

    def release(self, group: int) -> None:
        """Return all decisions of a group to the group itself."""
        for decision in DECISIONS:
            self.give(decision, group, group)

    def copy(self, group: int, of: int) -> None:
        """Give `group` the same owners as group `of`; decisions that `of` owns itself are owned by `group` itself."""
        for decision in DECISIONS:
            owner = self.owner[decision][of]
            self.give(decision, group, group if owner == of else owner)

    def organisation(self, decision: str) -> np.ndarray:
        """Index of the organisation that owns the decision of each group (J,), or -1."""
        return np.where(self.owner[decision] >= self.groups, self.owner[decision] - self.groups, -1)

    def controlled(self) -> np.ndarray:
        """Mask of groups (J,) with at least one decision, placebo excepted, owned by an organisation."""
        return self._cached("controlled", None, lambda: np.any(
            [self.owner[d] >= self.groups for d in DECISIONS if d != "placebo"], axis=0))

    def label(self, decision: str, group: int) -> str:
        """Neutral id of the owner of a group's decision, see `owner_id`."""
        return owner_id(self.owner[decision][group], self.groups)
