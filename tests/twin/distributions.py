"""Do model and twin have the same distributions when they share no draw?

python -m tests.twin.distributions --seeds N --scale S --nights T --out FILE.csv

The main model runs on its keyed draws, the twin on its own streams and other seeds. Per outcome: both means, the
relative difference with its 90 % interval (equivalent within 3 % iff the interval lies inside: two one-sided tests at
5 %), and a permutation test of the energy distance (Holm over all outcomes).
"""

import argparse
import csv
import math
import multiprocessing
import time

import numpy as np
from scipy import stats

from sim.market import Market
from sim.registry.configuration import configure
from tests.twin.model import Twin

MARGIN = 0.03
PERMUTATIONS = 4999


def total(name):
    """Sum of a column over the nights."""
    return lambda columns: float(np.sum(columns[name]))


def mean(name):
    """Mean of a column over the nights."""
    return lambda columns: float(np.mean(columns[name]))


def last(name):
    """A column on the last night."""
    return lambda columns: float(columns[name][-1])


def success(columns):
    """Crossings per attempt."""
    return float(np.sum(columns["crossings"]) / max(np.sum(columns["attempts"]), 1))


OUTCOMES = {
    "arrivals": total("arrivals"),
    "choosing": total("choosing"),
    "attempts": total("attempts"),
    "attempts unaided": total("attempts_unaided"),
    "crossings": total("crossings"),
    "interceptions": total("interceptions"),
    "pushbacks": total("pushbacks"),
    "success rate": success,
    "mean price": mean("price_mean"),
    "people at end": last("people"),
    "mean informal": mean("informal"),
    "mean flat": mean("flat"),
    "mean in camp": mean("in_camp"),
    "mean members": mean("members"),
    "mean guides": mean("guides"),
    "mean fighters": mean("fighters"),
    "fees": total("flow_fee"),
    "wages": total("flow_wages"),
    "abductions": total("abductions"),
    "left": total("left"),
}


def run(job):
    """Outcomes of one run: (which, seed, scenario, overrides)."""
    which, seed, scenario, overrides = job
    p = configure(scenario, list(overrides))
    if which == "main":
        market = Market(p, seed)
        while market.running:
            market.step()
        columns = market.record().nights
    else:
        twin = Twin(p, seed, draws="own")
        for _ in range(p.warmup + p.nights):
            twin.step()
        columns = {name: np.array([row[name] for row in twin.nights]) for name in twin.nights[0]}
    return which, [outcome(columns) for outcome in OUTCOMES.values()]


def relative_difference(main, twin):
    """(difference, low, high) of the twin's mean relative to the main model's, 90 % interval (delta method, Welch)."""
    n, k = len(main), len(twin)
    base, ratio = np.mean(main), np.mean(twin) / np.mean(main)
    parts = np.var(twin, ddof=1) / k / base**2, ratio**2 * np.var(main, ddof=1) / n / base**2
    error = math.sqrt(sum(parts))
    if error == 0:
        return ratio - 1, ratio - 1, ratio - 1
    freedom = error**4 / (parts[0] ** 2 / (k - 1) + parts[1] ** 2 / (n - 1))
    width = stats.t.ppf(0.95, freedom) * error
    return ratio - 1, ratio - 1 - width, ratio - 1 + width


def energy(distances, first):
    """Energy distance of two parts of one sample, from all pairwise distances."""
    other = ~first
    between = distances[np.ix_(first, other)].mean()
    return 2 * between - distances[np.ix_(first, first)].mean() - distances[np.ix_(other, other)].mean()


def permutation_p(main, twin, rng):
    """Share of random relabellings with at least this energy distance."""
    pooled = np.concatenate([main, twin])
    distances = np.abs(pooled[:, None] - pooled[None, :])
    first = np.arange(len(pooled)) < len(main)
    seen = energy(distances, first)
    larger = sum(energy(distances, rng.permutation(first)) >= seen - 1e-12 for _ in range(PERMUTATIONS))
    return (larger + 1) / (PERMUTATIONS + 1)


def holm(values):
    """Holm's adjusted p-values."""
    adjusted, running = [0.0] * len(values), 0.0
    for rank, index in enumerate(np.argsort(values)):
        running = max(running, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = running
    return adjusted


def seeds_needed(main, twin, seeds):
    """Seeds each at which a true difference of nil would be shown equivalent with a chance of 80 %."""
    spread = math.hypot(np.std(main, ddof=1), np.std(twin, ddof=1)) / abs(np.mean(main))
    return math.ceil((spread * (stats.norm.ppf(0.95) + stats.norm.ppf(0.9)) / MARGIN) ** 2) if seeds > 1 else 0


def compare(main, twin):
    """One row per outcome."""
    rng = np.random.default_rng(1)
    rows = []
    for index, name in enumerate(OUTCOMES):
        x, y = main[:, index], twin[:, index]
        difference, low, high = relative_difference(x, y)
        rows.append({
            "outcome": name, "mean_main": np.mean(x), "mean_twin": np.mean(y), "difference": difference, "low": low,
            "high": high, "p": permutation_p(x, y, rng), "seeds_needed": seeds_needed(x, y, len(x)),
        })  # fmt: skip
    for row, p in zip(rows, holm([row["p"] for row in rows])):
        row["p_holm"] = p
        equivalent = row["low"] > -MARGIN and row["high"] < MARGIN
        row["verdict"] = "different" if p < 0.05 else "equivalent" if equivalent else "undecided"
    return rows


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--scenario", default="status_quo")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", required=True)
    parser.add_argument("overrides", nargs="*")
    chosen = parser.parse_args()
    overrides = [f"scale={chosen.scale}", f"nights={chosen.nights}", f"warmup={chosen.warmup}", *chosen.overrides]
    jobs = [("main", seed, chosen.scenario, overrides) for seed in range(1, chosen.seeds + 1)]
    jobs += [("twin", 100_000 + seed, chosen.scenario, overrides) for seed in range(1, chosen.seeds + 1)]
    began = time.time()
    with multiprocessing.Pool(chosen.processes) as pool:
        results = pool.map(run, jobs, chunksize=1)
    samples = {which: np.array([row for label, row in results if label == which]) for which in ("main", "twin")}
    rows = compare(samples["main"], samples["twin"])
    with open(chosen.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    print(f"{chosen.scenario}, {chosen.seeds} seeds each, {chosen.nights} nights, {time.time() - began:.0f} s")
    print(
        f"{'outcome':18s} {'main':>12s} {'twin':>12s} {'diff':>8s} {'90 % interval':>19s} {'p Holm':>7s} needed verdict"
    )
    for row in rows:
        interval = f"[{row['low']:+.2%}, {row['high']:+.2%}]"
        print(
            f"{row['outcome']:18s} {row['mean_main']:12.4g} {row['mean_twin']:12.4g} {row['difference']:+8.2%} "
            f"{interval:>19s} {row['p_holm']:7.3f} {row['seeds_needed']:6d} {row['verdict']}"
        )


if __name__ == "__main__":
    main()
