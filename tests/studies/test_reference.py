"""Reduced versions of the studies give the tables in `results/reference/reduced`; studies are whole.

Runs are the same to the byte where libraries are; sums may differ in the last bits between versions of NumPy, hence a
relative tolerance.
"""

import csv
import math

import pytest

from experiments.__main__ import FIGURES, REFERENCE, ROOT, carry_out, main, studies

pytestmark = pytest.mark.long

TOLERANCE = 1e-6  # relative, of each number
STUDIES = studies()
OTHERWISE = ("twin", "episodes", "earlier")  # docs/twin.md, `python -m experiments.episodes.priors`, version 0.1.0


def table(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same(found: str, kept: str, size: float) -> bool:
    """Equal texts, or numbers that differ by less than the tolerance of the largest in their column."""
    try:
        return found == kept or math.isclose(float(found), float(kept), rel_tol=TOLERANCE, abs_tol=TOLERANCE * size)
    except ValueError:
        return False


def largest(rows, column) -> float:
    """The largest size of a number in a column."""
    sizes = [0.0]
    for row in rows:
        try:
            sizes.append(abs(float(row[column])))
        except ValueError:
            continue
    return max(size for size in sizes if math.isfinite(size))


@pytest.mark.parametrize("name", [name for name, study in STUDIES.items() if study.reduced])
def test_reduced_run_gives_the_stored_tables(name, tmp_path):
    study = STUDIES[name]
    with open(tmp_path / "said.txt", "w", encoding="utf-8") as said:
        carry_out(study, tmp_path / "run", reduced=True, stdout=said, stderr=said)
    for kept in study.tables:
        found, stored = table(tmp_path / "run" / kept), table(study.reference(reduced=True) / kept)
        assert len(found) == len(stored), kept
        for row, (new, old) in enumerate(zip(found, stored)):
            wrong = [key for key in old if not same(new[key], old[key], largest(stored, key))]
            assert not wrong, f"{kept}, row {row + 1}: {[(key, old[key], new[key]) for key in wrong]}"


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_whole(name):
    study = STUDIES[name]
    assert study.tables or study.figures
    assert all((study.reference() / kept).exists() for kept in study.tables)
    assert all((FIGURES / kept).exists() for kept in study.figures.values())
    assert (ROOT / "experiments" / name / "README.md").exists()


def test_figures_and_tables_of_the_documentation_come_from_studies():
    tables = {study.reference(reduced) / kept for study in STUDIES.values() for kept in study.tables
              for reduced in (False, True)}
    others = {table for made in OTHERWISE for table in (REFERENCE / made).glob("*.csv")}
    assert not set(REFERENCE.rglob("*.csv")) - tables - others
    figures = {FIGURES / kept for study in STUDIES.values() for kept in study.figures.values()}
    elsewhere = {FIGURES / name for name in ("view.png", "modules.svg", "night.svg", "episodes.png")}  # of other pages
    assert not {path for path in FIGURES.iterdir() if path.is_file()} - figures - elsewhere


def test_an_unknown_study_is_refused(capsys):
    assert main(["fronteir"]) == 2
    assert "did you mean `frontier`?" in capsys.readouterr().err
