"""The ownership map: the owner of each decision of each group.

Every decision has one array with an owner per group.  Owner j < groups is group j itself; owner
`groups + o` is organisation o.  A rule maximises the joint profit of the groups with the same owner and uses no
other information on organisations; a lever changes these arrays and nothing else.
"""

from typing import NamedTuple

import numpy as np

DECISIONS = ("price", "stages", "dispatch", "decoy", "conflict", "bribe", "arms", "restraint", "recruit", "transfer",
             "placebo")

# "stages": fees of a group's houses and carriers (M21); where the group stands there, they set them for themselves.
# lever: decisions it hands to the organisation.  `placebo` is read by no rule: its effect must be exactly nothing.
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
    """The K distinct owners of a decision, in order of number."""

    number: np.ndarray  # (K,)
    group: np.ndarray  # (K,) the first of each one's groups


def owner_id(owner: int, groups: int) -> str:
    """Neutral id of an owner by number, G1… or O1…, in a model with so many groups."""
    return f"G{owner + 1}" if owner < groups else f"O{owner - groups + 1}"


class Ownership:
    """Owner arrays of all decisions, and derived matrices that are cached until an owner changes."""

    def __init__(self, groups: int, organisations: int):
        self.groups, self.organisations = groups, organisations
        self.owner = {decision: np.arange(groups) for decision in DECISIONS}
        self._known = {}

    def matrix(self, decision: str) -> np.ndarray:
        """The ownership matrix of a decision: which groups have the same owner (groups × groups, bool).

        As in Berry, Levinsohn and Pakes (1995, Econometrica 63:841) and Nevo (2001, Econometrica 69:307).
        """
        owner = self.owner[decision]
        return self._know("matrix", decision, lambda: owner[:, None] == owner[None, :])

    def owners(self, decision: str) -> Owners:
        """The distinct owners of a decision."""
        return self._know("owners", decision, lambda: Owners(*np.unique(self.owner[decision], return_index=True)))

    def _know(self, what, decision, find):
        """The value of `find()`, computed again only after an owner has changed."""
        if (what, decision) not in self._known:
            self._known[what, decision] = find()
        return self._known[what, decision]

    def give(self, decision: str, group: int, owner: int) -> None:
        """Hand one group's decision to an owner."""
        self.owner[decision][group] = owner
        self._known.clear()

    def release(self, group: int) -> None:
        """Return all decisions of a group to the group itself."""
        for decision in DECISIONS:
            self.give(decision, group, group)

    def copy(self, group: int, of: int) -> None:
        """Give `group` the owners of group `of`; a decision that `of` owns itself goes to `group` itself."""
        for decision in DECISIONS:
            owner = self.owner[decision][of]
            self.give(decision, group, group if owner == of else owner)

    def organisation(self, decision: str) -> np.ndarray:
        """Index of the organisation that owns each group's decision, or -1."""
        return np.where(self.owner[decision] >= self.groups, self.owner[decision] - self.groups, -1)

    def controlled(self) -> np.ndarray:
        """Mask of groups (J,) with at least one decision, placebo excepted, owned by an organisation."""
        return self._know("controlled", None, lambda: np.any(
            [self.owner[d] >= self.groups for d in DECISIONS if d != "placebo"], axis=0))

    def label(self, decision: str, group: int) -> str:
        """Neutral id of an owner: G1… or O1…."""
        return owner_id(self.owner[decision][group], self.groups)
