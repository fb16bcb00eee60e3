"""Posts: the share of each group's guides and drivers that stands at each corridor (M22).

`world.posts` (J, C) holds shares that sum to 1 over corridors.  Members who join or leave a group change its number of
guides and drivers; its shares change where police arrest them and where owners move them.
"""

import numpy as np

from sim.world.derived import corridor_turf
from sim.world.presence import freedom


def opening_posts(world) -> np.ndarray:
    """Posts on the first night (J, C): in proportion to people who arrive there and the appeal of the group's turf."""
    p, turf = world.p, corridor_turf(world).T
    arriving = np.broadcast_to(np.asarray(p.border.corridor_shares, float), turf.shape)
    appeal = arriving * turf**p.migrants.turf_visibility
    return with_floor(shares(appeal, otherwise=arriving), p.gangs.post_floor)


def shares(weight, otherwise) -> np.ndarray:
    """Weights (J, C) divided by their sums over corridors; where a sum is 0, the row of `otherwise`."""
    total = weight.sum(axis=1, keepdims=True)
    return np.where(total > 0, weight / np.where(total > 0, total, 1.0), otherwise)


def with_floor(posts, floor) -> np.ndarray:
    """Posts (J, C) of which none is below `floor` before the shares of each group are divided by their sum."""
    raised = np.maximum(posts, floor)
    return raised / raised.sum(axis=1, keepdims=True)


def crew(groups) -> np.ndarray:
    """Guides and drivers of each group (J,), persons."""
    return groups.guides + groups.drivers


def guides_there(world) -> np.ndarray:
    """Guides of all groups who stand at each corridor (C,), persons."""
    return world.groups.guides @ world.posts


def drivers_there(world) -> np.ndarray:
    """Drivers of active groups who can work at each corridor tonight (C,), persons."""
    groups = world.groups
    return (groups.drivers * groups.active) @ world.posts * freedom(world)


def chance_of_a_driver(world) -> np.ndarray:
    """Chance that a person who was moved finds a driver back to each corridor tonight (C,)."""
    opening = world.drivers_at_opening
    share = np.divide(drivers_there(world), opening, out=np.ones(len(opening)), where=opening > 0)
    return np.minimum(share, 1.0) ** world.p.police.return_needs_drivers


def newcomers_posts(world) -> np.ndarray:
    """Posts of a newcomer (C,): those of all guides and drivers of active groups together."""
    there = (crew(world.groups) * world.groups.active) @ world.posts
    return there / there.sum() if there.sum() > 0 else np.asarray(world.p.border.corridor_shares, float)


def lose(world, left, lost, worth) -> None:
    """Guides and drivers are arrested at corridors: posts and earnings follow.

    left (J, C): weights of those who remain; lost (J, C): persons; worth (J,): cost of losing one, EUR.
    """
    world.posts = shares(left, otherwise=world.posts)
    world.earnings -= world.p.gangs.prize_learning * worth[:, None] * lost
