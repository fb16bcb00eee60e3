"""Calibration: the file is whole, draws are the prior's, both methods find what is known, gates see what is wrong."""

import csv
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import kstest

from sim.command.preflight import parse
from sim.registry.configuration import compose_all, configure
from sim.registry.files import write_rows
from sim.registry.parameters import ConfigurationError, flatten, registry
from sim.runs import parameter_draws as free
from sim.runs.plan import make_plan, plan_like, write_plan
from sim.runs.work import work
from sim.studies import analyse, needs
from sim.studies.calibration import approximate, bank, gates, neural
from sim.studies.calibration import study as calibration
from sim.studies.calibration.approximate import Sample
from sim.studies.calibration.summaries import SCALES, latent, needed, observed, simulated, summaries, window, within
from sim.studies.calibration_screening.study import SEEDS, Screened, defaults, rows
from sim.studies.calibration_screening.tables import present
from sim.studies.sensitivity.design import Designs

KEYS = [one.key for one in free.free()]


def test_the_posterior_that_comes_with_the_package_is_that_of_the_reference_run():
    reference = Path(__file__).parents[2] / "results" / "reference" / "calibration"
    for name in ("posterior.csv", "calibration_gates.csv"):
        assert free.POSTERIOR.with_name(name).read_bytes() == (reference / name).read_bytes()


# the file --------------------------------------------------------------------------------------------------------
def test_at_most_twelve_are_free_and_every_other_one_is_frozen_for_a_reason():
    assert 0 < len(KEYS) <= 12 and len(set(KEYS)) == len(KEYS)
    frozen = free.specification()["frozen"]
    assert all(row["reason"] for row in (*frozen, *free.specification()["free"]))
    for key, entry in registry().items():
        if entry.range and key not in KEYS:
            assert any(fnmatch(key, row["keys"]) for row in frozen), f"{key} is neither free nor frozen"
    for row in frozen:
        assert any(fnmatch(key, row["keys"]) for key in registry()), f"{row['keys']} freezes nothing"


def test_targets_lie_in_their_intervals_and_name_a_source():
    for one in summaries():
        assert one.low <= one.target <= one.high and one.source and one.error > 0 and one.scale in SCALES
        assert all(0 < share <= 1 for _, share in (*one.columns, *one.per))


def test_defaults_lie_in_every_prior():
    for one in free.free():
        assert 0 <= one.unit(registry()[one.key].default) <= 1
        assert one.unit(one.value(0.3)) == pytest.approx(0.3)


# draws -----------------------------------------------------------------------------------------------------------
def test_more_draws_keep_those_before_and_fill_the_prior():
    few, many = free.quantiles(20), free.quantiles(200)
    assert np.array_equal(few, many[:20])
    assert all(kstest(column, "uniform").pvalue > 0.5 for column in many.T)


def test_draws_survive_a_file(tmp_path):
    units = free.quantiles(9)
    write_rows(free.rows(units), tmp_path / "draws.csv")
    rows = free.draws_of(str(tmp_path / "draws.csv"), None)
    assert np.allclose(free.units_of({key: [row[key] for row in rows] for key in KEYS}), units, atol=1e-4)
    assert free.draws_of(str(tmp_path / "draws.csv"), 4) == rows[:4]


def test_any_experiment_can_run_on_draws():
    words = ["+experiment=centralisation", "parameter_draws.source=prior", "parameter_draws.count=5"]
    plan = make_plan(parse(words), needs)
    assert len(plan.points) == 5 * 4 and plan.swept == KEYS
    first = plan.points[0]
    assert first.parameters.border.search_rate == free.draws_of("prior", 5)[0]["border.search_rate"]


@pytest.mark.parametrize("words, said", [
    (["parameter_draws.source=nowhere.csv"], "no such file"),
    (["parameter_draws.source=prior", "parameter_draws.count=0"], "must be a whole number from 1"),
])
def test_what_cannot_be_drawn_is_one_line(words, said):
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse(words), needs)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_without_a_stored_posterior_one_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(free, "POSTERIOR", tmp_path / "none.csv")
    with pytest.raises(ConfigurationError, match="none is stored"):
        free.draws_of("posterior", None)


