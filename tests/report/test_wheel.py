"""A report made from the wheel says what one from a checkout says; what needs a checkout refuses."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.command.job import compare
from sim.registry.configuration import compose_all

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The wheel's files, as pip would lay them down."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True,
                   capture_output=True)
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(folder / "site")
    return folder / "site"


def command(site, folder, *words):
    """`python -m sim` of the wheel, run away from the checkout."""
    return subprocess.run([sys.executable, "-m", "sim", *words], cwd=folder, capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": str(site)})


def test_signs_are_graded_as_from_a_checkout(site, tmp_path):
    settings, parameters = compose_all(["scenarios=[fragmented,centralised]", "replicates=2", "scale=0.05", "nights=8",
                                        "warmup=5", "workers=1"])
    assert compare([tmp_path / "run"], settings, parameters) == 0
    expected = (tmp_path / "run" / "report.html").read_bytes()
    ended = command(site, tmp_path, "report", "run")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "run" / "report.html").read_bytes() == expected
    assert b"Grade of each headline" in expected and b"not been computed for this comparison" not in expected


def test_builders_of_the_documentation_are_not_in_it(site, tmp_path):
    assert not (site / "experiments").exists()
    ended = command(site, tmp_path, "documentation")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and "needs a checkout" in ended.stderr
    assert not any(tmp_path.iterdir()) and not (site / "docs").exists()
