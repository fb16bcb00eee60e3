"""Rows of the tables sensitivity_*.csv."""

from sim.findings.text import named
from sim.registry.ranges import STANDINGS, standing, value_at
from sim.statistics.indices import Shares
from sim.studies.sensitivity.design import Sample
from sim.studies.sensitivity.results import Quantity, Ranked, Results

DIGITS = 6  # significant ones in tables on disk


def members(sample: Sample) -> list[str]:
    """What indices are of: keys, or groups in SALib's order."""
    return list(dict.fromkeys(sample.groups)) if sample.groups else sample.keys


def short(values: dict) -> dict:
    """Numbers with `DIGITS` significant ones."""
    return {key: float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for key, v in values.items()}


def tag(quantity: Quantity) -> dict:
    """First columns of every table."""
    return {"contrast": quantity.contrast, "outcome": quantity.outcome, "unit": named(quantity.outcome)[1]}


def morris_rows(results: Results) -> list[dict]:
    """A line a quantity and parameter; effects are over the whole range."""
    rows = []
    for quantity, found in results.screened.items():
        for k, key in enumerate(results.designs.morris.keys) if found else ():
            rows.append(short(tag(quantity) | {
                "parameter": key, "status": standing(results.designs.by_key[key]), "mu": float(found.mu[k]),
                "mu_star": float(found.mu_star[k]), "mu_star_low": float(found.mu_star[k] - found.half[k]),
                "mu_star_high": float(found.mu_star[k] + found.half[k]), "sigma": float(found.sigma[k]),
                "floor": found.floor, "trajectories": found.trajectories}))
    return rows


def index_row(quantity: Quantity, found: Shares, k: int) -> dict:
    """Indices of one parameter or group, and how the variance of a run splits."""
    return short({"first": float(found.first[k]), "first_low": float(found.first[k] - found.first_half[k]),
                  "first_high": float(found.first[k] + found.first_half[k]), "total": float(found.total[k]),
                  "total_low": float(found.total[k] - found.total_half[k]),
                  "total_high": float(found.total[k] + found.total_half[k]),
                  "chance": found.variance.share_of_chance, "seeds": found.variance.seeds, "base": found.blocks})


def sobol_rows(results: Results, sample: Sample, found: dict) -> list[dict]:
    """A line a quantity and kept parameter; a quantity in which nothing but chance varies has none."""
    return [tag(q) | {"parameter": key, "status": standing(results.designs.by_key[key])} | index_row(q, s, k)
            for q, s in found.items() if s for k, key in enumerate(sample.keys)]


def status_rows(results: Results, found: dict) -> list[dict]:
    """A line a quantity and standing, in the order of `STANDINGS`."""
    sample = results.designs.status
    places = [(name, members(sample).index(name)) for name in STANDINGS if name in members(sample)]
    return [tag(q) | {"status": name, "parameters": sample.groups.count(name)} | index_row(q, s, k)
            for q, s in found.items() if s for name, k in places]


def ranking_rows(results: Results, ranking: list[Ranked], sample: Sample, found: dict) -> list[dict]:
    """A line a parameter, highest first: why it is kept and the largest total index it has."""
    rows = []
    for place, line in enumerate(ranking, start=1):
        entry = results.designs.by_key[line.key]
        row = {"rank": place, "parameter": line.key, "status": standing(entry), "default": entry.default,
               "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": line.score, "largest": line.largest,
               "largest_in": line.where.outcome, "largest_contrast": line.where.contrast, "kept": line.kept}
        rows.append(short(row | largest_total(line.key, sample, found)))
    return rows


def largest_total(key: str, sample: Sample, found: dict) -> dict:
    """The quantity whose variance a kept parameter has most of."""
    empty = dict.fromkeys(("total", "total_low", "total_high", "total_in", "total_contrast"), "")
    if key not in sample.keys or not any(found.values()):
        return empty
    k = sample.keys.index(key)
    q, s = max(((q, s) for q, s in found.items() if s), key=lambda pair: pair[1].total[k])
    row = index_row(q, s, k)
    return {name: row[name] for name in ("total", "total_low", "total_high")} | {
        "total_in": q.outcome, "total_contrast": q.contrast}
