"""Findings of the study `uncertainty`: mean differences over draws, and the share of variance by parameters."""

import math

from sim.findings import Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.findings.text import number
from sim.registry.outcomes import outcomes
from sim.runs.parameter_draws import warning, worth

HEAD = ("outcome", "scenario", "E[Δ]", "share from parameters", "P(Δ > 0)")
NOTE = ("E[Δ]: mean over draws, with the central 95 % of the draws' means in brackets. Share: part of the variance of "
        "one run's difference that is due to parameters and not to chance. P(Δ > 0): share of draws. Simulated under "
        "stated assumptions.")


def present(tables) -> Findings:
    """Return the table of all outcomes, and a remark on the reliability of the draws."""
    rows, gates = tables["uncertainty"], tables.get("uncertainty_gates")
    table = Table("Differences under drawn parameters", HEAD, tuple(map(cells, rows)), NOTE)
    return Findings({"uncertainty": table}, (worth(gates[0]["parameters"], gates),) if gates else (), quoted(rows))


def cells(row) -> tuple:
    """Cells of one outcome in one scenario; a cell without a number is empty."""
    entry = outcomes()[row["outcome"]]
    name = row["scenario"] + (f", {row['at']}" if row["at"] else "")
    if not row["mean"]:
        return entry.label, name, "", "", ""
    share = value_of(row, "share")
    return (f"{entry.label} [{entry.unit}]", name, with_ends(row, ("mean", "low", "high"), entry.digits, signed=True),
            Number(100 * share, unit="%") if math.isfinite(share) else "", Number(value_of(row, "positive"), 2))


def quoted(rows) -> dict[str, str]:
    """Numbers that the page quotes, and the warning on the reliability of the stored posterior."""
    return {"replicates": rows[0]["replicates"], "draws": str(max(int(row["draws"]) for row in rows)),
            "warning": warning("posterior")} | {
        f"{name}_{row['outcome']}_{row['scenario']}": number(float(row[name]), 0 if name == "draws" else 2)
        for row in rows for name in ("share", "positive", "draws") if row[name]}
