"""What the README shows works after its own installation, in an environment with nothing else; links lead somewhere."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = "scale=0.05 nights=5 warmup=3"
SMALLER = {  # command of the list "Run it": words that make it small
    "python -m sim": SMALL,
    "python -m sim scenario=dossier police.patrols=40": SMALL,
    "python -m sim +experiment=centralisation": f"{SMALL} replicates=2",
    "python -m sim +experiment=decomposition": None,  # 512 combinations even if each is small
    "python -m sim -m police.patrols=40,80,160": SMALL,
    "python -m sim +design=points.csv": SMALL,
    "python -m sim collect results/single/latest": "",
    "python -m sim patterns results/centralisation/latest": "",
    "python -m sim view": "--no-browser --port 0 scale=0.05 warmup=3",
    "python -m sim verify": "attempts holling",
    "python -m sim --help": "",
    "python -m experiments": "--list",
}


def commands():
    """The commands of the list "Run it", without their explanations."""
    (block,) = re.findall(r"## Run it\n\n(.*?)\n\nThe installed", README, flags=re.S)
    return [re.split(r"\s{2,}", line.strip())[0] for line in block.splitlines()]


class Newcomer:
    """A folder with a copy of the checkout, in which the README's first command was followed up to the installation."""

    def __init__(self, folder):
        self.folder = folder / "border-market-sim"
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True,
                                text=True, check=True)
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)
        clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        self.environment = clean | {"PATH": f"{self.folder / '.venv' / 'bin'}:{Path(sys.executable).parent}:"
                                            f"{os.environ['PATH']}", "MPLBACKEND": "Agg"}
        self.run(re.search(r"^    (python3 -m venv \.venv && \S+pip install -q -e \.) &&", README, flags=re.M)[1])

    def run(self, line):
        ended = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self.environment, capture_output=True,
                               text=True)
        assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    return Newcomer(tmp_path_factory.mktemp("newcomer"))


def test_every_command_of_the_list_is_tried():
    assert commands() == list(SMALLER)


@pytest.mark.long
def test_commands_work_after_the_installation(newcomer):
    (newcomer.folder / "points.csv").write_text("arm,police.patrols\nfew,40\nmany,160\n")
    for command, words in SMALLER.items():
        if words is not None and command != "python -m sim view":
            newcomer.run(f"{command} {words}")
    assert (newcomer.folder / "results/single/latest/runs.parquet").exists()
    newcomer.run(f"python -m sim {SMALL} hydra.run.dir=plain && python -m sim collect plain")
    assert "usage" in newcomer.run("border-market --help")


@pytest.mark.long
def test_the_constraints_can_be_met(newcomer):
    newcomer.run("pip install -q --dry-run -c constraints.txt -e '.[test]'")


@pytest.mark.long
def test_the_page_answers_after_the_installation(newcomer):
    words = f"python -m sim view {SMALLER['python -m sim view']}".split()[1:]
    python = newcomer.folder / ".venv" / "bin" / "python"
    with subprocess.Popen([python, "-u", *words], cwd=newcomer.folder, env=newcomer.environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
            assert b"<html" in urllib.request.urlopen(address, timeout=60).read()
        finally:
            server.terminate()


@pytest.mark.long
def test_the_examples_work_after_the_installation(newcomer):
    """Polars and DuckDB are installed first where the README says so."""
    newcomer.run(f"python -m sim +experiment=centralisation {SMALLER['python -m sim +experiment=centralisation']}")
    blocks = re.findall(r"(?:`(pip install \w+)`:\n\n)?```python\n(.*?)```", README, flags=re.S)
    assert [install for install, _ in blocks] == ["", "pip install polars", "pip install duckdb", ""]
    said = []
    for install, block in blocks:
        (newcomer.folder / "block.py").write_text(block.replace("nights=30", "nights=5, warmup=10, scale=0.1"))
        said.append(newcomer.run(f"{install} -q && python block.py" if install else "python block.py"))
    assert "EUR owed" in said[-1] and (newcomer.folder / "figures" / "turf.png").exists()


def test_links_lead_somewhere():
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/tutorials/*.py"),
             *ROOT.glob("experiments/*/README.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
