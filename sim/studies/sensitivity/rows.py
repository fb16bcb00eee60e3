"""Rows of the tables sensitivity_*.csv."""

from sim.findings.text import named
from sim.registry.ranges import STANDINGS, standing, value_at
from sim.statistics.indices import Shares
from sim.studies.sensitivity.design import Sample
from sim.studies.sensitivity.results import Quantity, Ranked, Results

DIGITS = 6  # significant digits in tables on disk


def members(sample: Sample) -> list[str]:
    """Names to which indices belong: keys, or groups in SALib's order."""
    return list(dict.fromkeys(sample.groups)) if sample.groups else sample.keys


def short(values: dict) -> dict:
    """A row with its numbers rounded to `DIGITS` significant digits."""
    return {key: float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for key, v in values.items()}


def tag(quantity: Quantity) -> dict:
    """The first columns of every table."""
    return {"contrast": quantity.contrast, "outcome": quantity.outcome, "unit": named(quantity.outcome)[1]}


def morris_rows(results: Results) -> list[dict]:
    """Rows of elementary effects over the whole range, one for each quantity and parameter."""
    rows = []
    for quantity, screening in results.screened.items():
        for k, key in enumerate(results.designs.morris.keys) if screening else ():
            rows.append(short(tag(quantity) | {
                "parameter": key, "status": standing(results.designs.by_key[key]), "mu": float(screening.mu[k]),
                "mu_star": float(screening.mu_star[k]), "mu_star_low": float(screening.mu_star[k] - screening.half[k]),
                "mu_star_high": float(screening.mu_star[k] + screening.half[k]), "sigma": float(screening.sigma[k]),
                "floor": screening.floor, "trajectories": screening.trajectories}))
    return rows


def index_row(quantity: Quantity, shares: Shares, k: int) -> dict:
    """Indices of one parameter or group, and the share of chance in the variance of a run."""
    return short({"first": float(shares.first[k]), "first_low": float(shares.first[k] - shares.first_half[k]),
                  "first_high": float(shares.first[k] + shares.first_half[k]), "total": float(shares.total[k]),
                  "total_low": float(shares.total[k] - shares.total_half[k]),
                  "total_high": float(shares.total[k] + shares.total_half[k]),
                  "chance": shares.variance.share_of_chance, "seeds": shares.variance.seeds, "base": shares.blocks})


def sobol_rows(results: Results, sample: Sample, indices: dict) -> list[dict]:
    """Rows of indices, one for each quantity and kept parameter; a quantity that varies only by chance has none."""
    return [tag(q) | {"parameter": key, "status": standing(results.designs.by_key[key])} | index_row(q, s, k)
            for q, s in indices.items() if s for k, key in enumerate(sample.keys)]


def status_rows(results: Results, indices: dict) -> list[dict]:
    """Rows of indices, one for each quantity and standing, in the order of `STANDINGS`."""
    sample = results.designs.status
    places = [(name, members(sample).index(name)) for name in STANDINGS if name in members(sample)]
    return [tag(q) | {"status": name, "parameters": sample.groups.count(name)} | index_row(q, s, k)
            for q, s in indices.items() if s for name, k in places]


def ranking_rows(results: Results, ranking: list[Ranked], sample: Sample, indices: dict) -> list[dict]:
    """Rows of the ranking, one for each parameter: its score, whether it is kept, and its largest total index."""
    rows = []
    for place, ranked in enumerate(ranking, start=1):
        entry = results.designs.by_key[ranked.key]
        row = {"rank": place, "parameter": ranked.key, "status": standing(entry), "default": entry.default,
               "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": ranked.score,
               "largest": ranked.largest,
               "largest_in": ranked.where.outcome, "largest_contrast": ranked.where.contrast, "kept": ranked.kept}
        rows.append(short(row | largest_total(ranked.key, sample, indices)))
    return rows


def largest_total(key: str, sample: Sample, indices: dict) -> dict:
    """The largest total index of a kept parameter, with its quantity; empty for other parameters."""
    empty = dict.fromkeys(("total", "total_low", "total_high", "total_in", "total_contrast"), "")
    if key not in sample.keys or not any(indices.values()):
        return empty
    k = sample.keys.index(key)
    q, s = max(((q, s) for q, s in indices.items() if s), key=lambda pair: pair[1].total[k])
    row = index_row(q, s, k)
    return {name: row[name] for name in ("total", "total_low", "total_high")} | {
        "total_in": q.outcome, "total_contrast": q.contrast}
