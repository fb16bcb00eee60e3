"""`+experiment=calibration`: posterior of the free parameters by two methods, with diagnostics of its reliability.

The study reads the bank of a finished sweep with `parameter_draws.source=prior`, adds generations drawn from the
current posterior, runs draws of the final posterior, and writes calibration.csv (parameters), calibration_summaries.csv
(reported and predicted summaries), calibration_gates.csv and posterior.csv, which `parameter_draws.source=FILE` reads
in any experiment.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.registry.parameters import registry
from sim.runs.parameter_draws import SEED, free, specification
from sim.runs.parameter_draws import rows as draw_rows
from sim.statistics.paired import holm
from sim.studies import Rows
from sim.studies.calibration import approximate, gates, neural
from sim.studies.calibration.approximate import Sample
from sim.studies.calibration.bank import Bank, generation, prior_bank
from sim.studies.calibration.summaries import observed, summaries, with_errors
from sim.world.draws import Draws

STORED = 64  # posterior draws kept
ENOUGH = 300  # runs below which a bank is a pilot
PLAYED = 99  # number of the generation of posterior runs
DRAWN = 1000  # posterior draws of a method for figures and tables
METHODS = {"abc": "ABC-SMC", "npe": "NPE"}


class Calibrated(NamedTuple):
    """A finished calibration."""

    bank: Bank  # the runs drawn from the prior
    added: int  # number of further runs drawn from intermediate posteriors
    posteriors: dict[str, Sample]  # by method
    recovered: dict[str, gates.Recovered]  # by method
    draws: np.ndarray  # stored draws of the posterior, quantiles of the prior, draws × parameters
    played: Bank | None  # runs of draws of the posterior


def read(folder: Path) -> Calibrated:
    """Calibrate on a finished sweep; runs the further generations and the draws of the posterior."""
    folder, bank = Path(folder), prior_bank(folder)
    sample, added = sequential(folder, bank)
    posteriors = {"abc": sample}
    recovered = {"abc": gates.recover(bank.units, bank.found, approximately)}
    if neural.available():
        posteriors["npe"] = neural.Estimator(bank.units, bank.found).posterior(observed(), DRAWN)
        recovered["npe"] = gates.recover(bank.units, bank.found, neurally)
    draws = stored(posteriors)
    return Calibrated(bank, added, posteriors, recovered, draws, predictive(folder, draws))


def rows(calibrated: Calibrated) -> Rows:
    """Rows of the stored draws and of the tables of parameters, summaries and gates."""
    lines = parameter_rows(calibrated.posteriors, calibrated.recovered)
    compared = summary_rows(calibrated.bank, calibrated.played)
    return {"posterior": draw_rows(calibrated.draws), "calibration": lines, "calibration_summaries": compared,
            "calibration_gates": gate_rows(lines, compared, calibrated.bank, calibrated.recovered, calibrated.added)}


def sequential(folder: Path, bank) -> tuple[Sample, int]:
    """The posterior by approximate Bayesian computation after the further generations that calibration.yaml sets, and
    the number of runs that these added."""
    setting = specification()["generations"]
    goal, draws, banks = observed(), Draws(SEED), [(len(bank.units), None)]
    sample = approximate.posterior(bank.units, bank.found, goal)
    for number_of in range(1, setting["number"] + 1):
        kernel = approximate.density(sample)
        wanted = max(2, round(setting["share"] * banks[0][0]))
        new = generation(folder, approximate.proposals(sample, wanted, draws, number_of), number_of)
        bank, banks = bank.with_more(new), [*banks, (len(new.units), kernel)]
        importance = approximate.importance(bank.units, banks)
        keep = approximate.KEEP * banks[0][0] / len(bank.units)  # as many as before, from more: nearer ones
        sample = approximate.posterior(bank.units, bank.found, goal, importance, keep)
    return sample, len(bank.units) - banks[0][0]


def approximately(units, simulated, goals):
    """Posteriors of goals by approximate Bayesian computation on a bank."""
    return [approximate.posterior(units, simulated, goal) for goal in goals]


def neurally(units, simulated, goals):
    """Posteriors of goals by one trained estimator."""
    estimator = neural.Estimator(units, simulated)
    return [estimator.posterior(goal, 200, seed) for seed, goal in enumerate(goals)]


def stored(posteriors) -> np.ndarray:
    """Draws of all methods in equal parts, so that the difference of methods is part of the uncertainty.

    They are in random order, so that any first few are a sample of all.
    """
    draws = Draws(SEED)
    each = STORED // len(posteriors)
    units = np.concatenate([sample.drawn(each, draws.uniform(f"stored {name}", 0, np.arange(1)))
                            for name, sample in posteriors.items()])
    return units[np.argsort(draws.uniform("order", 0, np.arange(len(units))))]


def predictive(folder: Path, draws: np.ndarray) -> Bank | None:
    """Runs of the number of stored draws that calibration.yaml sets, each once; None if it sets none."""
    setting = specification()["generations"]
    if not setting["play_posterior"]:
        return None
    return generation(folder, np.unique(draws[:setting["play_posterior"]], axis=0), PLAYED)


# tables ------------------------------------------------------------------------------------------------------------
def quantile(sample: Sample, level: float) -> np.ndarray:
    """Weighted quantile of each parameter."""
    order = np.argsort(sample.units, axis=0)
    reached = np.cumsum(sample.weights[order], axis=0)
    place = np.minimum((reached < level).sum(axis=0), len(order) - 1)
    return np.take_along_axis(sample.units, order, axis=0)[place, np.arange(sample.units.shape[1])]


def parameter_rows(posteriors, recovered) -> list[dict]:
    """Rows of calibration.csv, one for each free parameter."""
    rows = []
    for k, parameter in enumerate(free()):
        row = {"parameter": parameter.key, "unit": registry()[parameter.key].unit, "prior": parameter.prior,
               "low": parameter.low, "high": parameter.high, "default": float(registry()[parameter.key].default)}
        for name, sample in posteriors.items():
            row |= {f"{name}_median": float(parameter.value(quantile(sample, 0.5)[k])),
                     f"{name}_low": float(parameter.value(quantile(sample, 0.025)[k])),
                     f"{name}_high": float(parameter.value(quantile(sample, 0.975)[k])),
                     f"{name}_contraction": float(gates.contraction(sample)[k]),
                     f"{name}_recovery": float(recovered[name].correlation()[k]),
                     f"{name}_uniformity": float(holm(recovered[name].uniformity())[k])}
        best = max(row[f"{name}_recovery"] for name in posteriors)
        row["identified"] = bool(best >= gates.RECOVERED)
        if len(posteriors) == 2:
            row["disagreement"] = float(gates.disagreement(*posteriors.values())[k])
        rows.append(row)
    return rows


def summary_rows(bank, played) -> list[dict]:
    """Rows of calibration_summaries.csv, one for each summary: reported, and predicted with error by prior and
    posterior."""
    rows = [{"summary": summary.name, "label": summary.label, "target": summary.target, "interval_low": summary.low,
              "interval_high": summary.high, "source": summary.source} for summary in summaries()]
    for name, simulated in (("prior", bank.found), ("posterior", many_errors(played))):
        if simulated is None:
            continue
        below, edge = gates.inside(simulated, observed()), (1 - gates.INSIDE) / 2
        for k, (row, summary) in enumerate(zip(rows, summaries())):
            low, middle, high = (float(BACK[summary.scale](np.quantile(simulated[:, k], q)))
                                 for q in (edge, 0.5, 1 - edge))
            row |= {f"{name}_low": low, f"{name}_median": middle, f"{name}_high": high,
                     f"{name}_below": float(below[k]), f"{name}_covers": bool(edge <= below[k] <= 1 - edge)}
    return rows


BACK = {"log": np.exp, "count": lambda v: np.maximum(np.expm1(v), 0.0), "plain": np.asarray}
ERRORS = 50  # draws of errors for each run of the posterior


def many_errors(played: Bank | None) -> np.ndarray | None:
    """Summaries of the posterior runs with many draws of errors each, so that quantiles include the errors' tails."""
    if played is None:
        return None
    return np.concatenate([with_errors(played.latent, sample) for sample in range(1000, 1000 + ERRORS)])


