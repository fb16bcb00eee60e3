"""M15 structure: groups settle with owners, join and leave organisations, enter, end and split.

Every night groups close their accounts.  Weekly they settle with owners (`accounts`), an organisation makes offers and
groups leave it (`takeover`, with the terms of `bargain`), newcomers and outside buyers come (`entry`), and groups whose
leader was arrested may split; a group that has too few members for many nights ends (`endings`).
"""

from sim.rules.structure.accounts import administer, close_accounts, settle_with_owners
from sim.rules.structure.endings import close, split
from sim.rules.structure.entry import enter
from sim.rules.structure.takeover import defect, succeed, take_over
from sim.world.calendar import ACCOUNTS, is_weekly


def restructure(world) -> None:
    """Groups close their accounts; weekly they settle with owners, join or leave organisations, enter and split."""
    administer(world)
    close_accounts(world)
    if is_weekly(world.t, ACCOUNTS):
        settle_with_owners(world)
        take_over(world)
        defect(world)
        succeed(world)
        enter(world)
        split(world)
    close(world)


RULES = {"weekly": restructure}
