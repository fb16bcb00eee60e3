"""Where guides and drivers stand, and relocation (submodels.md, The first night and Staffing)."""

from tests.twin.draws import cents
from tests.twin.money import group_pays
from tests.twin.ownership import owners


def crew(group):
    """m_j: guides and drivers."""
    return group.guides + group.drivers


def to_shares(posts, otherwise):
    """Divided by the sum; something else if that is 0."""
    everyone = sum(posts)
    return [a / everyone for a in posts] if everyone > 0 else list(otherwise)


def floored(model, posts):
    """Nobody gives a corridor up for good."""
    return to_shares([max(a, model.p.gangs.post_floor) for a in posts], posts)


def set_up(model):
    """Posts follow corridor shares and turf; no earnings, no presence, drivers at the opening."""
    shares, power = model.p.border.corridor_shares, model.p.migrants.turf_visibility
    for group in model.groups:
        posts = list(shares)
        if group.active:
            posts = [share * model.corridor_turf(group, c) ** power for c, share in zip(model.corridors, shares)]
        group.posts = floored(model, to_shares(posts, shares))
    model.presence = [0.0 for _ in model.corridors]
    model.opening_drivers = [sum(group.posts[c] * group.drivers for group in model.groups) for c in model.corridors]


def newcomers_posts(model):
    """Where the market's guides and drivers stand."""
    active = model.active()
    there = [sum(group.posts[c] * crew(group) for group in active) for c in model.corridors]
    return to_shares(there, model.p.border.corridor_shares)


def relocate(model):
    """Nightly after pay and hiring."""
    for groups in owners(model, "dispatch").values():
        earned = [earnings_per_member(groups, c) for c in model.corridors]
        for group in groups:
            move(model, group, replicated(model, group.posts, earned))


def earnings_per_member(groups, corridor):
    """pi_oc."""
    standing = sum(group.posts[corridor] * crew(group) for group in groups)
    return sum(group.earnings[corridor] for group in groups) / standing if standing > 0 else 0.0


def replicated(model, posts, earned):
    """a': shares grow where members earn more than on average."""
    mean = sum(a * pi for a, pi in zip(posts, earned))
    size = sum(a * abs(pi) for a, pi in zip(posts, earned))
    speed = model.p.gangs.relocation
    if size > 0:
        posts = [a * (1 + speed * (pi - mean) / size) for a, pi in zip(posts, earned)]
    return floored(model, posts)


def move(model, group, wanted):
    """Those who move cost money; only what is paid for takes place."""
    gangs = model.p.gangs
    change = [new - old for new, old in zip(wanted, group.posts)]
    moving = round(sum(abs(x) for x in change) / 2 * gangs.stationed * crew(group), 9)
    due = cents(moving * gangs.relocation_cost)
    done = group_pays(model, group, due, "operating") / due if due > 0 else 1.0
    group.posts = [old + done * x for old, x in zip(group.posts, change)]
    model.tally["relocated"] += done * moving


def stand(group, left):
    """Those left stand as they stood."""
    group.posts = to_shares(left, group.posts)


def miss(model, group, taken, per_member):
    """Earnings at corridors feel that members were taken there."""
    for c in model.corridors:
        group.earnings[c] -= model.p.gangs.prize_learning * per_member * taken[c]