def gate_rows(lines, compared, bank, recovered, added: int) -> list[dict]:
    """Rows of calibration_gates.csv: every gate with its number, its limit and whether it is passed."""
    lost = [row["parameter"] for row in lines if not row["identified"]]
    joint = gates.jointly(bank.found, observed())
    lost_are = "not identified: " + ", ".join(lost) if lost else ""
    rows = [gate("runs drawn from the prior", len(bank.units), f"≥ {ENOUGH}", len(bank.units) >= ENOUGH, ""),
            gate("runs added where they agree", added, "", True, ""),
            covering("prior", compared),
            gate("parameters identified", f"{len(lines) - len(lost)} of {len(lines)}",
                 f"recovery ≥ {gates.RECOVERED}", not lost, lost_are),
            gate("joint distance, share of runs nearer", round(joint, 4), f"≤ {gates.INSIDE}",
                 joint <= gates.INSIDE, "" if np.isfinite(joint) else "too few runs to tell")]
    for name in recovered:
        worst = min(lines, key=lambda row: row[f"{name}_uniformity"])
        p = worst[f"{name}_uniformity"]
        rows.append(gate(f"ranks uniform, {METHODS[name]}, smallest p (Holm)", round(p, 4), f"≥ {gates.LEVEL}",
                         p >= gates.LEVEL, "" if p >= gates.LEVEL else worst["parameter"]))
    if len(recovered) == 2:
        worst = max(lines, key=lambda row: abs(row["disagreement"]) * row["identified"])
        far = abs(worst["disagreement"]) * worst["identified"]
        rows.append(gate("methods agree, largest difference of means of what is identified (sd)", round(far, 3),
                         f"≤ {gates.AGREED:g}", far <= gates.AGREED, worst["parameter"] if worst["identified"] else ""))
    return rows + ([covering("posterior", compared)] if "posterior_covers" in compared[0] else [])


def covering(name: str, compared) -> dict:
    """The gate that prior or posterior predictions cover each target."""
    missed = [row["label"] for row in compared if not row[f"{name}_covers"]]
    return gate(f"targets the {name} covers", f"{len(compared) - len(missed)} of {len(compared)}", "all", not missed,
                "; ".join(missed))


def gate(name, value, limit, passed, remark) -> dict:
    return {"gate": name, "value": value, "limit": limit, "passed": bool(passed), "remark": remark}
