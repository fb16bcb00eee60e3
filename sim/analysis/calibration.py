"""`+experiment=calibration`: posterior of the free parameters by two methods, with gates that say what to believe.

Reads the bank of a finished sweep with `parameters=prior`, adds generations where it agrees with the documents, and
writes calibration.csv (parameters), calibration_summaries.csv (what was reported against what the prior gives),
calibration_gates.csv and posterior.csv, which `parameters=FILE` reads in any experiment.
"""

from pathlib import Path

import numpy as np

from sim.analysis.grid import write_figures, write_rows
from sim.analysis.paired import holm
from sim.calibration import approximate, gates, neural
from sim.calibration.approximate import Sample
from sim.calibration.bank import generation, prior_bank
from sim.calibration.free import SEED, free, specification, write_draws
from sim.calibration.summaries import observed, summaries
from sim.draws import Draws
from sim.parameters import registry
from sim.summary import number, table

NIGHTS = True  # the sweep has to keep them
DRAWS = True  # the bank is made of them
STORED = 64  # posterior draws kept
ENOUGH = 300  # runs below which a bank is a pilot
DRAWN = 1000  # posterior draws of a method for figures and tables
METHODS = {"abc": "ABC-SMC", "npe": "NPE"}


def analyse(folder: Path) -> str:
    """Everything, from the bank to the posterior; returns the text for the terminal."""
    from sim.figures import calibration as drawn

    folder, bank = Path(folder), prior_bank(folder)
    sample, added = sequential(folder, bank)
    posteriors = {"abc": sample}
    recovered = {"abc": gates.recover(bank.units, bank.found, approximately)}
    if neural.available():
        posteriors["npe"] = neural.Estimator(bank.units, bank.found).posterior(observed(), DRAWN)
        recovered["npe"] = gates.recover(bank.units, bank.found, neurally)
    lines, below = parameter_rows(posteriors, recovered), summary_rows(bank)
    judged = gate_rows(lines, below, bank, recovered, added)
    write_rows(lines, folder / "calibration.csv")
    write_rows(below, folder / "calibration_summaries.csv")
    write_rows(judged, folder / "calibration_gates.csv")
    write_draws(stored(posteriors), folder / "posterior.csv")
    write_figures({"calibration": (lambda: drawn.marginals(posteriors), drawn.caption_marginals(posteriors)),
                   "calibration_recovery": (lambda: drawn.recovery(recovered), drawn.caption_recovery(recovered)),
                   "calibration_prior": (lambda: drawn.predictive(bank), drawn.caption_predictive(bank))}, folder)
    return said(lines, judged)


def sequential(folder: Path, bank) -> tuple[Sample, int]:
    """The posterior by approximate computation, with as many further generations as the registry file says, and how
    many runs these added."""
    setting = specification().get("generations", {"number": 0, "share": 0.25})
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


def approximately(units, found, goals):
    """Posteriors of goals by approximate computation on a bank."""
    return [approximate.posterior(units, found, goal) for goal in goals]


def neurally(units, found, goals):
    """Posteriors of goals by one trained estimator."""
    estimator = neural.Estimator(units, found)
    return [estimator.posterior(goal, 200, seed) for seed, goal in enumerate(goals)]


def stored(posteriors) -> np.ndarray:
    """Draws of all methods in equal parts, so that their difference is part of the uncertainty."""
    each = STORED // len(posteriors)
    return np.concatenate([sample.drawn(each, Draws(SEED).uniform(f"stored {name}", 0, np.arange(1)))
                           for name, sample in posteriors.items()])


# tables ------------------------------------------------------------------------------------------------------------
def quantile(sample: Sample, level: float) -> np.ndarray:
    """Weighted quantile of each parameter."""
    order = np.argsort(sample.units, axis=0)
    reached = np.cumsum(sample.weights[order], axis=0)
    place = np.minimum((reached < level).sum(axis=0), len(order) - 1)
    return np.take_along_axis(sample.units, order, axis=0)[place, np.arange(sample.units.shape[1])]


