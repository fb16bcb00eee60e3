"""The experiment `sensitivity`: indices known in advance, chance set apart, the mapping, refusals, resuming."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import read_csv
from sim.command.preflight import check, parse
from sim.registry.configuration import compose_all, configure
from sim.registry.outcomes import primary
from sim.registry.parameters import ConfigurationError, check_value, flatten, registry
from sim.registry.ranges import STANDINGS, left_open, standing, value_at, values_at, varied
from sim.runs.plan import make_plan, write_plan
from sim.runs.work import work
from sim.statistics.indices import STEP, saltelli, screen, shares, split, trajectories
from sim.studies import analyse, findings_of, needs
from sim.studies import rounds as stages_of
from sim.studies.sensitivity.design import Designs
from sim.studies.sensitivity.results import Results, kept
from sim.studies.sensitivity.study import rounds
from sim.studies.sensitivity.tables import present

KEYS = ["police.patrols", "gangs.count", "gangs.clash_rate"]
TINY = ["+experiment=sensitivity", "scenarios=[fragmented,centralised]", "scale=0.05", "nights=6", "warmup=4",
        f"sensitivity.vary=[{','.join(KEYS)}]", "sensitivity.trajectories=2", "sensitivity.sobol_points=2",
        "sensitivity.keep=2"]


def noisy(expected, sd, seeds=4):
    """Runs of a random model with that expectation, points × seeds."""
    return expected[:, None] + np.random.default_rng(3).normal(0, sd, (len(expected), seeds))


def ishigami(cube):
    """Ishigami and Homma 1990 with a = 7, b = 0.1."""
    x = np.pi * (2 * cube - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


# indices -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sd", [0.0, 3.0])
def test_indices_of_ishigami_are_the_known_ones_whatever_the_chance(sd):
    values = noisy(ishigami(saltelli(["a", "b", "c"], 1024, 1)), sd)
    found = shares(["a", "b", "c"], values, 1)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.06)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.06)
    assert found.variance.parameters == pytest.approx(13.845, rel=0.06)
    assert found.variance.share_of_chance == pytest.approx(sd**2 / (sd**2 + 13.845), abs=0.02)


def test_uncorrected_total_indices_would_be_wrong():
    """What the correction is for: with one seed, chance passes for interactions."""
    values = noisy(ishigami(saltelli(["a", "b", "c"], 1024, 1)), 3.0, seeds=1)
    found = shares(["a", "b", "c"], values, 1)
    assert found.total[1] > 0.6 and np.isnan(found.variance.share_of_chance)


def test_a_linear_model_gives_the_squares_of_its_slopes():
    slopes = np.array([4.0, 2.0, 1.0, 0.0])
    cube = saltelli(list("abcd"), 512, 2)
    found = shares(list("abcd"), noisy(cube @ slopes, 1.0), 2)
    assert found.first == pytest.approx(slopes**2 / 21, abs=0.06) and found.total == pytest.approx(found.first, abs=0.1)
    assert found.variance.chance == pytest.approx(1.0, rel=0.05)
    assert found.variance.parameters == pytest.approx(21 / 12, rel=0.1)


def test_groups_add_up():
    cube = saltelli(list("abcd"), 256, 2, groups=["x", "y", "x", "y"])
    found = shares(list("abcd"), noisy(cube @ [4.0, 2.0, 1.0, 0.0], 0.5), 2, ["x", "y", "x", "y"])
    assert found.first == pytest.approx([17 / 21, 4 / 21], abs=0.08)


def test_where_nothing_but_chance_varies_there_are_no_indices():
    cube = saltelli(["a", "b"], 16, 1)
    assert shares(["a", "b"], np.zeros((len(cube), 2)), 1) is None
    still = np.tile([[1.0, -1.0]], (len(cube), 1)) + 1e-3 * cube[:, :1]
    assert shares(["a", "b"], still, 1) is None


def test_blocks_and_trajectories_that_miss_a_run_are_left_out():
    values = noisy(ishigami(saltelli(["a", "b", "c"], 64, 1)), 1.0)
    values[7, 1] = np.nan
    assert shares(["a", "b", "c"], values, 1).blocks == 63
    cube = trajectories(["a", "b"], 4, 1)
    values = noisy(cube @ [3.0, 1.0], 0.0)
    values[1, 0] = np.nan
    assert screen(["a", "b"], cube, values, 0.0, 1).trajectories == 3
    values[3:7] = np.nan
    assert screen(["a", "b"], cube, values, 0.0, 1) is None


def test_elementary_effects_of_a_linear_model_are_its_slopes():
    cube = trajectories(list("abc"), 6, 1)
    found = screen(list("abc"), cube, noisy(cube @ [3.0, -2.0, 0.0], 0.0), 0.0, 1)
    assert found.mu == pytest.approx([3, -2, 0]) and found.mu_star == pytest.approx([3, 2, 0])
    assert found.sigma == pytest.approx([0, 0, 0], abs=1e-9) and found.floor == pytest.approx(0, abs=1e-9)


def test_pure_chance_rarely_passes_the_floor():
    names = [f"p{k}" for k in range(50)]
    cube = trajectories(names, 10, 1)
    found = screen(names, cube, noisy(np.zeros(len(cube)), 2.0, seeds=2), 4.0, 1)
    assert (found.mu_star > found.floor).sum() <= 4
    assert found.mu_star.mean() == pytest.approx(2.0 * np.sqrt(2 / np.pi) / STEP, rel=0.1)  # √(2 C/n) = 2


def test_the_variance_splits():
    points = np.random.default_rng(1).normal(0, 2, 4000)
    found = split(noisy(points, 1.0, seeds=2))
    assert (found.parameters, found.chance) == pytest.approx((4.0, 1.0), rel=0.1)
    assert split(points[:, None]).parameters == pytest.approx(4.0, rel=0.1)


# from the cube to configurations -----------------------------------------------------------------------------------
@given(u=st.floats(0, 1))
def test_every_point_of_the_cube_is_a_value_within_the_range_and_of_the_type(u):
    for entry in varied():
        value = value_at(entry, u)
        assert entry.range[0] <= value <= entry.range[1]
        assert type(check_value(entry, value)) is (int if entry.type == "int" else float)


def test_the_ends_of_the_cube_are_the_ends_of_the_ranges():
    for entry in varied():
        assert (value_at(entry, 0.0), value_at(entry, 1.0)) == pytest.approx(entry.range)


def test_what_is_set_is_not_varied():
    bases = {"fragmented": flatten(configure("fragmented", ["police.patrols=33"]).as_dict())}
    values = values_at(varied(), [0.5] * len(varied()))
    open_keys = left_open(bases["fragmented"], values)
    assert set(values) - set(open_keys) == {"police.patrols", "gangs.large_share"}


def test_keys_and_groups_can_be_chosen():
    assert {e.key.split(".")[0] for e in varied(["camps"])} == {"camps"} and len(varied(KEYS)) == 3
    for name, said in (("polise", "did you mean"), ("gangs.buy_share", "nothing there has a plausible range")):
        with pytest.raises(ConfigurationError, match=said):
            varied([name])


def test_contested_is_what_cites_a_contested_fact():
    assert standing(registry()["gangs.clash_rate"]) == "contested"  # F4
    assert standing(registry()["police.patrols"]) == "assumed"
    assert {standing(e) for e in varied()} <= set(STANDINGS)


# the study ---------------------------------------------------------------------------------------------------------
def study(*words):
    settings, parameters = compose_all([*TINY, *words])
    return Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})


def test_designs_are_the_same_each_time_and_share_no_seed():
    one, two = study(), study()
    assert one.rows(one.morris) == two.rows(two.morris)
    a, b, c = set(one.morris.seeds), set(one.sobol(KEYS[:2]).seeds), set(one.status.seeds)
    assert len(a) == 2 and len(b) == 8 and not (a & b or a & c or b & c)


def test_a_larger_base_goes_on_from_a_smaller_one():
    small, large = (study(f"sensitivity.sobol_points={n}") for n in (2, 4))
    few, many = small.rows(small.sobol(KEYS)), large.rows(large.sobol(KEYS))
    assert many[:len(few)] == few


def test_refused_points_are_counted_and_left_out():
    one = study()
    one.bases = {name: {**base, "border.sectors": [2, 2, 2]} for name, base in one.bases.items()}
    refused = [said for said in one.points(one.morris) if isinstance(said, str)]
    assert 0 < len(refused) < len(one.morris.cube) and all("at most one group per sector" in said for said in refused)
    assert all(row.get("gangs.count", 0) <= 6 for row in one.rows(one.morris))
    assert len(one.rows(one.morris)) == 2 * (len(one.morris.cube) - len(refused))


@pytest.mark.parametrize("words, said", [
    (["scenarios=[fragmented,centralised,dossier]"], "give pairs"),
    (["sensitivity.sobol_points=3"], "must be a power of two"),
    (["sensitivity.trajectories=1"], "must be a whole number from 2"),
    (["sensitivity.vary=police"], "must be a list of keys or null"),
])
def test_bad_settings_are_one_line(words, said):
    with pytest.raises(ConfigurationError, match=said):
        study(*words)


def test_the_experiment_is_a_sweep_that_chooses_its_own_points():
    assert needs("sensitivity").own_points and not needs(None).own_points
    assert check(["+experiment=sensitivity"])[0] == "-m"
    with pytest.raises(ConfigurationError, match="draws its own points"):
        make_plan(parse([*TINY, "police.patrols=40,80"]), needs, [{"scenario": "fragmented"}])


def played(folder, part=1.0):
    """The study as the driver runs it, in this process; `part` of each stage first."""
    settings, parameters = compose_all(TINY)
    ahead = stages_of(settings, parameters)
    rows = next(ahead)
    while True:
        plan = make_plan(parse(TINY), needs, rows)
        file, count = write_plan(plan, folder).name, len(plan.points)
        for last in sorted({int(part * count), count}):
            work(folder, file, 0, last, "test", 1)
        (folder / "manifest.json").write_text(json.dumps({"configuration_hash": plan.name}))
        try:
            rows = ahead.send(folder)
        except StopIteration:
            return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real study, analysed."""
    folder = played(tmp_path_factory.mktemp("sensitivity"))
    analyse("sensitivity", folder)
    return folder