def test_draws_and_a_design_are_crossed(tmp_path):
    (tmp_path / "points.csv").write_text("police.patrols\n40\n80\n", encoding="utf-8")
    words = ["parameter_draws.source=prior", "parameter_draws.count=3", f"design={tmp_path / 'points.csv'}"]
    plan = make_plan(parse(words), needs)
    assert [point.values["police.patrols"] for point in plan.points] == [40, 40, 40, 80, 80, 80]


def test_further_points_are_those_of_a_plan(tmp_path):
    plan = make_plan(parse(["+experiment=calibration", "parameter_draws.count=4"]), needs)
    again = plan_like(write_plan(plan, tmp_path), free.draws_of("prior", 4))
    assert [p.identity for p in again.points] == [p.identity for p in plan.points] and again.nights and plan.nights


# summaries -------------------------------------------------------------------------------------------------------
def bank_table(runs=60):
    """A table as a bank's, made of nothing but draws: interceptions and all that is seen more with detection, deaths
    with the rate of accidents."""
    units = free.quantiles(runs)
    columns = {one.key: one.value(units[:, k]) for k, one in enumerate(free.free())}
    level = 1e4 * (1 + units[:, KEYS.index("border.search_rate")])
    dead = 6 * units[:, KEYS.index("border.accident_rate")] + 1
    size = {"arrivals": 1, "nights": 0.003, "operation": 0.0003, "camp_nights": 10, "price_mean": 1, "in_camp": 0.3,
            "informal": 0.05, "flat": 0.02, "unsheltered": 0.01, "found_in_operation": 0.1, "clashes_reported": 1e-4,
            "suspects_in_operation": 0.005, "interceptions": 1}
    for name, months in needed().items():
        for month in months:
            season = 1 + int(month[-2:]) / 6
            columns[f"{name}_{month}"] = dead if name.startswith("deaths") else level * size[name] * season
    return columns


def test_summaries_of_a_table():
    found = {one.name: one.of(bank_table()) for one in summaries()}
    season = 1 + np.arange(1, 13) / 6
    assert (found["detections_2022"] < 0.9 * found["interceptions_2022"]).all()
    assert found["peak_2022"] == pytest.approx(found["detections_2022"] * season[-1] / season.sum())
    assert found["peak_to_mean_2022"] == pytest.approx(season[-1] / season.mean())
    shares = np.array([found[f"months_2022-{k:02d}"] for k in range(1, 13)])
    assert shares == pytest.approx(np.tile(season[:, None] / season.sum(), (1, shares.shape[1])))
    assert found["suspects_per_found_2023-08"] == pytest.approx(0.05)
    assert found["stay_2021"] == pytest.approx(10 / registry()["observation.registered"].default)
    seen = [registry()[f"observation.deaths_{cause}"].default for cause in ("authorities", "groups", "clashes")]
    dead = bank_table()["deaths_groups_2022_01"]
    assert found["violence_2022"] == pytest.approx(12 * dead * sum(seen))


def test_summaries_have_names_of_their_own_and_lie_in_the_window():
    names = [one.name for one in summaries()]
    assert len(set(names)) == len(names)
    months = {str(month).replace("-", "_") for month in window()}
    assert all(one.months and set(one.months) <= months for one in summaries())
    assert [one.months for one in summaries() if one.name == "months_2023-09"] == [
        tuple(f"2023_{k:02d}" for k in range(1, 10))]
    assert {one.row for one in within([f"2023_{k:02d}" for k in (8, 9)])} == {"found", "suspects_per_found"}