def parameter_rows(posteriors, recovered) -> list[dict]:
    """Lines of calibration.csv."""
    lines = []
    for k, one in enumerate(free()):
        line = {"parameter": one.key, "unit": registry()[one.key].unit, "prior": one.prior, "low": one.low,
                "high": one.high, "default": float(registry()[one.key].default)}
        for name, sample in posteriors.items():
            line |= {f"{name}_median": float(one.value(quantile(sample, 0.5)[k])),
                     f"{name}_low": float(one.value(quantile(sample, 0.025)[k])),
                     f"{name}_high": float(one.value(quantile(sample, 0.975)[k])),
                     f"{name}_contraction": float(gates.contraction(sample)[k]),
                     f"{name}_recovery": float(recovered[name].correlation()[k]),
                     f"{name}_uniformity": float(holm(recovered[name].uniformity())[k])}
        best = max(line[f"{name}_recovery"] for name in posteriors)
        line["identified"] = bool(best >= gates.RECOVERED)
        if len(posteriors) == 2:
            line["disagreement"] = float(gates.disagreement(*posteriors.values())[k])
        lines.append(line)
    return lines


def summary_rows(bank) -> list[dict]:
    """Lines of calibration_summaries.csv: what was reported against what the prior gives, with error."""
    below, lines = gates.inside(bank.found, observed()), []
    edge = (1 - gates.INSIDE) / 2
    back = {"log": np.exp, "count": np.expm1, "plain": np.asarray}
    for k, one in enumerate(summaries()):
        low, middle, high = (float(back[one.scale](np.quantile(bank.found[:, k], q))) for q in (edge, 0.5, 1 - edge))
        lines.append({"summary": one.name, "label": one.label, "target": one.target, "interval_low": one.low,
                      "interval_high": one.high, "prior_low": low, "prior_median": middle, "prior_high": high,
                      "runs_below": float(below[k]), "covered": bool(edge <= below[k] <= 1 - edge),
                      "source": one.source})
    return lines


def gate_rows(lines, below, bank, recovered, added: int) -> list[dict]:
    """Every gate with its number, its limit and whether it is passed."""
    names = list(recovered)
    missed = [row["label"] for row in below if not row["covered"]]
    lost = [row["parameter"] for row in lines if not row["identified"]]
    joint = gates.jointly(bank.found, observed())
    lost_are = "not identified: " + ", ".join(lost) if lost else ""
    rows = [gate("runs drawn from the prior", len(bank.units), f"≥ {ENOUGH}", len(bank.units) >= ENOUGH, ""),
            gate("runs added where they agree", added, "", True, ""),
            gate("targets the prior covers", f"{len(below) - len(missed)} of {len(below)}", "all", not missed,
                 "; ".join(missed)),
            gate("parameters identified", f"{len(lines) - len(lost)} of {len(lines)}",
                 f"recovery ≥ {gates.RECOVERED}", not lost, lost_are),
            gate("joint distance, share of runs nearer", round(joint, 4), f"≤ {gates.INSIDE}",
                 joint <= gates.INSIDE, "" if np.isfinite(joint) else "too few runs to tell")]
    for name in names:
        worst = min(row[f"{name}_uniformity"] for row in lines)
        rows.append(gate(f"ranks uniform, {METHODS[name]}, smallest p (Holm)", round(worst, 4), f"≥ {gates.LEVEL}",
                         worst >= gates.LEVEL, ""))
    if len(names) == 2:
        worst = max(lines, key=lambda row: abs(row["disagreement"]) * row["identified"])
        far = abs(worst["disagreement"])
        rows.append(gate("methods agree, largest difference of means of what is identified (sd)", round(far, 3),
                         f"≤ {gates.AGREED:g}", far <= gates.AGREED, worst["parameter"]))
    return rows


def gate(name, value, limit, passed, remark) -> dict:
    return {"gate": name, "value": value, "limit": limit, "passed": bool(passed), "remark": remark}


