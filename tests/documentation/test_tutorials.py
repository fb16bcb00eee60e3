"""The six tutorials run from an empty folder and say what they promise; each becomes a page and a notebook."""

import importlib.util
import json
import os
import re
import resource
import subprocess
import sys

import pytest
from blocks import ROOT, environment

from conftest import needed

FOLDER = ROOT / "docs" / "tutorials"
SAID = {  # tutorial: what its output holds
    "first_run": ["status_quo: 30 nights", "did you mean `police_patrols`"],
    "compare_worlds": ["Paired differences from fragmented", "95 % interval, 6 paired runs"],
    "sweep": ["Paired differences from police.patrols=40", "the jobs gave the same table"],
    "own_rule": ["keeps every law", "95 % interval, 4 paired runs"],
    "calibrate": ["the truth is 7.0", "recovery: r = "],
    "paper_figure": ["Simulated under stated assumptions", "under one organisation", "paper/report.html"],
}
FILES = {"first_run": ["first_run/turf.png"], "compare_worlds": ["compare_worlds/paired_differences.pdf"],
         "sweep": ["figures/sweep.png"], "paper_figure": ["paper_figures/price.pdf", "paper/ro-crate-metadata.json"]}
SECONDS = 600  # of processor time, each


@pytest.fixture(scope="module")
def hooks():
    """docs/site/hooks.py as a module."""
    needed("mkdocs")
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs" / "site" / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_index_lists_all_in_order():
    index = (FOLDER / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^\d\. \[[^\]]+\]\((\w+)\.py\)", index, flags=re.M) == list(SAID)
    assert {path.stem for path in FOLDER.glob("*.py")} == set(SAID)
    for name in SAID:
        title = re.search(r"^# # (.+)$", (FOLDER / f"{name}.py").read_text(encoding="utf-8"), flags=re.M)[1]
        assert f"[{title}]({name}.py)" in index


@pytest.mark.long
@pytest.mark.parametrize("name", SAID)
def test_a_tutorial_becomes_a_page_and_a_notebook(hooks, name):
    script = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    cells = hooks.cells_of(script)
    code = "\n".join(text for kind, text in cells if kind == "code")
    assert cells[0][0] == "markdown" and cells[0][1].startswith("# ")
    compile(code, name, "exec")
    assert code in "\n".join(re.findall(r"```python\n(.*?)\n```", hooks.page_of(cells, name), flags=re.S))
    notebook = json.loads(hooks.notebook_of(cells))
    assert notebook["nbformat"] == 4
    assert ["".join(cell["source"]) for cell in notebook["cells"]] == [text for _, text in cells]


@pytest.mark.long
@pytest.mark.parametrize("name", SAID)
def test_a_tutorial_runs_and_says_what_it_promises(name, tmp_path):
    """The limit of processor time is far above the need of any of them, and finds one that has become a study."""
    needed("pandas", "submitit", "hatchling")
    own = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run([sys.executable, FOLDER / f"{name}.py"], cwd=tmp_path, env=environment() | own,
                           capture_output=True, text=True)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    assert all(text in ended.stdout for text in SAID[name]), ended.stdout
    assert all(os.path.exists(tmp_path / file) for file in FILES.get(name, ()))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime < SECONDS
