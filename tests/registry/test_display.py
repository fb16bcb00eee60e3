"""The appearance of a scenario: a setting of its own file that no run depends on."""

import pytest

from sim.identity import identity
from sim.registry import config_files
from sim.registry.config_files import names
from sim.registry.configuration import compose_all, configure, display
from sim.registry.display import GREY, Display
from sim.registry.errors import ConfigurationError

LOOK = 'display: {name: Long winter, colour: "#56B4E9", line: "--", marker: D}'


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """Writes a scenario into the folder of another installed package; returns a function (name, line)."""
    (tmp_path / "scenario").mkdir()
    monkeypatch.setattr(config_files, "config_folders", lambda: (tmp_path,))

    def write(name, line):
        (tmp_path / "scenario" / f"{name}.yaml").write_text(
            f"# @package _global_\ndefaults:\n  - dossier\n  - _self_\nscenario: {name}\n{line}\n", encoding="utf-8")
        return f"hydra.searchpath=[{tmp_path}]"

    return write


def test_every_scenario_of_the_model_has_its_own_appearance():
    looks = [display(name) for name in names("scenario", ())]
    assert GREY not in {look.colour for look in looks}
    assert len({look.name for look in looks}) == len({look[1:] for look in looks}) == len(looks)


def test_the_scenario_of_another_package_has_the_appearance_that_its_file_gives(theirs):
    theirs("long_winter", LOOK)
    assert display("long_winter") == Display("Long winter", "#56B4E9", "--", "D")


def test_a_scenario_without_an_appearance_is_grey_and_does_not_inherit_one(theirs):
    theirs("bare_winter", "")
    assert display("bare_winter") == Display("Bare winter", GREY, "-", "o") != display("dossier")
    assert display("no_file") == Display("No file", GREY, "-", "o")


def test_appearance_is_neither_a_parameter_nor_a_setting_of_a_run():
    settings, parameters = compose_all(["scenarios=[status_quo,dossier]"])
    assert "display" not in settings
    assert all("display" not in p.as_dict() for p in parameters.values())
    with pytest.raises(ConfigurationError, match=r"unknown key `display\.colour`"):
        configure("dossier", ["display.colour=red"])


def test_appearance_is_no_part_of_the_identity(theirs, monkeypatch):
    word = theirs("winter", LOOK)
    monkeypatch.setattr(config_files, "config_folders", lambda: ())
    first = configure("winter", [word])
    theirs("winter", LOOK.replace("Long", "Short"))
    monkeypatch.setattr(config_files, "config_folders", lambda: ())
    second = configure("winter", [word])
    assert first == second and identity(first) == identity(second)


@pytest.mark.parametrize("line", ["display: grey", "display: {name: Winter}", LOOK.replace("line", "lines"),
                                  LOOK.replace("D}", "3}")])
def test_an_incomplete_appearance_is_refused_before_any_run(theirs, monkeypatch, line):
    word = theirs("winter", line)
    monkeypatch.setattr(config_files, "config_folders", lambda: ())
    with pytest.raises(ConfigurationError, match=r"display=.*must be a mapping"):
        configure("winter", [word])
