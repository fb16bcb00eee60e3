"""People who stop by value and arrivals that answer, against closed forms, and what a border that answers must show."""

import numpy as np
from scipy.special import expit

from sim.market import Market
from sim.registry.configuration import configure
from sim.registry.ranges import value_at, varied
from sim.verify.check import Check
from sim.verify.people import error, exits
from sim.verify.whole import SMALL, differing, play
from sim.world.draws import Draws, poisson_quantile

# Nobody can pay a group or dares to go alone, so that waiting is all that is on offer, from the night after arrival on.
WAITING = ("migrants.unaided_risk=20", "migrants.cash_median=0", "migrants.means_median=0", "migrants.first_delay=1",
           "migrants.delay_thickness=0", "migrants.impatience=0", "migrants.camp_comfort=0", "migrants.support=0",
           "warmup=200", "nights=100", "scale=0.2")
# Settings at which every term of stopping by value, answering arrivals and networks vanishes.
NO_ANSWER = ("migrants.stopping_rate=0", "migrants.leave_per_failure=0.0012", "migrants.arrival_response=0",
             "migrants.arrival_network=0", "migrants.delay_thickness=0", "camps.own_camp=0")


def stopping() -> list[Check]:
    """Nights until people give up, to whom staying is worth V less ω for every night ready.

    They choose on the night after arrival and compare from the next on: E = 1 + Σ_k Π_{i ≤ k} (1 − h₁ Λ((V_out − V + ω
    i)/σ)).
    """
    rate, outside, worth, scale = 0.08, 0.6, 0.3, 0.4
    checks = []
    for loss in (0.0, 0.05):
        stays = exits(*WAITING, f"migrants.stopping_rate={rate}", f"migrants.outside_value={outside}",
                      f"migrants.wait_value={worth}", f"migrants.stopping_scale={scale}",
                      f"migrants.waiting_loss={loss}")["stay"]
        hazard = rate * expit((outside - worth + loss * np.arange(1, 2000)) / scale)
        expected = 2 + np.cumprod(1 - hazard).sum()
        checks.append(Check(f"nights until people give up, ω = {loss:g}", expected, stays.mean(), error(stays)))
    return checks


def unchanged_news() -> list[Check]:
    """Without response and network the season alone sends people; where nothing answers, no other key matters."""
    plain = play("status_quo", *NO_ANSWER)
    world, nights = plain.world, range(plain.p.nights)
    season = np.array([world.calendar.season(t) for t in nights])
    drawn = np.array([world.draws.one("arrivals", t) for t in nights])
    sent = poisson_quantile(drawn, plain.p.migrants.arrivals * plain.p.scale * season)
    record = plain.record()
    others = ("migrants.arrival_cap=9", "migrants.news_delay=3", "migrants.news_memory=0.5", "migrants.outside_value=3",
              "migrants.stopping_scale=0.1", "migrants.waiting_loss=0")
    other = play("status_quo", *NO_ANSWER, *others).record()
    for nightly in (record.nights, other.nights):
        del nightly["worth_of_staying"]  # it is recorded, and heeded by nobody
    return [Check("nights with other arrivals than the season sends", 0,
                  float(np.count_nonzero(record.nights["arrivals"] != sent)), 0),
            Check("people who turned back before arriving", 0, record.run["not_arrived"], 0),
            Check("columns that differ by keys of answers that are off", 0, differing(record, other), 0)]


SHOCK, AFTER = 30, 60  # nights of a shock, and nights after its end by which it must be gone
SETTLED = 30  # nights over which people and attempts are compared then


def shock() -> list[Check]:
    """A month in which a tenth of the people come is gone two months later, at default parameters."""
    words = ("scale=0.15", "warmup=100", f"nights={30 + SHOCK + AFTER + SETTLED}", "migrants.season_year=0",
             "migrants.season_half=0", "gangs.entry=0", "gangs.split_chance=0", "police.routine_find=0",
             "police.heat_threshold=1000000", "camps.closures=[]")
    dated = f"migrants.shocks=[{{date: 2023-01-31, nights: {SHOCK}, factor: 0.1}}]"
    names = ("arrivals", "attempts", "interceptions", "people")
    ratios = {name: [] for name in names}
    during = []
    for seed in range(8):
        plain, shocked = (play("status_quo", *words, *more, seed=seed).record().nights for more in ((), (dated,)))
        for name in names:
            ratios[name].append(shocked[name][-SETTLED:].sum() / plain[name][-SETTLED:].sum())
        month = slice(30, 30 + SHOCK)
        during.append(shocked["arrivals"][month].sum() / plain["arrivals"][month].sum())
    return [Check("arrivals in the month of a shock, ratio", 0.1, float(np.mean(during)), 0.02),
            *(Check(f"{name} two months after a month's shock, ratio", 1.0, float(np.mean(r)), 0.1)
              for name, r in ratios.items())]


# The prior over which a lasting presence of patrols is asked for the sign of what it does.
ASKED = ("migrants.arrival_response", "migrants.arrival_network", "migrants.arrival_cap", "migrants.news_delay",
         "migrants.news_memory", "migrants.stopping_rate", "migrants.stopping_scale", "migrants.outside_value",
         "migrants.waiting_loss", "migrants.value_of_success", "migrants.wait_value", "migrants.price_sensitivity",
         "border.search_rate", "police.pushback_share")
DRAWS = 16  # of the prior, one pair of runs each
LATER = slice(90, 180)  # nights of the record in which the two runs of a pair are compared


def answers() -> list[Check]:
    """Attempts and interceptions answer to half as many patrols again, kept up, with both signs over the prior."""
    changes = {name: [] for name in ("attempts", "interceptions")}
    for number in range(DRAWS):
        plain, stricter = (enforced(number, extra) for extra in (0.0, 0.5))
        for name, change in changes.items():
            change.append(np.log(stricter[name][LATER].sum() / plain[name][LATER].sum()))
    return [Check(f"share of {DRAWS} draws in which {name} fall when patrols are added, neither 0 nor 1", 0.5,
                  float(np.mean(np.array(change) < 0)), 0.5 - 0.5 / DRAWS) for name, change in changes.items()]


def enforced(number: int, extra: float) -> dict:
    """Nights of a run at one draw of the prior, with a share of `extra` patrols everywhere from night 1 on."""
    luck = Draws(20231027)
    drawn = [f"{entry.key}={value_at(entry, luck.one(entry.key, 0, number))}" for entry in varied(ASKED)]
    words = ("scale=0.08", "warmup=100", f"nights={LATER.stop}", "gangs.entry=0", "police.operation_find=0",
             "police.crackdown_from=2023-01-02", f"police.crackdown_nights={LATER.stop}",
             f"police.crackdown_patrols=[{extra},{extra},{extra}]")
    market = Market(configure("status_quo", [*SMALL, *drawn, *words]), 8 + number)
    while market.running:
        market.step()
    return market.record().nights


LIMITS = {"stopping": stopping, "unchanged_news": unchanged_news, "shock": shock, "answers": answers}
LASTING = ("answers",)  # takes minutes
