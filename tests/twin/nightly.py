"""What the twin records of a night: the names of the main model's columns."""

import math

from tests.twin.agents import ENDED
from tests.twin.news import worth_of_staying
from tests.twin.ownership import controlled
from tests.twin.payroll import teams

EVENTS = (  # noqa: SIM905
    "arrivals choosing unserved attempts attempts_aided attempts_unaided attempts_recorded interceptions "
    "bribed_passages crossings pushbacks procedures left clashes clashes_reported fighters_killed "
    "deaths_authorities deaths_groups deaths_clashes deaths_environment deaths_drowning deaths_vehicle "
    "deaths_exposure deaths_other injuries_authorities injuries_groups "
    "injuries_clashes abductions abductions_collateral abductions_predatory released_paid released_unpaid "
    "found_and_moved suspects_arrested guides_arrested weapons_seized operations operation officers_attacked "
    "takeovers defections entries exits splits networks_bought pipeline_arrivals not_arrived kept_back relocated"
).split()
FLOWS = (  # noqa: SIM905
    "brought remitted taken_along fee retry transport rent ransom unaided goods_lost operating holding decoys wages "
    "administration arms toll payroll skim draw spent entry purchase backing joining"
).split()


def record_night(model):
    """One night's row."""
    people, active = [x for x in model.people if x.status not in ENDED], model.active()
    row = {"night": model.t}
    row |= {name: model.tally[name] for name in EVENTS}
    for name in model.p.border.corridors:
        row[f"attempts_{name}"] = model.tally[f"attempts_{name}"]
        row[f"crossings_{name}"] = model.tally[f"crossings_{name}"]
    for c, name in enumerate(model.p.border.corridors):
        row[f"presence_{name}"] = model.presence[c]
        row[f"guides_{name}"] = sum(group.guides * group.posts[c] for group in model.groups)
    worths = [worth_of_staying(model, person) for person in people if person.present and person.worth is not None]
    row["worth_of_staying"] = sum(worths) / len(worths) if worths else math.nan
    shares = model.p.migrants.origin_shares
    row["arrival_answer"] = sum(z * f for z, f in zip(shares, model.answer)) / sum(shares)
    row["people"] = len(people)
    for status in ("waiting", "resting", "held", "moved"):
        row[status] = sum(person.status == status for person in people)
    row["in_camp"] = sum(person.shelter == "camp" for person in people)
    row["informal"] = sum(person.shelter == "informal" for person in people)
    row["flat"] = sum(person.shelter == "flat" for person in people)
    row["unsheltered"] = sum(person.shelter is None and person.present for person in people)
    row["camps_open"] = sum(camp.open for camp in model.camps)
    row["indebted"] = sum(person.debt > 0 for person in people)
    row["groups_active"] = len(active)
    row["controlled"] = sum(controlled(model, group) for group in model.groups)
    been = [group for group in active if group.been_under]
    first = model.organisations[0].id
    row["organisation_whole"] = int(bool(been) and all(first in group.owner.values() for group in been))
    row["pairs_at_war"] = sum(war for (a, b), war in model.war.items() if a < b)
    row["price_mean"] = mean_by_demand(active, "price")
    row["intensity"] = mean_by_demand(active, "intensity")
    row["hhi_clients"] = concentration([group.demand for group in active])
    row["hhi_turf"] = concentration([sum(group.turf[: model.sector_count]) for group in active])
    row["members"] = sum(group.members for group in active)
    row["guides"] = sum(group.guides for group in active)
    row["fighters"] = sum(group.fighters for group in active)
    row["weapons"] = sum(group.weapons for group in model.groups)
    row["on_payroll"] = sum(team.serves is not None for team in teams(model))
    row["heat"] = model.heat
    row["prison_serbia"] = model.prison_serbia
    row["prison_hungary"] = model.prison_hungary
    row["labour_pool"] = model.labour_pool
    row["trust"] = sum(person.trust for person in people) / len(people) if people else 0.0
    row |= {f"flow_{name}": model.flows[name] / 100 for name in FLOWS}
    row["balance_people"] = sum(person.cash for person in model.people) / 100
    row["balance_groups"] = sum(group.treasury for group in model.groups) / 100
    row["balance_organisations"] = sum(organisation.treasury for organisation in model.organisations) / 100
    return row


def mean_by_demand(active, name):
    """Mean over groups, weighted by running demand."""
    weight = sum(group.demand for group in active)
    return sum(group.demand * getattr(group, name) for group in active) / weight if weight > 0 else 0.0


def concentration(sizes):
    """Herfindahl index."""
    total = sum(sizes)
    return sum((size / total) ** 2 for size in sizes) if total > 0 else 0.0