def test_periods_of_a_row_share_their_errors():
    table, names = bank_table(2048), [one.name for one in summaries()]
    errors = simulated(table) - latent(table)
    r = np.corrcoef(errors.T)
    assert r[names.index("interceptions_2021"), names.index("interceptions_2022")] == pytest.approx(0.8, abs=0.05)
    assert r[names.index("drowning_2021"), names.index("drowning_2022")] == pytest.approx(0, abs=0.08)
    assert r[names.index("interceptions_2021"), names.index("detections_2021")] == pytest.approx(0, abs=0.08)


def test_errors_have_the_declared_spread_and_no_bias():
    table = bank_table(2048)
    errors = simulated(table) - latent(table)
    assert errors.mean(axis=0) == pytest.approx(0, abs=0.15)
    assert errors.std(axis=0) == pytest.approx([one.error for one in summaries()], rel=0.1)


def test_months_are_sums_of_flows_and_last_nights_of_stocks(monkeypatch):
    wanted = {"interceptions": ["2022_01", "2022_02"], "in_camp": ["2022_02"], "camp_nights": ["2022_02"],
              "found_in_operation": ["2022_01"], "nights": ["2022_02"]}
    monkeypatch.setattr(bank, "needed", lambda which: wanted)
    dates = np.tile(np.arange(np.datetime64("2022-01-30"), np.datetime64("2022-02-03")), 2)
    values = np.arange(8.0)
    nights = {"date": dates, "operation": np.tile([0, 1, 1, 0], 2), "interceptions": values, "in_camp": values,
              "found_and_moved": values}
    found = bank.by_month(nights, runs=2)
    assert {name: v.tolist() for name, v in found.items()} == {
        "interceptions_2022_01": [1, 9], "interceptions_2022_02": [5, 13], "in_camp_2022_02": [3, 7],
        "camp_nights_2022_02": [5, 13], "found_in_operation_2022_01": [1, 5], "nights_2022_02": [2, 2]}
    assert set(bank.nightly()) == set(nights)
    monkeypatch.setattr(bank, "needed", lambda which: {"interceptions": ["2022_03"]})
    with pytest.raises(ValueError, match="2022_03"):
        bank.by_month(nights, runs=2)


def test_a_generation_adds_runs_to_the_store_and_runs_none_twice(tmp_path, monkeypatch):
    units = free.quantiles(3)
    monkeypatch.setattr(bank, "needed", lambda which: {"interceptions": ["2021_01"]})
    monkeypatch.setattr(bank, "bank_of", lambda columns, sample: columns)
    words = ["+experiment=calibration", "parameter_draws.count=2", "scale=0.02", "nights=3", "warmup=0", "workers=1"]
    plan = make_plan(parse(words), needs)
    work(tmp_path, write_plan(plan, tmp_path).name, 0, 2, "test", 1)
    found = bank.generation(tmp_path, units, 1)
    assert len(found["seed"]) == 3 and found["interceptions_2021_01"] == pytest.approx(found["interceptions"])
    lines = sum(path.read_text().count('"values"') for path in (tmp_path / "journal").iterdir())
    again = bank.generation(tmp_path, units, 1)
    assert lines == 3 == sum(path.read_text().count('"values"') for path in (tmp_path / "journal").iterdir())
    assert again["interceptions_2021_01"].tolist() == found["interceptions_2021_01"].tolist()


# methods against a known answer ----------------------------------------------------------------------------------
def known(runs=800, noise=0.3, seed=0):
    """Logits of two of three quantiles are seen with error; the third leaves no trace."""
    units = np.clip(free.quantiles(runs)[:, :3], 1e-3, 1 - 1e-3)
    draws = approximate_draws(runs, 4)
    line = approximate.to_line(units)
    return units, np.stack([line[:, 0] + noise * draws[:, 0], line[:, 1] - line[:, 0] + noise * draws[:, 1],
                            draws[:, 2]], axis=1)


def approximate_draws(runs, columns):
    from sim.world.draws import Draws

    return np.stack([Draws(3).normal("test", 0, np.arange(runs), k) for k in range(columns)], axis=1)


