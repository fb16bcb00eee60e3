"""What the main comparison says of its headline: break-ups, premises, independent pieces of information."""

import csv
import io

import numpy as np
import pyarrow as pa
import pytest

from sim.findings import markdown
from sim.registry.files import as_csv
from sim.registry.outcomes import primary
from sim.statistics.summary import summarise
from sim.studies import breakups, information, premises
from sim.studies.comparison import BRIEF, WORTH, present
from sim.studies.summarised import Summary

N = 6
LEVERS = ("joint_pricing", "internal_peace", "skim")


def rows(reference="fragmented", other="centralised", whole=(1,) * N, rise=1.0):
    """Rows of summary.csv, as read, of two scenarios; in `other` an organisation is whole on these shares of nights."""
    luck = np.random.default_rng(2).normal(100, 1, N)
    data = {"experiment": ["x"] * 2 * N, "scenario": [reference] * N + [other] * N,
            "replicate": [*range(N)] * 2, "seed": [*range(N)] * 2, "nights": [365] * 2 * N}
    for name in ("price_mean", "clashes", *primary()):
        data[name] = [*luck, *(luck + rise * np.arange(1, N + 1))]
    data |= {"organisation_whole": [0.0] * N + list(map(float, whole)),
             "organisation_breaks": [0.0] * N + [float(0 < w < 1) for w in whole]}
    return list(csv.DictReader(io.StringIO(as_csv(summarise(pa.table(data), reference)))))


def signs(**shares):
    """Rows of emergence.csv; shares of draws with a rise and a fall by outcome."""
    return [{"outcome": name, "draws": "512", "rises": str(up), "falls": str(down)}
            for name, (up, down) in shares.items()]


def ablation(changes: dict, share="1.0"):
    """Rows of ablation.csv with these changes, in noise floors, of the primary outcomes without each lever."""
    return [{"scenario": "centralised", "arm": f"lever {lever} off", "outcome": name, "difference": str(value),
             "floor": "1.0", "verdict": "moves" if abs(value) > 1 else "identical" if value == 0 else "within noise",
             "share": share, "share_low": "0.8", "share_high": "1.3"}
            for lever, line in changes.items() for name, value in zip(primary(), line)]


ONE_EQUATION = {"joint_pricing": (50, -9, -30, -12, -4, 80), "internal_peace": (0.2, -0.4, 0.1, 0.9, -0.3, 0.1),
                "skim": (0,) * 6}


# break-ups ---------------------------------------------------------------------------------------------------------
def test_break_ups_are_counted_by_run():
    found = present({"summary": rows(whole=(1, 1, 1, 1, 0.4, 0))})
    assert found.tables["breakups"].rows[0][:5] == ("centralised", "6", "4", "1", "1")
    assert "in 4 of 6 runs of centralised." in found.values["breakups"]
    assert found.values["breakups"] in found.remarks


def test_outcomes_given_whole_stand_beside_those_of_all_runs():
    found = present({"summary": rows(whole=(1, 1, 1, 1, 0.4, 0))})
    _, scenario, every, pairs, whole, kept = found.tables["whole"].rows[0]
    assert (scenario, pairs, kept) == ("centralised", "6", "4")
    assert every.value == pytest.approx(3.5) and whole.value == pytest.approx(2.5) and np.isfinite(whole.half_width)
    assert len(found.tables["whole"].rows) == 1 + len(primary())


def test_too_few_whole_runs_are_said_and_have_no_interval():
    found = present({"summary": rows(whole=(1, 1, 0.1, 0.2, 0.4, 0))})
    whole = found.tables["whole"].rows[0][4]
    assert whole.value == pytest.approx(1.5) and "±" not in str(whole)
    assert "no interval for centralised, where fewer than 3" in found.values["breakups"]
    assert "fewer than 3" not in present({"summary": rows(whole=(1, 1, 1, 0.2, 0.4, 0))}).values["breakups"]


def test_an_organisation_that_never_breaks_needs_no_second_column():
    found = present({"summary": rows()})
    assert "breakups" in found.tables and "whole" not in found.tables
    assert "in 6 of 6 runs of centralised." in found.values["breakups"]
    without = present({"summary": rows(whole=(0,) * N)})
    assert without.values["breakups"] == "" and not {"breakups", "whole"} & set(without.tables)


def test_a_summary_of_an_earlier_version_says_that_break_ups_were_not_recorded():
    old = [{key: value for key, value in row.items() if "whole" not in key and "broken" not in key} for row in rows()]
    assert present({"summary": old}).values["breakups"] == breakups.NOT_RECORDED