def rows_of(folder, name):
    return read_csv(folder / f"sensitivity_{name}.csv")


@pytest.mark.long
def test_tables_hold_levels_and_the_paired_difference(folder):
    morris = rows_of(folder, "morris")
    assert {r["contrast"] for r in morris} == {"fragmented", "centralised", "centralised minus fragmented"}
    assert {r["outcome"] for r in morris} <= set(primary()) and {r["parameter"] for r in morris} == set(KEYS)
    sobol = rows_of(folder, "sobol")
    chosen = {r["parameter"] for r in rows_of(folder, "ranking") if r["kept"] == "True"}
    assert {r["parameter"] for r in sobol} == chosen and 1 <= len(chosen) <= 2
    assert {r["status"] for r in rows_of(folder, "status")} == {"assumed", "contested"}
    assert (folder / "figures" / "sensitivity_morris.pdf").stat().st_size > 500
    assert "refused" in (folder / "figures" / "captions.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_findings_are_of_the_tables_and_nothing_else(folder):
    findings = findings_of("sensitivity", folder)
    assert set(findings.tables) == {"freed", "indices", "other_indices", "status"}
    ranking, indices = rows_of(folder, "ranking"), findings.tables["indices"]
    kept = sum(row["kept"] == "True" for row in ranking)
    assert findings.values["kept"] == str(kept)
    assert [row[0] for row in indices.rows] == ["centralised minus fragmented"] * kept + ["fragmented"] * kept
    assert {row[0] for row in findings.tables["other_indices"].rows} == {"centralised"}


@pytest.mark.long
def test_without_groups_there_is_no_table_by_status(folder):
    tables = {path.stem: read_csv(path) for path in folder.glob("sensitivity_*.csv")}
    del tables["sensitivity_status"]
    assert "status" not in present(tables).tables


@pytest.mark.long
def test_a_difference_is_taken_seed_by_seed(folder):
    results = Results(study(), folder)
    level = {q.contrast: results.values(results.designs.morris, q) for q in results.quantities if
             q.outcome == "joint_surplus"}
    assert np.array_equal(level["centralised minus fragmented"], level["centralised"] - level["fragmented"])
    assert np.isfinite(level["fragmented"]).all()


@pytest.mark.long
def test_a_stopped_study_goes_on_to_the_same_bytes(folder, tmp_path):
    played(tmp_path, part=0.4)
    analyse("sensitivity", tmp_path)
    for name in ("morris", "sobol", "status", "ranking"):
        file = f"sensitivity_{name}.csv"
        assert (tmp_path / file).read_bytes() == (folder / file).read_bytes()
    shutil.rmtree(tmp_path / "figures")


@pytest.mark.long
def test_no_more_than_asked_are_kept_and_only_what_stands_out(folder):
    ranking = Results(study(), folder).ranking()
    assert [line.score for line in ranking if line.kept] == sorted((r.score for r in ranking if r.kept), reverse=True)
    assert len(kept(ranking)) <= 2
    with pytest.raises(ConfigurationError, match="no effect of stage 1 exceeds chance"):
        kept([line._replace(kept=False) for line in ranking])


@pytest.mark.long
def test_stages_end(folder):
    ahead = rounds(*compose_all(TINY))
    assert next(ahead) and ahead.send(folder)
    with pytest.raises(StopIteration):
        ahead.send(folder)
