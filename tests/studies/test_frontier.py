"""The experiment `frontier`: its grid, its laws, neutral words, and the whole command."""

import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import analysed, read_csv, swept
from sim.command.preflight import parse
from sim.findings import Number
from sim.registry.outcomes import primary
from sim.registry.parameters import ConfigurationError
from sim.runs.grid import Grid
from sim.runs.plan import make_plan
from sim.studies import analyse, findings_of, needs
from sim.studies.frontier.study import BANDS, KEYS, every_outcome

TINY = "sweep={organisation.control:[0.0,1.0],police.patrols:[40,160]}"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real sweep, analysed: two controls × two numbers of patrols × 2 replicates."""
    return analysed(tmp_path_factory.mktemp("frontier"), "frontier", "+experiment=frontier", "replicates=2", TINY)


@pytest.fixture(scope="module")
def rows(folder):
    return read_csv(folder / "frontier.csv")


def test_the_experiment_is_a_full_grid_with_the_bands_and_the_default_in_it():
    plan = make_plan(parse(["+experiment=frontier"]), needs)
    control, patrols = ({p.values[key] for p in plan.points} for key in KEYS[1:])
    assert len(plan.points) == len(control) * len(patrols) == 25
    assert set(BANDS) <= control and 80 in patrols


@pytest.mark.long
def test_every_outcome_stands_at_every_point(rows):
    assert set(primary()) <= set(every_outcome())
    for name in every_outcome():
        here = [(float(r["control"]), float(r["patrols"])) for r in rows if r["outcome"] == name]
        assert here == [(0, 40), (0, 160), (1, 40), (1, 160)]


@pytest.mark.long
def test_control_0_does_not_differ_from_itself(rows):
    for row in rows:
        if float(row["control"]) == 0:
            assert row["sign"] == "0"
            assert not row["difference"] or float(row["difference"]) == float(row["difference_high"]) == 0


@pytest.mark.long
def test_control_0_is_the_fragmented_market(folder, tmp_path):
    plain = pq.read_table(swept(tmp_path, "scenario=fragmented", "police.patrols=40,160", "replicates=2")
                          / "runs.parquet")
    grid = Grid(folder, KEYS)
    assert grid["joint_surplus"][0, 0].ravel().tolist() == plain["joint_surplus"].to_pylist()


@pytest.mark.long
def test_more_patrols_cost_the_state_more(rows):
    cost = [float(r["mean"]) for r in rows if r["outcome"] == "state_cost" and float(r["control"]) == 0]
    assert cost[1] > cost[0] > 0


@pytest.mark.long
def test_injuries_are_those_of_all_causes_by_arrivals(folder):
    table = pq.read_table(folder / "runs.parquet").to_pylist()
    first = table[0]
    total = sum(first[f"injuries_{who}"] for who in ("authorities", "groups", "clashes"))
    assert Grid(folder, KEYS)["injuries_per_10k"].ravel()[0] == pytest.approx(1e4 * total / first["arrivals"])


@pytest.mark.long
def test_tables_hold_the_numbers_of_the_csv_file(folder, rows):
    table = findings_of("frontier", folder).tables["frontier"]
    assert table.head == ("outcome", "control", "40 patrols", "160 patrols")
    place = next(k for k, line in enumerate(table.rows) if "Cost to the state" in line[0])
    means, changes = table.rows[place][2:], table.rows[place + 1][2:]
    here = {(float(r["control"]), r["patrols"]): r for r in rows if r["outcome"] == "state_cost"}
    assert [cell.value for cell in means] == [float(here[0, k]["mean"]) for k in ("40", "160")]
    assert [(cell.value, cell.low) for cell in changes] == [
        (float(here[1, k]["difference"]), float(here[1, k]["difference_low"])) for k in ("40", "160")]
    assert all(isinstance(cell, Number) and cell.signed for cell in changes)


@pytest.mark.long
def test_figures_and_captions_are_there(folder):
    for name in ("frontier.pdf", "frontier.png", "frontier_bands.pdf", "frontier_bands.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500


@pytest.mark.long
def test_nothing_is_recommended(folder):
    pages = [folder / "said.txt", folder / "figures" / "captions.md", ROOT / "docs" / "frontier.md",
             ROOT / "experiments" / "frontier" / "README.md", ROOT / "configs" / "experiment" / "frontier.yaml"]
    for page in pages:
        text = page.read_text(encoding="utf-8").lower()
        assert not re.search(r"\b(optim\w*|best|ideal\w*|should|recommend\w*|efficient\w*|trade-off)\b", text), page


@pytest.mark.parametrize("spoil, said", [
    (lambda t: t.slice(0, t.num_rows - 1), "1 of 8 runs are missing, first scenario=centralised, "
                                           "organisation.control=1.0, police.patrols=160, replicate=1"),
    (lambda t: t.slice(4), "no runs with organisation.control=0.0"),
])
@pytest.mark.long
def test_a_table_that_is_not_whole_is_refused_in_one_line(folder, tmp_path, spoil, said):
    pq.write_table(spoil(pq.read_table(folder / "runs.parquet").sort_by("organisation.control")),
                   tmp_path / "runs.parquet")
    with pytest.raises(ConfigurationError) as refused:
        analyse("frontier", tmp_path)
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.long
def test_the_command_runs_to_its_figures(tmp_path):
    words = ["+experiment=frontier", "scale=0.05", "nights=3", "warmup=2", "replicates=1", "workers=1", TINY]
    done = subprocess.run([sys.executable, "-m", "sim", *words], cwd=tmp_path, capture_output=True, text=True,
                          timeout=400)
    assert done.returncode == 0, done.stderr
    assert "centralised: means at control 0, and paired differences from control 0" in done.stdout
    assert (tmp_path / "results" / "frontier" / "latest" / "figures" / "frontier_bands.png").exists()
