"""Every experiment, shortened as one naturally would: it can be completed, or is refused before anything is written."""

import json
import subprocess
import sys

import pytest

from sim.command.preflight import parse
from sim.registry.config_files import names
from sim.registry.configuration import compose_all
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan, plan_comparison
from sim.studies import check_needs, needs, rounds

SHORT = ["nights=60", "replicates=2", "scale=0.05"]
FEWER = {"sensitivity": ["sensitivity.trajectories=2"], "calibration_screening": ["sensitivity.trajectories=2"],
         "prediction": ["parameter_draws.count=2"]}  # so that the test is quick
OFF = ["sweep={" + ",".join(f"organisation.levers.{lever}:[false]" for lever in (
    "joint_dispatch", "coordinated_decoys", "internal_peace", "recruitment_pipeline", "skim", "central_costs")) + "}"]
PLAYED = FEWER | {  # smaller designs, where the whole command is carried out
    "ablation": ["scenarios=[status_quo]", "design=[{arm:base},{arm:irrelevant,migrants.price_sensitivity:0.00230023},"
                 "{arm:no decoys,rules.decoys:none}]"],
    "decomposition": OFF, "decomposition_dossier": OFF, "patterns": ["parameter_draws.count=2"],
    "emergence": ["parameter_draws.count=4"], "discriminate": ["design.drawn=2", "design.defaults=6"],
    "robustness": ["design=[{rules.stages:1,rules.payment:on_success},{rules.stages:3,rules.payment:per_attempt}]"],
    "sensitivity": ["sensitivity.vary=[police.patrols,gangs.count,gangs.clash_rate]", "sensitivity.trajectories=2",
                    "sensitivity.sobol_points=2", "sensitivity.keep=2"]}
REFUSED = {  # what stands in the line
    "calibration": "nights=60: with start_date=2021-01-01 the record must hold the months 2021_01 to 2023_09",
    "calibration_screening": "nights=60: with start_date=2022-01-01 no summary has all its months",
    "crackdown": "nights=60: must be at least 63, so that a whole week follows police.calendar.from=2023-02-26",
    "takeover": "nights=60: must be at least 63, so that a whole week follows organisation.takeover_from=2023-02-26",
}


def planned(*words):
    """The plan of a command line, checked as before a run."""
    overrides = parse(list(words))
    settings, parameters = compose_all([o.input_line for o in overrides if not o.is_sweep_override()])
    drawn = settings["parameter_draws"]["source"]
    swept = any(o.is_sweep_override() for o in overrides)
    if swept or settings["sweep"] or settings["design"] or drawn or needs(settings["analysis"]).own_points:
        plan = make_plan(overrides, needs, next(rounds(settings, parameters)))
    else:
        plan = plan_comparison(settings, parameters)
    check_needs(plan)
    return plan



@pytest.mark.long
@pytest.mark.parametrize("name", names("experiment"))
def test_a_shortened_experiment_is_planned_or_refused_in_one_line(name):
    if name in REFUSED:
        with pytest.raises(ConfigurationError) as refused:
            planned(f"+experiment={name}", *SHORT)
        assert REFUSED[name] in str(refused.value) and "\n" not in str(refused.value)
    else:
        assert planned(f"+experiment={name}", *SHORT, *FEWER.get(name, ())).points


@pytest.mark.long
@pytest.mark.parametrize("name", names("experiment"))
def test_a_shortened_experiment_completes_or_is_refused_before_anything_is_written(name, tmp_path):
    """The whole command of each, as a process, from its checks to its report; PLAYED keeps designs small."""
    words = [*SHORT, "warmup=10", *PLAYED.get(name, ())]
    ended = subprocess.run([sys.executable, "-m", "sim", f"+experiment={name}", *words], cwd=tmp_path,
                           capture_output=True, text=True, timeout=550)
    if name in REFUSED:
        assert ended.returncode == 2 and ended.stderr.startswith("sim: error: ") and ended.stderr.count("\n") == 1
        assert REFUSED[name] in ended.stderr and not list(tmp_path.iterdir())
        return
    assert ended.returncode == 0 and "Traceback" not in ended.stderr, ended.stderr[-3000:]
    folder = next(tmp_path.glob("results/*/latest"))
    assert json.loads((folder / "manifest.json").read_text())["complete"] and (folder / "report.html").exists()


@pytest.mark.parametrize("words, said", [
    (["+experiment=frontier", "organisation.control=0.5,1"], "needs organisation.control=0.0 among the values swept"),
    (["+experiment=frontier", "police.patrols=20,20", "organisation.control=0,1"], "is there 2 times"),
    (["+experiment=frontier", "replicates=1,2"], "needs one value of replicates"),
    (["+experiment=crackdown", "police.patrols=20,40"], "is there 2 times"),
    (["+experiment=concentration", "gangs.count=1,2"], "needs gangs.count=10"),
    (["+experiment=decomposition", "police.patrols=20,40"], "needs one value of police.patrols"),
    (["+experiment=robustness_single", "scenarios=[status_quo]", "reference=null"], "needs [fragmented, centralised]"),
    (["+experiment=calibration", "parameter_draws.source=posterior"], "a calibration draws from the prior"),
    (["analysis=policies", "police.patrols=20,40"], "analysis=policies: needs a sweep over arm"),
])
def test_a_plan_that_a_study_cannot_read_is_refused(words, said):
    with pytest.raises(ConfigurationError) as refused:
        planned(*words)
    assert said in str(refused.value) and "\n" not in str(refused.value)
