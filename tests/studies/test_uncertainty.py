"""A comparison under drawn parameters: variances of chance and of parameters, and the whole study."""

import numpy as np
import pytest

from conftest import read_csv, swept
from sim.command.preflight import parse
from sim.findings import Number
from sim.runs.parameter_draws import gates_of, remark
from sim.runs.plan import make_plan
from sim.studies import analyse, needs
from sim.studies.uncertainty.study import decomposed, variances
from sim.studies.uncertainty.tables import cells, present


def test_variances_of_chance_and_of_parameters_are_recovered():
    luck = np.random.default_rng(4).normal(size=(4000, 4))
    between, within = 3.0, 2.0
    values = 5 + between * luck[:, :1] + within * luck[:, 1:]
    assert variances(values) == pytest.approx((within**2, between**2), rel=0.1)
    row = decomposed("price_mean", "dossier", "", values)
    assert row["mean"] == pytest.approx(5, abs=0.2) and row["share"] == pytest.approx(9 / 13, abs=0.03)
    assert row["positive"] == pytest.approx((values.mean(axis=1) > 0).mean())
    assert variances(np.tile(luck[:50, :1], (1, 3)))[0] == pytest.approx(0, abs=1e-20)  # nothing but parameters
    assert np.isnan(variances(values[:, :1])[0])


@pytest.mark.long
def test_a_comparison_under_draws_ends_with_both(tmp_path):
    words = ["+experiment=centralisation", "parameter_draws.source=prior", "parameter_draws.count=3",
             "replicates=2", "nights=5",
             "scenarios=[fragmented,dossier]"]
    assert make_plan(parse(words), needs).settings["analysis"] == "uncertainty"
    found = analyse("uncertainty", swept(tmp_path, *words))
    rows = read_csv(tmp_path / "uncertainty.csv")
    assert {(row["scenario"], row["at"]) for row in rows} == {("dossier", "")}
    assert {(row["draws"], row["replicates"]) for row in rows if row["outcome"] == "hhi_clients"} == {("3", "2")}
    assert len(found.tables["uncertainty"].rows) == len(rows) and not found.remarks  # a prior has no gates
    assert (tmp_path / "figures" / "uncertainty.png").stat().st_size > 5000


def test_a_cell_holds_the_row_and_an_outcome_without_numbers_is_empty():
    row = {"outcome": "price_mean", "scenario": "dossier", "at": "x=1", "draws": "3", "replicates": "2", "mean": "7.5",
           "low": "1.0", "high": "9.0", "share": "0.25", "positive": "1.0"}
    assert cells(row)[1:] == ("dossier, x=1", Number(7.5, 0, low=1.0, high=9.0, signed=True), Number(25.0, unit="%"),
                             Number(1.0, 2))
    assert cells(row | {"mean": "", "share": ""})[2:] == ("", "", "")


def test_draws_with_gates_are_said_to_be_worth_them():
    gates = gates_of("posterior")
    row = {"outcome": "price_mean", "scenario": "dossier", "at": "", "draws": "3", "replicates": "2", "mean": "",
           "low": "", "high": "", "share": "", "positive": ""}
    found = present({"uncertainty": [row], "uncertainty_gates": [{"parameters": "posterior", **g} for g in gates]})
    assert gates and found.remarks == (f"parameter_draws.source=posterior: {remark(gates)} (docs/calibration.md)",)
    assert not gates_of("prior") and not gates_of(None)
