"""Verbs of the command line, and the old names of modules that are still found."""

import subprocess
import sys
from importlib import import_module, util
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.command.verbs import REPLACED, ROOT, VERBS
from sim.registry.moved import MOVED, RUN, new_name

OLD = ("collect", "compile", "conformance", "documentation", "emergence", "history", "patterns", "predict",
       "prediction", "report", "verify", "view")  # each was `python -m sim.OLD`


def python(*words, **options):
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=300, **options)


def test_every_command_of_old_is_a_verb_or_names_what_replaced_it():
    assert set(OLD) == {*VERBS, *REPLACED}


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS.values() if verb.module.startswith("sim.")])
def test_a_verb_has_a_help_of_its_own(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0 and f"python -m sim {verb}" in capsys.readouterr().out


def test_the_help_lists_every_verb(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for verb in VERBS.values():
        assert f"  {verb.name:<15} {verb.sentence}" in shown


@pytest.mark.parametrize("words, said", [
    (["colect"], "no verb `colect`, did you mean `collect`?"), (["x"], "no verb `x` (verbs: collect, "),
    (["emergence"], "python -m sim +experiment=emergence"), (["collect", "--nothing"], "the following arguments"),
    (["report", "/nowhere"], "/nowhere: give the folder of a finished run or sweep"),
])
def test_what_a_verb_cannot_do_is_one_line_with_one_prefix(words, said, capsys):
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("sim: error: ") and said in printed.err and printed.err.count("\n") == 1
    assert not printed.out


def test_a_verb_that_writes_the_project_is_refused_outside_a_checkout(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sim.command.verbs.ROOT", tmp_path)
    assert main(["documentation"]) == 2 and "needs a checkout" in capsys.readouterr().err


def test_the_modules_of_the_verbs_exist():
    for verb in VERBS.values():
        assert ROOT.joinpath(*verb.module.split(".")).with_suffix(".py").exists(), verb.name


# old names ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("old", sorted(MOVED))
def test_an_old_name_gives_the_same_module(old):
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning) as warned:
        module = import_module(old)
    assert module is import_module(MOVED[old]) and module.__spec__.name == module.__name__ == MOVED[old]
    assert f"{old} is now {MOVED[old]}" in [str(warning.message) for warning in warned]


def test_names_below_an_old_name_and_names_that_never_were():
    assert new_name("sim.sweeps.plan") == "sim.runs.plan" and new_name("sim.laws") == "sim.world.invariants"
    assert new_name("sim.market") is None and new_name("sim.lawsuits") is None and new_name("numpy") is None
    assert util.find_spec("sim.lawsuits") is None


def test_no_old_name_is_a_file():
    for old in (*MOVED, *(f"sim.{name}" for name in RUN)):
        place = Path(ROOT, *old.split("."))
        assert not place.with_suffix(".py").exists() and not (place / "__init__.py").exists(), old


def test_an_old_name_warns_where_it_is_used(tmp_path):
    file = tmp_path / "theirs.py"
    file.write_text("from sim.outcomes import OutcomeEntry\nfrom sim.conformance import check_rule\n"
                    "from sim.registry import outcomes\nassert OutcomeEntry is outcomes.OutcomeEntry\n")
    ended = python(str(file), cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    assert ended.returncode == 0, ended.stderr
    assert "theirs.py:1: DeprecationWarning: sim.outcomes is now sim.registry.outcomes" in ended.stderr


@pytest.mark.long
@pytest.mark.parametrize("old", [old for old in OLD if old not in VERBS or VERBS[old].module.startswith("sim.")])
def test_an_old_command_runs_the_verb(old, tmp_path):
    ended = python("-m", f"sim.{old}", "--nothing", cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith(f"sim: `python -m sim.{old}` is now `python -m sim {old}`\nsim: error: ")