# in words ----------------------------------------------------------------------------------------------------------
def shown(row, name) -> str:
    """Median and 95 % interval of a method."""
    return "{:.3g} ({:.3g} to {:.3g})".format(*(float(row[f"{name}_{part}"]) for part in ("median", "low", "high")))


def names_in(rows) -> list[str]:
    return [name for name in METHODS if f"{name}_median" in rows[0]]


def cells(row, names) -> list[str]:
    """One parameter in words."""
    identified = str(row["identified"]) == "True"
    return [row["parameter"], f"{float(row['low']):.3g} – {float(row['high']):.3g}", f"{float(row['default']):.3g}",
            *(shown(row, name) for name in names), *(number(float(row[f"{name}_recovery"]), 2) for name in names),
            *(number(float(row[f"{name}_contraction"]), 2) for name in names),
            number(float(row["disagreement"]), 2) if "disagreement" in row else "", "yes" if identified else "no"]


def head(names) -> list[str]:
    return ["parameter", "prior", "default", *(METHODS[n] for n in names), *(f"recovery {METHODS[n]}" for n in names),
            *(f"contraction {METHODS[n]}" for n in names), "difference (sd)", "identified"]


def said(lines, judged) -> str:
    """Tables for the terminal."""
    names = names_in(lines)
    passed = [[row["gate"], str(row["value"]), row["limit"], "passed" if row["passed"] else "not passed", row["remark"]]
              for row in judged]
    without = "" if "npe" in names else "\nwithout the extra `calibration` there is one method only"
    return (table(head(names), [cells(row, names) for row in lines]) + "\n\n"
            + table(["gate", "value", "limit", "", "remark"], passed) + without)


def documented(reference: Path) -> dict[str, str]:
    """Places of docs/calibration.md."""
    from sim.documentation import markdown_table, reference_rows

    lines, judged = reference_rows("calibration.csv", reference), reference_rows("calibration_gates.csv", reference)
    below, names = reference_rows("calibration_summaries.csv", reference), names_in(lines)
    passed = {"True": "passed", "False": "**not passed**"}
    gate_cells = [[r["gate"], r["value"], r["limit"], passed[r["passed"]] if r["limit"] else "", r["remark"]]
                  for r in judged]
    summary_cells = [[r["label"], f"{float(r['target']):.4g}",
                      f"{float(r['interval_low']):.3g} – {float(r['interval_high']):.3g}",
                      f"{float(r['prior_median']):.3g} ({float(r['prior_low']):.3g} to {float(r['prior_high']):.3g})",
                      number(float(r["runs_below"]), 3), r["source"]] for r in below]
    free_cells = [[f"`{one.key}`", one.prior, f"{one.low:g} – {one.high:g}", one.reason] for one in free()]
    frozen = [[f"`{row['keys']}`", row["reason"]] for row in specification()["frozen"]]
    return {"parameters": markdown_table(head(names), [cells(row, names) for row in lines]),
            "gates": markdown_table(["gate", "value", "limit", "", "remark"], gate_cells),
            "summaries": markdown_table(["summary", "reported", "interval", "prior, with error (99 %)", "runs below",
                                         "source"], summary_cells),
            "free": markdown_table(["parameter", "prior", "range", "why it is free"], free_cells),
            "frozen": markdown_table(["keys", "why they stay at their defaults"], frozen),
            "runs": judged[0]["value"], "stored": str(STORED), "added": judged[1]["value"], "pilot": pilot(judged)}


def pilot(judged) -> str:
    """What to think of a bank of that size."""
    if judged[0]["passed"] == "True":
        return "The bank is as large as the experiment asks for."
    return (f"**This is a pilot.** {judged[0]['value']} runs settle nothing about so many parameters: it shows that "
            "the machinery works, what its gates say, and where the model cannot be brought to what was reported. No "
            "default was moved by it, and no posterior is stored with the package.")
