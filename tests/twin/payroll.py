"""Rotation of officers and teams on a payroll (submodels.md, step 15)."""

from tests.twin.draws import cents
from tests.twin.first_night import new_officer
from tests.twin.money import groups_pay_together
from tests.twin.ownership import together


def teams(model):
    """Interior teams."""
    return [unit for unit in model.units if unit.corridor is None]


def rotation(model):
    """Units change hands."""
    for unit in model.units:
        if model.uniform("rotation", model.t, unit.id) < 1 / model.p.police.rotation_nights:
            new_officer(model, unit, model.t)


def payroll(model):
    """Weekly offers, nightly bills."""
    if model.t % 7 == 0:
        make_offers(model)
    for group in model.groups:  # a group that has ended pays nothing, and its teams stop
        served_by = [team for team in teams(model) if team.serves is group]
        if not served_by:
            continue
        bill = sum(cents(team.threshold / 30) for team in served_by)
        if groups_pay_together(model, group, bill, "payroll", "bribe") < bill:
            for team in served_by:
                team.serves = None


def make_offers(model):
    """Teams serve the group whose raid losses make it offer most, if that is enough."""
    interior = teams(model)
    best, most = None, 0.0
    for group in model.active():
        lost = sum(other.raid_loss for other in together(model, "bribe", group))
        offer = 30 * lost / len(interior) * model.p.police.payroll_effect
        if offer > most:
            best, most = group, offer
    for team in interior:
        team.serves = best if best is not None and team.threshold <= most else None
