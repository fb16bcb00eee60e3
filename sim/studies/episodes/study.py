"""Posterior of the border's answer and memory from four episodes, by approximate Bayesian computation.

Draws of the registry's ranges and of what is not known besides (`NUISANCES`) go through `reduction.detected`; monthly
noise with a memory stands for all other causes.  The logarithms of the ratios of `record.EPISODES` are compared with
the reported ones by `sim.studies.calibration.approximate.posterior` (regression on linear estimates).  Every episode is
also used alone, which shows which of them says what; and draws held out are recovered, which shows what the method can
tell.
"""

from typing import NamedTuple

import numpy as np

from sim.registry.configuration import configure
from sim.studies.calibration.approximate import Sample, posterior
from sim.studies.episodes.record import EPISODES, Episode, nights_of, ratios, reported, seasonal, strengths, upstream
from sim.studies.episodes.reduction import detected
from sim.world.draws import Draws

PARAMETERS = {"arrival_response": "migrants.arrival_response", "news_delay": "migrants.news_delay",
              "arrival_network": "migrants.arrival_network", "presence_memory": "police.presence_memory",
              "presence_staging": "police.presence_staging"}
NUISANCES = {  # smallest and largest value, whether uniform in the logarithm, and what it is
    "upstream": (0.0, 1.0, False, "power e of the pressure from the Eastern Mediterranean"),
    "counting": (0.3, 1.5, True, "crossings counted after the closing, relative to before"),
    "closing": (0.5, 3.0, True, "strength of the closing; 1 is an operation kept up"),
    "shock": (0.5, 5.0, True, "strength of the shutdown of 2020"),
    "noise": (0.15, 0.5, False, "standard deviation of monthly noise in ln detections"),
}
NOISE_OF = {"closing": "route", "empty": "route"}  # both belong to one run of months
NOISE_MEMORY = 0.7  # correlation of noise between months
NUMBER, CHUNK, SEED = 20_000, 2_000, 2016
KEEP = 0.03  # share of the draws that is accepted
HELD_OUT = 100  # draws that are recovered
SHOWN = 1_000  # draws of the posterior
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Source(NamedTuple):
    """Draws and what they give."""

    names: tuple[str, ...]  # parameters and nuisances
    units: np.ndarray  # (draws, names) quantiles of the prior
    months: dict[str, np.ndarray]  # by episode: detections relative to the reference months (months, draws), no noise
    compared: dict[str, np.ndarray]  # by episode: logarithms of ratios (ratios, draws), with noise
    posteriors: dict[str, Sample]  # by episode, and `all`
    recovered: list[dict]
    played: dict[str, np.ndarray]  # by episode: months of posterior draws, with noise (months, SHOWN)


RANGES = {"arrival_response": (0.0, 3.0), "news_delay": (7.0, 45.0), "arrival_network": (0.0, 1.2),
          "presence_memory": (0.0, 0.995), "presence_staging": (0.0, 5.0)}  # prior: the ranges before any episode


def prior() -> dict[str, tuple]:
    """Smallest and largest value of each name, and whether it is uniform in the logarithm."""
    ranges = {name: (*RANGES[name], False) for name in PARAMETERS}
    return ranges | {name: row[:3] for name, row in NUISANCES.items()}


def values(names, units) -> dict[str, np.ndarray]:
    """Values of parameters and nuisances at quantiles of the prior (draws, names)."""
    scales = prior()
    out = {}
    for name, unit in zip(names, np.asarray(units).T):
        low, high, in_logs = scales[name]
        out[name] = low * (high / low) ** unit if in_logs else low + (high - low) * unit
    return out


def simulated(episode: Episode, parameters, draws: dict) -> np.ndarray:
    """Detections by month of an episode, relative to its reference months (months, n), without noise."""
    if episode.upstream:
        pressure = np.exp(upstream(episode)[:, None] * draws["upstream"])
    else:
        pressure = np.exp(seasonal(episode, parameters))[:, None] * np.ones(len(draws["noise"]))
    by_night = detected(parameters, draws, pressure, strengths(episode, draws))
    of_night = nights_of(episode).astype("datetime64[M]")
    by_month = np.array([by_night[of_night == month].sum(axis=0) for month in episode.months])
    if episode.counting:
        by_month[episode.months >= np.datetime64(episode.counting)] *= draws["counting"]
    here = np.isin(episode.months, np.arange(np.datetime64(episode.reference[0]),
                                             np.datetime64(episode.reference[1]) + 1))
    return np.maximum(by_month / by_month[here].mean(axis=0), 1e-6)


def noise(months: int, size: np.ndarray, draws: Draws, name: str, ids) -> np.ndarray:
    """Autoregressive noise in ln detections (months, n), standard deviation `size` (n,)."""
    shocks = np.array([draws.normal(f"noise {name}", month, ids) for month in range(months)])
    out = [shocks[0]]
    for shock in shocks[1:]:
        out.append(NOISE_MEMORY * out[-1] + np.sqrt(1 - NOISE_MEMORY**2) * shock)
    return size * np.array(out)