# premises ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("up, grade", [(0.96, "**premise**"), (0.95, "either way"), (0.3, "either way"),
                                       (0.02, "contrary to a premise")])
def test_a_sign_is_a_premise_if_it_holds_in_more_than_95_per_cent_of_draws(up, grade):
    summary = Summary(rows(rise=1.0))
    table = premises.premises(summary, {"emergence": signs(price_mean=(up, round(1 - up, 2)))})
    assert table.rows[0][3] == f"{100 * up:.1f} %" and table.rows[0][5] == grade


def test_the_share_is_that_of_the_sign_of_this_run():
    emergence = {"emergence": signs(price_mean=(0.97, 0.03), clashes=(0.1, 0.8))}
    rise, fall = (premises.premises(Summary(rows(rise=rise)), emergence) for rise in (1.0, -1.0))
    assert [row[3] for row in rise.rows] == ["97.0 %", "10.0 %"]
    assert [row[3] for row in fall.rows] == ["3.0 %", "80.0 %"]
    said = premises.sentence(Summary(rows()), emergence)
    assert "mean crossing price (97.0 %): a premise" in said and said.endswith("clashes (10.0 %).")
    assert premises.sentence(Summary(rows(rise=-1.0)), emergence).startswith("No headline sign")


def test_other_comparisons_and_missing_tables_borrow_no_grade():
    emergence = {"emergence": signs(price_mean=(0.97, 0.03))}
    others = [{"summary": rows(other="dossier")} | emergence, {"summary": rows(reference="status_quo")} | emergence]
    for tables in (*others, {"summary": rows()}, {"summary": rows(), "emergence": []}):
        found = present(tables)
        assert "premises" not in found.tables and found.values["premises"] == premises.NOT_COMPUTED


# information -------------------------------------------------------------------------------------------------------
def test_one_equation_is_one_piece_of_information_despite_noise():
    found = information.effects(ablation(ONE_EQUATION))
    exact, noisy = information.pieces(found)
    assert exact == pytest.approx(1.0) and 1.0 < noisy < 2.0
    assert found.levers == list(LEVERS) and found.outcomes == primary()


def test_the_number_and_the_leading_lever_are_said_and_the_table_holds_every_share():
    tables = {"summary": rows(), "ablation": ablation(ONE_EQUATION, share="1.04")}
    found = present(tables)
    assert "hold 1.0 independent pieces of information" in found.values["information"]
    assert "6 of the 6 move beyond chance" in found.values["information"]
    assert "joint_pricing carries the largest share" in found.values["information"]
    assert "in 6 of 6 outcomes (104 %)" in found.values["information"]
    table = found.tables["levers"]
    assert [row[0] for row in table.rows] == list(LEVERS) and len(table.head) == 1 + len(primary())
    assert table.rows[0][1] == "*104 (80 to 130)*" and str(table.rows[1][1]) == "104 (80 to 130)"
    assert table.rows[2][1] == "identical" and "| skim | identical |" in markdown.render_table(table)


def test_a_share_of_a_difference_that_may_be_zero_is_not_shown():
    unbounded = [row | {"share_low": "-inf", "share_high": "inf"} for row in ablation(ONE_EQUATION)]
    found = present({"summary": rows(), "ablation": unbounded})
    assert found.tables["levers"].rows[0][1] == "–" and "largest share" not in found.values["information"]


def test_without_the_table_of_the_ablation_it_says_that_nothing_was_computed():
    for tables in ({"summary": rows()}, {"summary": rows(), "ablation": []}):
        found = present(tables)
        assert found.values["information"] == information.NOT_COMPUTED and "levers" not in found.tables
    other = present({"summary": rows(other="dossier"), "ablation": ablation(ONE_EQUATION)})
    assert other.values["information"] == "" and "levers" not in other.tables


def test_levers_that_move_nothing_leave_the_number_undefined():
    still = {lever: (0.1, 0.2, -0.1, 0.3, 0.1, 0.2) for lever in LEVERS}
    assert "not defined" in present({"summary": rows(), "ablation": ablation(still)}).values["information"]


def test_what_the_headline_is_worth_is_said_first_and_shown_on_the_terminal():
    found = present({"summary": rows(whole=(1, 1, 1, 1, 0.4, 0)), "ablation": ablation(ONE_EQUATION),
                     "emergence": signs(price_mean=(0.97, 0.03))})
    assert found.remarks[:3] == tuple(found.values[name] for name in WORTH)
    assert {"breakups", "whole", "premises", "levers"} <= set(found.tables) & set(BRIEF)
