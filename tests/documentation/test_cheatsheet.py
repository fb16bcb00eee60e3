"""The cheat sheet: one page, on which every command is one that the program accepts."""

import re
import shlex

import pytest
from blocks import ROOT

from sim.command.preflight import parse
from sim.command.verbs import VERBS
from sim.registry.configuration import compose_all
from sim.runs.plan import make_plan
from sim.studies import needs

PAGE = (ROOT / "docs" / "cheatsheet.md").read_text(encoding="utf-8")
TABLES = [[[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
          for table in re.findall(r"(?:^\|.*\n)+", PAGE, flags=re.M)]


def of(cell):
    """The codes of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def test_it_is_one_page():
    assert len(PAGE.splitlines()) <= 50


@pytest.mark.long
def test_every_command_is_accepted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("police.patrols\n40\n")
    accepted = 0
    for _, command, *_ in TABLES[0]:
        for words in map(shlex.split, of(command)):
            words = [word for word in words if word != "..." and not word.startswith(("hydra.", "hydra/"))]
            if not words:
                continue
            if words[0] == "-m" or words[0].startswith("+design"):
                assert make_plan(parse([word for word in words if word != "-m"]), needs).points
            else:
                assert compose_all(words)
            accepted += 1
    assert accepted >= 12


def test_every_python_example_can_be_read():
    for row in TABLES[0] + TABLES[1]:
        for text in of(row[2]) if len(row) > 2 else []:
            compile(text.replace("(...)", "()").replace("(...,", "(0,").lstrip("."), "cheat sheet", "eval")


def test_every_verb_exists():
    verbs = re.findall(r"python -m sim (\w+)", PAGE)
    assert verbs and set(verbs) <= set(VERBS)