def read(folder=None, number: int = NUMBER) -> Source:
    """Draw, simulate and compare; `folder` is not read, since the study needs no runs."""
    parameters, draws = configure(), Draws(SEED)
    names, ids = tuple(prior()), np.arange(number)
    units = np.stack([draws.uniform(f"prior {name}", 0, ids) for name in names], axis=1)
    parts = []
    for start in range(0, number, CHUNK):
        some = ids[start:start + CHUNK]
        drawn = values(names, units[some]) | {"raid": np.ones(len(some))}
        parts.append({e.name: simulated(e, parameters, drawn) for e in EPISODES if e.name != "closing"})
    months = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
    months["closing"] = months["empty"][:12]  # both are of one route from January 2016 on
    size = values(names, units)["noise"]
    compared = {e.name: ratios(e, months[e.name] * np.exp(noise(len(e.months), size, draws,
                                                                  NOISE_OF.get(e.name, e.name), ids)))
                for e in EPISODES}
    posteriors = {e.name: fitted(units, compared[e.name].T, goal([e])) for e in EPISODES}
    together = np.concatenate([compared[e.name] for e in EPISODES]).T
    posteriors["all"] = fitted(units, together, goal(EPISODES))
    return Source(names, units, months, compared, posteriors, recover(names, units, together),
                  play(names, posteriors["all"], parameters))


def goal(episodes) -> np.ndarray:
    """The reported ratios of episodes."""
    return np.concatenate([ratios(e, reported(e)) for e in episodes])


def fitted(units, compared, target) -> Sample:
    """Posterior draws of all names."""
    return posterior(units, compared, target, keep=KEEP)


def recover(names, units, compared) -> list[dict]:
    """Draws held out, recovered from their own ratios: correlation with the truth, and coverage of 90 % intervals."""
    rest = slice(HELD_OUT, None)
    middle, inside = [], []
    for truth, target in zip(units[:HELD_OUT], compared[:HELD_OUT]):
        sample = fitted(units[rest], compared[rest], target)
        low, half, high = (quantiles(sample, level) for level in (0.05, 0.5, 0.95))
        middle.append(half)
        inside.append((low <= truth) & (truth <= high))
    middle, inside = np.array(middle), np.array(inside)
    return [{"parameter": name, "held_out": HELD_OUT,
             "correlation": float(np.corrcoef(middle[:, k], units[:HELD_OUT, k])[0, 1]),
             "coverage_90": float(inside[:, k].mean())} for k, name in enumerate(names)]


def quantiles(sample: Sample, level: float) -> np.ndarray:
    """Weighted quantile of each name's draws."""
    out = []
    for column in sample.units.T:
        order = np.argsort(column)
        out.append(np.interp(level, np.cumsum(sample.weights[order]), column[order]))
    return np.array(out)


def rows(source: Source) -> dict[str, list[dict]]:
    """The study's tables: posteriors by episode, ratios, months, and what the method recovers."""
    return {"episodes": [row for name in source.posteriors for row in posterior_rows(source, name)],
            "episodes_ratios": ratio_rows(source), "episodes_months": month_rows(source),
            "episodes_recovered": source.recovered}


def posterior_rows(source: Source, episode: str) -> list[dict]:
    """One row for each name: prior range, posterior quantiles, contraction (1 − variance over that of the prior)."""
    sample, scales, out = source.posteriors[episode], prior(), []
    levels = {level: values(source.names, quantiles(sample, level)[None]) for level in LEVELS}
    contraction = 1 - sample.sd() ** 2 * 12
    for k, name in enumerate(source.names):
        out.append({"episode": episode, "parameter": PARAMETERS.get(name, name), "prior_low": scales[name][0],
                    "prior_high": scales[name][1], **{f"q{round(100 * level):02d}": float(levels[level][name][0])
                                                      for level in LEVELS}, "contraction": float(contraction[k])})
    return out


def play(names, sample: Sample, parameters) -> dict[str, np.ndarray]:
    """By episode: monthly values of draws of a posterior, with noise."""
    draws, ids = Draws(SEED + 1), np.arange(SHOWN)
    units = sample.drawn(SHOWN, draws.uniform("resample", 0, np.arange(1)))
    drawn = values(names, units) | {"raid": np.ones(SHOWN)}
    return {e.name: simulated(e, parameters, drawn) * np.exp(noise(len(e.months), drawn["noise"], draws,
                                                                   NOISE_OF.get(e.name, e.name), ids))
            for e in EPISODES}


def ratio_rows(source: Source) -> list[dict]:
    """Reported ratios, and those of draws of the prior and of the posterior, each with noise (5, 50 and 95 %)."""
    out = []
    for e in EPISODES:
        told, first, last = ratios(e, reported(e)), source.compared[e.name], ratios(e, source.played[e.name])
        for k, ratio in enumerate(e.ratios):
            row = {"episode": e.name, "ratio": ratio.name, "reported": float(np.exp(told[k]))}
            for which, found in (("prior", first), ("posterior", last)):
                row |= {f"{which}_{round(100 * q):02d}": float(np.exp(np.quantile(found[k], q)))
                        for q in (0.05, 0.5, 0.95)}
            out.append(row)
    return out


def month_rows(source: Source) -> list[dict]:
    """Reported detections by month, and those of the posterior (5, 50 and 95 %, with noise), at the reported level."""
    out = []
    for e in EPISODES:
        told, level = reported(e), reported(e)[np.isin(e.months, np.arange(
            np.datetime64(e.reference[0]), np.datetime64(e.reference[1]) + 1))].mean()
        for k, month in enumerate(e.months):
            out.append({"episode": e.name, "month": str(month), "reported": float(told[k]),
                        **{f"simulated_{round(100 * q):02d}": float(level * np.quantile(source.played[e.name][k], q))
                           for q in (0.05, 0.5, 0.95)}})
    return out
