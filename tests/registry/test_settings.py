"""Settings: former names keep working, and what is unknown is named the same way everywhere."""

import pytest

from sim.command.preflight import check
from sim.registry import settings
from sim.registry.configuration import compose, compose_all, configure
from sim.registry.errors import ConfigurationError
from sim.registry.settings import FORMER, SETTINGS, check_key, setting

VALUES = {"batch": 3, "parameters": "prior", "draws": 5, "vary": ["police"], "trajectories": 4, "keep": 2,
          "samples": 8}


@pytest.fixture(autouse=True)
def forgetful():
    """As in a new process."""
    settings.present_setting.cache_clear()


def as_word(value):
    return f"[{','.join(value)}]" if isinstance(value, list) else value


@pytest.mark.parametrize("former", FORMER)
def test_a_former_name_on_the_command_line_sets_the_present_one_and_is_named_once(former, capsys):
    words = check([f"{former}={as_word(VALUES[former])}", "-m"])
    assert f"{FORMER[former]}={as_word(VALUES[former])}" in words
    assert setting(compose(words[1:]), FORMER[former]) == VALUES[former]
    compose([f"{former}={as_word(VALUES[former])}"])
    assert capsys.readouterr().err == f"sim: the key `{former}` is now called `{FORMER[former]}`\n"


@pytest.fixture
def theirs(tmp_path):
    """An experiment of another package that sets every setting by its former name."""
    (tmp_path / "experiment").mkdir()
    lines = "\n".join(f"{name}: {as_word(value)}" for name, value in VALUES.items())
    (tmp_path / "experiment" / "theirs.yaml").write_text(f"# @package _global_\n{lines}\n", encoding="utf-8")
    return [f"hydra.searchpath=[{tmp_path}]", "+experiment=theirs"]


def test_a_former_name_in_an_experiment_file_sets_the_present_one(theirs, capsys):
    settings, _ = compose_all(theirs)
    assert {former: setting(settings, now) for former, now in FORMER.items()} == VALUES
    assert capsys.readouterr().err.count("is now called") == len(FORMER)


@pytest.mark.parametrize("word", ["draws=7", "parameter_draws.count=7"])
def test_the_command_line_wins_over_a_former_name_in_a_file(theirs, word):
    assert compose_all([*theirs, word])[0]["parameter_draws"] == {"source": "prior", "count": 7}


def test_every_setting_of_the_starting_point_is_declared_and_no_other():
    config = compose([])
    for name, inside in SETTINGS.items():
        assert name in config and (not inside or set(config[name]) == set(inside)), name
    assert not set(FORMER) & set(config)
    for former, now in FORMER.items():
        assert former not in SETTINGS
        check_key(now)


@pytest.mark.parametrize("word", ["police.patrol=3", "sensitivity.kep=3", "patrols=3", "zzz=1"])
def test_what_is_unknown_is_named_as_on_the_command_line(word):
    said = []
    for ask in (lambda: configure("status_quo", [word]), lambda: check([word])):
        with pytest.raises(ConfigurationError, match="unknown key") as refused:
            ask()
        said.append(str(refused.value))
    assert said[0] == said[1]
