"""Repeated attempts, drop-out, heterogeneity, estimators and stocks against closed forms."""

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.check import Check
from sim.world.draws import Draws
from sim.world.people import Status

# Everybody attempts alone, immediately and repeatedly until across; all sectors are identical.
ALONE = (
    "migrants.unaided_risk=-10", "migrants.unaided_party=1", "migrants.wait_value=-20", "migrants.corridor_value=-20",
    "migrants.frailty_sd=0", "migrants.leave_hazard=0", "migrants.leave_per_failure=0", "migrants.season_year=0",
    "migrants.season_half=0", "migrants.arrival_response=0", "migrants.arrival_network=0", "border.handling_time=0",
    "border.legal_access=0", "border.accident_rate=0", "police.pushback_share=1", "police.death_share=0",
    "police.redeployment=0", "police.joint_work_factor=1", "police.routine_find=0", "police.operation_find=0",
    "gangs.abduction_rate=0", "gangs.bystander_deaths=0", "rules.decoys=none", "warmup=100", "nights=250", "scale=0.5",
)
DENSITY = 48 / 6 / 30  # patrols per km, the same in every corridor once difficulty counts
CHANCE = 0.35  # Massey and Singer's mean
RATE = -np.log(1 - CHANCE)


def exits(*overrides, seed=11) -> dict:
    """Columns of all persons who leave the system in the recorded nights, and stock and arrivals by night."""
    market = Market(configure("fragmented", [*ALONE, f"border.search_rate={RATE / DENSITY}", *overrides]), seed)
    seen = {name: [] for name in ("attempts", "failures", "status", "stay")}
    stock = []

    def watch(world, rows):
        if world.t < 0:
            return
        people = world.people
        for name in ("attempts", "failures", "status"):
            seen[name].append(getattr(people, name)[rows].astype(float))
        seen["stay"].append(world.t - people.arrived[rows].astype(float))
        stock.append(people.n - len(rows))

    market.watchers.append(watch)
    while market.running:
        market.step()
    arrivals = market.record().nights["arrivals"]
    return {name: np.concatenate(parts) for name, parts in seen.items()} | {"stock": np.array(stock),
                                                                            "arrivals": arrivals}


def error(values) -> float:
    """Four standard errors of a mean."""
    return 4 * float(np.std(values, ddof=1) / np.sqrt(len(values)))


def attempts() -> list[Check]:
    """Geometric distribution of attempts: E = 1/(1 − p), P(within k) = 1 − p^k (V12)."""
    values = exits()["attempts"]
    checks = [Check("attempts per crossing, 1/(1−p)", 1 / (1 - CHANCE), values.mean(), error(values))]
    for k in (1, 2, 4):
        within = values <= k
        checks.append(Check(f"across within {k} attempts, 1−p^{k}", 1 - CHANCE**k, within.mean(), error(within)))
    return checks


def dropout() -> list[Check]:
    """With drop-out d after each failure: E = 1/(1 − p(1−d)), P(across) = (1−p)/(1 − p(1−d)) (V13)."""
    d = 0.2
    people = exits(f"police.pushback_share={1 - d}")
    stays = 1 - CHANCE * (1 - d)
    across = people["status"] == Status.CROSSED
    return [Check("attempts per person with drop-out", 1 / stays, people["attempts"].mean(), error(people["attempts"])),
            Check("share across with drop-out", (1 - CHANCE) / stays, across.mean(), error(across))]


def repeat_share(failures) -> tuple[float, float]:
    """Massey and Singer's R/A over exits, and four standard errors of the ratio (delta method)."""
    repeats, ratio = np.maximum(failures - 1, 0), np.maximum(failures - 1, 0).sum() / failures.sum()
    return ratio, 4 * float(np.std(repeats - ratio * failures, ddof=1) / np.sqrt(len(failures)) / failures.mean())