def exact(goal, noise=0.3, cells=400):
    """Posterior mean of the first quantile on a grid: logistic prior, normal errors."""
    line = np.linspace(-7, 7, cells)
    u, v = np.meshgrid(line, line, indexing="ij")
    log = (-((goal[0] - u) ** 2) - (goal[1] - v + u) ** 2) / (2 * noise**2)
    weight = np.exp(log - log.max()) * expit(u) * expit(-u) * expit(v) * expit(-v)
    return float((weight * expit(u)).sum() / weight.sum()), float((weight * expit(v)).sum() / weight.sum())


@pytest.mark.parametrize("goal", [[0.0, 0.0, 0.0], [1.0, -1.5, 0.3]])
def test_approximate_computation_finds_the_exact_posterior(goal):
    units, found = known()
    sample = approximate.posterior(units, found, np.array(goal))
    assert sample.mean()[:2] == pytest.approx(exact(goal), abs=0.04)
    assert sample.mean()[2] == pytest.approx(0.5, abs=0.08) and sample.sd()[2] > 0.22  # nothing learnt


@pytest.mark.skipif(not neural.available(), reason="needs the extra `calibration`")
def test_the_neural_estimate_finds_the_exact_posterior():
    units, found = known()
    sample = neural.Estimator(units, found).posterior([1.0, -1.5, 0.3])
    assert sample.mean()[:2] == pytest.approx(exact([1.0, -1.5]), abs=0.06)
    assert sample.sd()[2] > 0.2


def test_a_second_generation_leaves_the_posterior_where_it_is():
    units, found = known()
    goal = np.array([1.0, -1.5, 0.3])
    first = approximate.posterior(units, found, goal)
    from sim.world.draws import Draws

    new = approximate.proposals(first, 300, Draws(5), 1)
    assert ((new > 0) & (new < 1)).all() and len(new) == 300
    noise = approximate_draws(1200, 4)[900:1200]
    line = approximate.to_line(new)
    more = np.stack([line[:, 0] + 0.3 * noise[:, 0], line[:, 1] - line[:, 0] + 0.3 * noise[:, 1], noise[:, 2]], axis=1)
    both = np.concatenate([units, new])
    weight = approximate.importance(both, [(len(units), None), (300, approximate.density(first))])
    second = approximate.posterior(both, np.concatenate([found, more]), goal, weight, 0.2)
    assert second.mean()[:2] == pytest.approx(exact(goal), abs=0.05)


def test_importance_weights_undo_what_a_generation_was_drawn_from():
    """Half of the bank with density 2u in what leaves no trace: its posterior is the prior only with the weights."""
    units, found = known()
    units[400:, 2] = np.sqrt(units[400:, 2])
    weight = approximate.importance(units, [(400, None), (400, lambda points: 2 * points[2])])
    assert weight @ units[:, 2] / weight.sum() == pytest.approx(0.5, abs=0.01)
    first, second = (approximate.posterior(units, found, np.zeros(3), w).mean()[2] for w in (None, weight))
    assert second == pytest.approx(0.5, abs=0.03) and first > 0.55


def test_effective_numbers_and_weighted_quantiles():
    assert approximate.ess([3, 3, 0, 0]) == 2 and approximate.ess([3, 1]) == pytest.approx(1.6)
    sample = Sample(np.array([[0.9], [0.1], [0.5]]), np.array([0.2, 0.5, 0.3]))
    assert [calibration.quantile(sample, q)[0] for q in (0.4, 0.6, 0.9)] == [0.1, 0.5, 0.9]


def test_what_tells_nothing_moves_and_narrows_nothing():
    noise, units = approximate_draws(80, 12), free.quantiles(80)[:, :3]
    line, even = approximate.to_line(units), np.full(80, 1 / 80)
    moved = approximate.to_line(approximate.moved(units, noise, np.zeros(12), even))
    assert (moved.var(axis=0) / line.var(axis=0)).mean() == pytest.approx(1, abs=0.1)
    estimated = approximate.unseen(units, noise, even)
    assert np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(estimated.T, line.T)]) < 0.1  # seen, they would agree


