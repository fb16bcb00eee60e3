"""What a person mistypes is answered in one line that says what to type, before anything is written."""

from pathlib import Path

import pytest

from sim.__main__ import main
from sim.command.preflight import check


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
