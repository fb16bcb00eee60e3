"""Findings of the study `episodes`: posteriors, ratios reported against simulated, and what the method recovers."""

import math

from sim.findings import Findings, Number, Table
from sim.findings.rows import distinct, value_of
from sim.findings.text import number

ENDS = ("q05", "q50", "q95")
DIGITS = {"migrants.news_delay": 0}


def present(tables) -> Findings:
    """Return posteriors of all episodes together, contraction by episode, ratios, and recovery."""
    rows, ratios, found = (tables[name] for name in ("episodes", "episodes_ratios", "episodes_recovered"))
    return Findings({"posterior": posterior(rows), "contraction": contraction(rows), "ratios": ratio_table(ratios),
                     "recovered": recovery(found)}, (), quoted(rows, ratios, found))


def posterior(rows) -> Table:
    """Table with one row for each parameter: prior range, and the posterior's median with 90 %."""
    body = tuple((row["parameter"], f"{value_of(row, 'prior_low'):g} to {value_of(row, 'prior_high'):g}", interval(row))
                 for row in rows if row["episode"] == "all")
    return Table("Parameters and what is not known besides, by all episodes", ("parameter", "prior", "posterior"), body,
                 "Median, and 5 to 95 % of the posterior.")


def interval(row) -> Number:
    """Median and 90 % interval."""
    low, middle, high = (value_of(row, name) for name in ENDS)
    return Number(middle, DIGITS.get(row["parameter"], 2), low=low, high=high)


def contraction(rows) -> Table:
    """Table of contraction: one row for each parameter, one column for each episode alone and for all."""
    episodes, names = distinct(rows, "episode"), distinct(rows, "parameter")
    by = {(row["episode"], row["parameter"]): value_of(row, "contraction") for row in rows}
    body = tuple((name, *(Number(by[episode, name], 2) for episode in episodes)) for name in names)
    return Table("What each episode says alone", ("parameter", *episodes), body,
                 "1 − variance of the posterior over that of the prior, on quantiles of the prior: 0 means that "
                 "nothing was learnt; below 0 the posterior lies at the prior's ends.")


def ratio_table(rows) -> Table:
    """Table of ratios: reported, prior and posterior."""
    body = tuple((row["episode"], row["ratio"], Number(value_of(row, "reported"), 3),
                  *(Number(value_of(row, f"{which}_50"), 3, low=value_of(row, f"{which}_05"),
                           high=value_of(row, f"{which}_95")) for which in ("prior", "posterior"))) for row in rows)
    return Table("Detections relative to earlier months", ("episode", "months", "reported", "prior", "posterior"), body,
                 "Median, and 5 to 95 % of draws, with noise of months.")


def recovery(rows) -> Table:
    """Table of what the method recovers of draws held out."""
    body = tuple((row["parameter"], Number(value_of(row, "correlation"), 2), Number(value_of(row, "coverage_90"), 2))
                 for row in rows)
    return Table("Draws held out, recovered from their own ratios",
                 ("parameter", "correlation of median with truth", "truth inside 90 %"), body)


def quoted(rows, ratios, found) -> dict[str, str]:
    """Posterior quantiles by parameter, contractions, correlations, and how many reported ratios lie inside."""
    values = {}
    for row in rows:
        name = row["parameter"].split(".")[-1]
        if row["episode"] == "all":
            for level in ("q05", "q25", "q50", "q75", "q95"):
                values[f"{name}_{level}"] = number(value_of(row, level), DIGITS.get(row["parameter"], 2))
        values[f"{name}_contraction_{row['episode']}"] = number(value_of(row, "contraction"), 2)
    for row in found:
        values[f"{row['parameter']}_recovered"] = number(value_of(row, "correlation"), 2)
    memory = next(row for row in rows if (row["episode"], row["parameter"]) == ("all", "police.presence_memory"))
    values["half_life"] = number(math.log(0.5) / math.log(value_of(memory, "q95")), 0)
    inside = [value_of(r, "posterior_05") <= value_of(r, "reported") <= value_of(r, "posterior_95") for r in ratios]
    return values | {"inside": str(sum(inside)), "ratios": str(len(inside))}
