"""What a person mistypes is answered in one line that says what to type, before anything is written."""

import runpy
import sys
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.command.preflight import check
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError


@pytest.mark.parametrize("words, said", [
    (["+experiment", "centralisation"], "an equals sign is missing: +experiment=centralisation"),
    (["nights", "10"], "an equals sign is missing: nights=10"),
    (["checks=true", "nights"], "nights: an equals sign is missing: nights=VALUE"),
    (["nights", "=", "10"], "no blanks may stand around `=`: nights=10"),
    (["nights=", "10"], "no blanks may stand around `=`: nights=10"),
    (["nights", "=10"], "no blanks may stand around `=`: nights=10"),
    (["nights = 10"], "no blanks may stand around `=`: nights=10"),
    (["+nights=10"], "leave out the +: nights=10"),
    (["+points_per_job=10"], "leave out the +: points_per_job=10"),
    (["--scenario", "dossier"], "--scenario: no such option; keys are given as KEY=VALUE: scenario=dossier"),
    (["--scenari=dossier"], "KEY=VALUE: scenario=dossier"),
    (["--experiment", "camps"], "KEY=VALUE: +experiment=camps"),
    (["--frobnicate"], "`python -m sim --help` lists the usual ones"),
    (["frob"], "no verb `frob`"),
    (["colect"], "did you mean `collect`"),
    (["scenarios=fragmented,centralised"], "'scenarios=[fragmented,centralised]'; to sweep over them: -m scenario="),
    (["-m", "scenarios=fragmented,centralised"], "'scenarios=[fragmented,centralised]'"),
    (["-m", "outcomes=a,b"], "'outcomes=[a,b]'"),
    (["-m", "study=a,b"], "`study` holds for a whole sweep, give one value"),
    (["-m", "scenario=glob(zz*)"], "matches no scenario (known: branding"),
    (["-m", "police.patrols=glob(zz*)"], "police.patrols=glob(zz*)"),
    (["hydra/launcher=nope"], "launchers of clusters come with pip install '.[sweep]'"),
    (["police.patrols=ä ö"], "police.patrols=ä ö: cannot be read"),
    (["polic.patrols=40"], "unknown key `polic.patrols`, did you mean `police.patrols`"),
    (["patrols=40"], "did you mean `police.patrols`"),
    (["scenario=fragmentd"], "did you mean `fragmented`"),
    (["experiment=centralisation"], "write +experiment=centralisation"),
    (["nights=abc"], "nights=abc: must be a whole number"),
    (["police.pushback_share=98.5"], "must be a number from 0 to 1 (share); 98.5 % is 0.985"),
    (["police.patrols=-5"], "police.patrols=-5: must be a number from 0"),
    (["start_date=01.01.2023"], "start_date=01.01.2023: must be a date YYYY-MM-DD"),
    (["migrants.arrivals=300 persons"], "migrants.arrivals=300 persons: must be a number from 0"),
    (["+design=nofile.csv"], "design=nofile.csv: no such file"),
    (["organisation.levers.skim=yes"], "organisation.levers.skim=yes: must be true or false"),
    (["organisation.control=100%"], "organisation.control=100%: must be a number from 0 to 1"),
    (["replicates=0"], "replicates=0: must be a whole number from 1"),
    (["-m", "police.patrols=range(20,80,20"], "police.patrols=range(20,80,20: cannot be read"),
    (["outcomes=[price_mean]"], "`price_mean` must be an outcome of an installed package"),
    (["patterns", "nowhere"], "nowhere: "),
    (["report", "nowhere"], "nowhere: give the folder of a finished run or sweep"),
    (["view", "--scenario", "fragmentd"], "did you mean `fragmented`"),
    (["view", "polic.patrols=3"], "did you mean `police.patrols`"),
    (["view", "police.patrols"], "police.patrols: an equals sign is missing"),
    (["view", "+police.patrols=3"], "leave out the +: police.patrols=3"),
    (["view", "--scenari"], "--scenari"),
    (["police.patrols=${nope}"], "police.patrols: Interpolation key 'nope' not found"),
    (["ni[ghts=3"], "`ni[ghts` is no key, did you mean `nights`"),
    (["police.patrols=1\n2"], "police.patrols=1\\n2: cannot be read"),
    (["-m", "seed=range(1,1e9)"], "seed=range(1,1e9): gives 999999999 values; a sweep has 1000000 points at most"),
    (["-m", "police.patrols=range(1,2,0)"], "police.patrols=range(1,2,0): gives inf values"),
    (["hydra/launcher=1e999"], "hydra/launcher=1e999: must be the name of a file"),
    (["hydra.searchpath=3"], "must be a list of folders"),
    (["analysis=${oc.env:NOPE}"], "analysis: \"Environment variable 'NOPE' not found"),
    (["scenarios=1.5"], "scenarios=1.5: must be a list of scenarios"),
    (["scenarios=[1]"], "scenarios=[1]: must be a list of scenarios"),
])
def test_a_mistyped_word_is_answered_with_what_to_type(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith("sim: error: ") and told.count("\n") == 1 and said in told
    assert not list(tmp_path.iterdir()), "nothing may be written"


@pytest.mark.parametrize("name", ["a=1/D.csv", "com,ma.csv", "hash#.csv", "br[ack].csv", "paren(1).csv", "q'uote.csv",
                                  "ünï.csv", "${x}.csv", "~tilde.csv", "wi th.csv", "per%cent.csv", "@at+.csv"])
def test_a_design_in_any_path_is_found(name, tmp_path, monkeypatch):
    from sim.command.preflight import parse
    from sim.runs.plan import make_plan
    from sim.studies import needs

    monkeypatch.chdir(tmp_path)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("police.patrols\n10\n20\n")
    flag, *words = check([f"+design={name}"])
    assert flag == "-m"
    assert [point.values for point in make_plan(parse(words), needs).points] == [{"police.patrols": 10},
                                                                                {"police.patrols": 20}]


def test_a_design_that_is_written_out_may_be_longer_than_the_name_of_a_file():
    rows = ",".join(f"{{arm:arm_{number},police.patrols:{number}}}" for number in range(1, 40))
    assert check([f"design=[{rows}]"]) == ["-m", f"design=[{rows}]"]


@pytest.mark.parametrize("words, line", [
    (["hydra.run.dir=with space é/out dir"], "hydra.run.dir='with space é/out dir'"),
    (["hydra.run.dir=a,b"], "hydra.run.dir='a,b'"),
    (["hydra.run.dir='a b'"], "hydra.run.dir='a b'"),
    (["hydra.run.dir=${oc.env:HOME}/x"], "hydra.run.dir=${oc.env:HOME}/x"),
])
def test_a_folder_needs_no_quotes_of_hydra(words, line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert check(words) == [line]


def test_scenarios_that_match_a_pattern_are_swept():
    from sim.command.preflight import parse
    from sim.runs.plan import make_plan
    from sim.studies import needs

    words = check(["-m", "scenario=glob(doss*,exclude=*brand)", "nights=3"])
    assert [point.scenario for point in make_plan(parse(words[1:]), needs).points] == ["dossier"]


@pytest.mark.parametrize("content, said", [
    (b"scenario: mine\nnights: 3\n", "mine.yaml: must begin with the line `# @package _global_`"),
    (b"# @package _global_\nscenario: dossier\n", "must hold `scenario: mine`, the name of the file, and holds "
                                                   "`scenario: dossier`"),
    (b"# @package _global_\nnights: 3\n", "must hold `scenario: mine`"),
    (b"# @package _global_\nscenario: mine\nnights: [3\n", "mine.yaml, line 4: is no YAML"),
    (b"# @package _global_\nscenario: mine\n\tnights: 3\n", "mine.yaml, line 3: is no YAML"),
    (b"# @package _global_\n- nights\n", "mine.yaml: must hold lines KEY: VALUE"),
    ("# @package _global_\n# \u00e9".encode("latin-1"), "mine.yaml: is not UTF-8 text"),
    (b"# @package _global_\nscenario: mine\nnigths: 3\n", "unknown key `nigths`, did you mean `nights`"),
    (b"", "mine.yaml: must begin with the line"),
    (b"# @package _global_\nscenario: mine\nstart_date: 2023-02-30\n", "cannot be read: day is out of range"),
])
def test_a_scenario_file_that_is_none_is_named(content, said, tmp_path, monkeypatch, capsys):
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert main([f"hydra.searchpath=[{tmp_path}]", "scenario=mine"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("sim: error: ") and told.count("\n") == 1 and said in told
    with pytest.raises(ConfigurationError) as refused:
        configure("mine", [f"hydra.searchpath=[{tmp_path}]"])
    assert said in str(refused.value)


def test_an_older_python_is_told_which_is_needed(monkeypatch, capsys):
    monkeypatch.setattr("sys.version_info", (3, 10, 13))
    monkeypatch.delitem(sys.modules, "sim.__main__")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("sim.__main__", run_name="not main")
    assert ended.value.code == 2 and "needs Python 3.11, 3.12 or 3.13" in capsys.readouterr().err