def massey_singer() -> list[Check]:
    """R/A estimates p without drop-out and p(1−d) with it, and is biased upwards by heterogeneity (V14)."""
    d, spread = 0.2, 0.4
    plain = repeat_share(exits()["failures"])
    dropped = repeat_share(exits(f"police.pushback_share={1 - d}")["failures"])
    mixed = repeat_share(exits(f"migrants.frailty_sd={spread}", "nights=400")["failures"])
    p, weight = chances(spread)
    odds = p / (1 - p)
    theory = float((weight * p * odds).sum() / (weight * odds).sum())
    return [Check("R/A without drop-out, p", CHANCE, *plain),
            Check("R/A with drop-out, p(1−d)", CHANCE * (1 - d), *dropped),
            Check("R/A where frailty varies", theory, *mixed)]


def chances(spread):
    """Probabilities of interception on a grid of lognormal frailty (mean 1), and the weights of the grid."""
    z = np.linspace(-5, 5, 4001)
    weight = np.exp(-0.5 * z**2)
    return 1 - np.exp(-RATE * np.exp(spread * z - 0.5 * spread**2)), weight / weight.sum()


def tail() -> list[Check]:
    """Persistent frailty gives an overdispersed tail: P(more than k attempts) = E[p^k] > E[p]^k."""
    spread = 0.8
    values = exits(f"migrants.frailty_sd={spread}", "nights=400")["attempts"]
    p, weight = chances(spread)
    return [Check(f"more than {k} attempts where frailty varies", float(weight @ p**k), (values > k).mean(),
                  error(values > k)) for k in (1, 3, 6)]


def little() -> list[Check]:
    """Little's law: mean stock = arrivals × mean stay (V15), in a stationary run."""
    people = exits("nights=600")
    predicted = people["arrivals"].mean() * people["stay"].mean()
    return [Check("mean stock, arrivals × stay", predicted, people["stock"].mean(), 0.02 * predicted)]


def arrivals() -> list[Check]:
    """Poisson arrivals: mean and variance λ without seasonality."""
    counts = exits("nights=600")["arrivals"]
    mean = 300 * 0.5
    spread = (counts - counts.mean()) ** 2
    return [Check("arrivals a night, λ", mean, counts.mean(), error(counts)),
            Check("variance of arrivals, λ", mean, spread.mean(), error(spread))]


def holling() -> list[Check]:
    """Holling's type II response: P = 1 − exp(−φ (K/L) / (1 + φ h m/L)) with m parties in a sector."""
    h = 0.2
    market = Market(configure("fragmented", [*ALONE, "border.search_rate=8", f"border.handling_time={h}",
                                             "nights=120"]), 5)
    tried, across = np.zeros(3), np.zeros(3)

    def watch(world, _):
        if world.t >= 0:
            for c, name in enumerate(world.places.corridors):
                tried[c] += world.counts[f"attempts_{name}"]
                across[c] += world.counts[f"crossings_{name}"]

    market.watchers.append(watch)
    while market.running:
        market.step()
    border, world = market.p.border, market.world
    length, sectors = np.asarray(border.sector_length) * market.p.scale, np.asarray(border.sectors)
    parties = tried / market.p.nights / sectors
    units = np.bincount(world.units.corridor[~world.units.interior], minlength=3) / sectors
    rate = border.search_rate * units / length * np.asarray(border.difficulty)
    chance = 1 - np.exp(-rate / (1 + border.search_rate * h * parties / length))
    caught = 1 - across / tried
    return [Check(f"share stopped under crowding, corridor {c + 1}", chance[c], caught[c],
                  4 * np.sqrt(chance[c] * (1 - chance[c]) / tried[c]) + 0.01) for c in range(3)]


def draws() -> list[Check]:
    """Keyed draws: mean 1/2, variance 1/12, no correlation between keys."""
    u, v = (Draws(1).uniform("verify", 0, np.arange(400_000), k) for k in (0, 1))
    n = len(u)
    return [Check("mean of draws", 0.5, u.mean(), 4 * np.sqrt(1 / 12 / n)),
            Check("variance of draws", 1 / 12, u.var(), 4 * np.sqrt(1 / 180 / n)),
            Check("correlation of draws under two keys", 0.0, np.corrcoef(u, v)[0, 1], 4 / np.sqrt(n))]


LIMITS = {"attempts": attempts, "dropout": dropout, "massey_singer": massey_singer, "tail": tail, "little": little,
          "arrivals": arrivals, "holling": holling, "draws": draws}