def test_resampling_keeps_the_mean():
    sample = Sample(np.array([[0.1], [0.9]]), np.array([0.25, 0.75]))
    assert sample.drawn(1000, np.array([0.5])).mean() == pytest.approx(0.7, abs=0.002)


# gates -----------------------------------------------------------------------------------------------------------
def approximately(units, found, goals):
    return [approximate.posterior(units, found, goal) for goal in goals]


def test_recovery_and_calibration_tell_what_is_seen_from_what_is_not():
    recovered = gates.recover(*known(400), approximately)
    r = recovered.correlation()
    assert r[0] > 0.9 and r[1] > 0.9 and abs(r[2]) < 0.3
    assert recovered.uniformity().min() > 0.01


def test_no_method_sees_the_runs_that_it_is_asked_about():
    def method(units, found, goals):
        assert len(found) + len(goals) == 40 and not {*found[:, 0]} & {*goals[:, 0]}
        asked.extend(goals[:, 0])
        return [Sample(units, np.full(len(units), 1 / len(units)))] * len(goals)

    asked, (units, found) = [], known(40)
    gates.recover(units, found, method)
    assert sorted(asked) == sorted(found[:, 0])


def test_an_overconfident_method_fails_the_calibration():
    def sure(units, found, goals):
        return [Sample(np.clip(s.mean() + 0.2 * (s.units - s.mean()), 0, 1), s.weights)
                for s in approximately(units, found, goals)]

    assert gates.recover(*known(400), sure).uniformity()[:2].max() < 0.01


def test_what_the_model_cannot_give_is_seen():
    _, found = known()
    assert gates.jointly(found, np.median(found, axis=0)) < 0.5
    assert gates.jointly(found, np.array([50.0, 0, 0])) == 1
    assert gates.inside(found, np.array([50.0, 0, 0]))[0] == 1


def test_the_joint_distance_of_a_run_is_from_the_others():
    def from_all(runs, value):
        return (value - runs.mean(axis=0)) @ np.linalg.inv(np.cov(runs.T)) @ (value - runs.mean(axis=0))

    drawn = approximate_draws(160, 20)
    found, goals = drawn[:60], drawn[60:]
    away = np.array([from_all(np.delete(found, k, axis=0), found[k]) for k in range(len(found))])
    shares = [gates.jointly(found, goal) for goal in goals]
    assert shares == pytest.approx([(away < from_all(found, goal)).mean() for goal in goals], abs=1e-9)
    assert np.mean(shares) == pytest.approx(0.5, abs=0.1)  # goals are as the runs, and seem no farther


# the whole -------------------------------------------------------------------------------------------------------
@pytest.mark.long
def test_the_analysis_writes_everything(tmp_path, monkeypatch):
    monkeypatch.setitem(free.specification(), "generations", {"number": 0, "share": 0, "play_posterior": 0})
    monkeypatch.setattr(neural, "available", lambda: False)
    monkeypatch.setattr(calibration, "prior_bank", lambda folder: bank.bank_of(bank_table()))
    findings = analyse("calibration", tmp_path)
    assert any("not identified" in str(row[-1]) for row in findings.tables["gates"].rows) and findings.remarks
    assert [row[0] for row in findings.tables["parameters"].rows] == KEYS
    with open(tmp_path / "calibration.csv", encoding="utf-8") as file:
        rows = {row["parameter"]: row for row in csv.DictReader(file)}
    assert list(rows) == KEYS
    assert float(rows["border.search_rate"]["abc_recovery"]) > float(rows["gangs.unpaid_death"]["abc_recovery"])
    draws = free.draws_of(str(tmp_path / "posterior.csv"), None)
    assert len(draws) == calibration.STORED and all(configure("status_quo", [f"{k}={v}" for k, v in draws[0].items()])
                                                    for _ in range(1))
    for name in ("calibration", "calibration_recovery", "calibration_ranks", "calibration_predictive"):
        assert (tmp_path / "figures" / f"{name}.png").stat().st_size > 5000


def test_the_experiment_is_the_window():
    plan = make_plan(parse(["+experiment=calibration", "parameter_draws.count=3"]), needs)
    p = plan.points[0].parameters
    assert (p.start_date, p.nights) == (f"{free.specification()['window']['first']}-01", 1003)
    assert plan.points[0].scenario == free.specification()["window"]["scenario"]
    assert observed().shape == (len(summaries()),)


# the screening before ----------------------------------------------------------------------------------------------
def screening(slope=6.0, chance=0.1):
    """Two parameters of which one moves one summary, by so many errors over its range; made values, nothing is run."""
    words = ["+experiment=calibration_screening", "sensitivity.trajectories=4",
             "sensitivity.vary=[police.suspects_per_found,gangs.skill]"]
    settings, parameters = compose_all(words)
    designs = Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()}, paired=False)
    which, cube = within([f"2023_{k:02d}" for k in (8, 9)]), designs.morris.cube
    effect = slope * cube[:, designs.morris.keys.index("police.suspects_per_found")]
    made = [[effect[row] if one.row == "suspects_per_found" else 0.0 for one in which] for row in range(len(cube))]
    luck = chance * approximate_draws(SEEDS, len(which)).reshape(SEEDS, -1)[:, :len(which)]
    found = np.concatenate([np.array(made), luck]) * [one.error for one in which]
    points = designs.points(designs.morris)
    runs = {(point["history_registered"][1], 0): row for row, point in enumerate(points)}
    assert len(designs.rows(designs.morris)) == len(points) and defaults(designs)["replicates"] == SEEDS
    return Screened(designs, runs | {("defaults", k): len(points) + k for k in range(SEEDS)}, found, which)


def test_the_screening_gives_effects_in_errors_and_nothing_where_nothing_moves():
    lines = screening().lines()
    assert [line["parameter"] for line in lines] == ["police.suspects_per_found", "gangs.skill"]
    assert lines[0]["largest"] == pytest.approx(6) and lines[0]["suspects_per_found"] == pytest.approx(6)
    assert lines[0]["score"] == pytest.approx(6 / np.sqrt(2), rel=1e-4) and "Suspects" in lines[0]["largest_in"]
    assert lines[1]["score"] == lines[1]["found"] == 0 and lines[1]["largest_in"] == ""


def test_findings_of_the_screening_join_the_ranking_on_outcomes_where_it_is_given():
    tables = {name: [{key: str(value) for key, value in line.items()} for line in lines]
              for name, lines in rows(screening()).items()}
    findings = present(tables)
    assert findings.values["moving"] == "1" and findings.tables["screening"].rows[0][1] == "`police.suspects_per_found`"
    assert "outcomes" not in findings.tables
    ranked = [{"rank": "1", "parameter": "gangs.skill", "status": "assumed"},
              {"rank": "2", "parameter": "police.suspects_per_found", "status": "derived"}]
    joined = present(tables | {"sensitivity_ranking": ranked}).tables["outcomes"]
    assert [row[3] for row in joined.rows] == ["none", "1"]


def test_what_chance_could_give_is_no_effect():
    assert screening(slope=0.5, chance=1.0).score.max() == 0


def test_a_posterior_whose_gates_are_not_passed_says_so(tmp_path):
    file = tmp_path / "posterior.csv"
    write_rows(free.rows(free.quantiles(2)), file)
    assert free.warning(str(file)) == free.warning("prior") == free.warning(None) == ""
    gates_said = "gate,value,limit,passed,remark\nranks,0.01,≥ 0.05,{},\nruns added,3,,True,\n"
    (tmp_path / free.GATES).write_text(gates_said.format("False"), encoding="utf-8")
    assert "0 of 1 gates of the calibration are passed, not: ranks" in free.warning(str(file))
    (tmp_path / free.GATES).write_text(gates_said.format("True"), encoding="utf-8")
    assert "all 1 gates" in free.warning(str(file))
