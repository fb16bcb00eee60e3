"""The results folder: whole files, the same bytes on any number of workers, resumption."""

import errno
import json
import re
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from conftest import SMALL, compared
from sim.command.job import compare
from sim.registry import LABEL
from sim.registry.configuration import compose_all
from sim.registry.files import whole
from sim.registry.parameters import ConfigurationError
from sim.runs import nights, work
from sim.runs.drive import begin
from sim.runs.plan import plan_comparison
from sim.runs.run import simulate

TINY = [*SMALL, "nights=5", "warmup=5", "replicates=2"]
TABLES = ("runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet", "summary.csv", "datapackage.json")


def carry_out(path, *overrides):
    return compare([path], *compose_all(["+experiment=centralisation", *TINY, *overrides]))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "one"
    assert carry_out(path, "workers=1") == 0
    return path


def test_everything_of_the_contract_is_there(finished):
    beside = {p.name for p in finished.iterdir() if not p.name.startswith("plan-")}
    assert beside == {*TABLES, "config.yaml", "manifest.json", "figures", "report.html", "journal",
                      "ro-crate-metadata.json"}
    names = {p.stem for p in (finished / "figures").glob("*.pdf")}
    assert len(names) == 6 and names == {p.stem for p in (finished / "figures").glob("*.png")}
    runs = pq.read_table(finished / "runs.parquet")
    assert runs.column_names[:5] == ["experiment", "scenario", "replicate", "seed", "nights"]
    assert runs["scenario"].to_pylist() == [s for s in ("fragmented", "status_quo", "dossier", "centralised")
                                            for _ in range(2)]
    assert pq.read_metadata(finished / "nights.parquet").num_rows == 8 * 5
    groups = pq.read_schema(finished / "groups.parquet").names
    assert {"group", "owner", "price", "clients", "turf_share", "members", "treasury"} <= set(groups)


def test_the_manifest_says_what_made_it(finished):
    manifest = json.loads((finished / "manifest.json").read_text())
    assert manifest["complete"] and manifest["label"] == LABEL
    assert {"version", "commit", "dirty", "python", "libraries", "command", "configuration_hash", "seeds",
            "wall_seconds"} <= set(manifest)


@pytest.mark.long
@pytest.mark.parametrize("workers", [2, 4])
def test_two_and_four_workers_give_the_same_bytes(finished, tmp_path, workers):
    assert carry_out(tmp_path / "more", f"workers={workers}") == 0
    for name in TABLES:
        assert (finished / name).read_bytes() == (tmp_path / "more" / name).read_bytes(), name
    for figure in (finished / "figures").iterdir():
        assert figure.read_bytes() == (tmp_path / "more" / "figures" / figure.name).read_bytes(), figure.name


@pytest.fixture()
def no_figures(monkeypatch):
    """Drawing takes longer than the runs here."""
    monkeypatch.setattr("sim.figures.draw_all", lambda folder: [])


@pytest.mark.long
def test_a_replicate_is_the_same_alone_or_among_others(finished, tmp_path, no_figures):
    assert carry_out(tmp_path / "more", "workers=1", "replicates=1") == 0
    one, two = (pq.read_table(p / "runs.parquet").to_pylist() for p in (tmp_path / "more", finished))
    assert repr(one) == repr([row for row in two if row["replicate"] == 0])


@pytest.mark.long
def test_finished_runs_are_not_run_again(tmp_path, monkeypatch, capfd, no_figures):
    path, played, real = tmp_path / "r", [], work.keep

    def stop_after_three(*run):
        if len(played) == 3:
            raise KeyboardInterrupt
        played.append(run[1:3])
        real(*run)

    monkeypatch.setattr(work, "keep", stop_after_three)
    assert carry_out(path, "workers=1") == 130
    assert "3 of 8 runs are kept" in capfd.readouterr().err
    assert pq.read_metadata(path / "runs.parquet").num_rows == 3
    assert not json.loads((path / "manifest.json").read_text())["complete"]
    monkeypatch.setattr(work, "keep", lambda *run: (played.append(run[1:3]), real(*run)))
    assert carry_out(path, "workers=1") == 0
    assert len(set(played)) == len(played) == 8 and pq.read_metadata(path / "runs.parquet").num_rows == 8


SHARED = """
import os, sys, time
from pathlib import Path
from sim import figures
from sim.command.job import compare
from sim.registry.configuration import compose_all
from sim.runs import work

folder, marks, real = Path(sys.argv[1]), Path(sys.argv[2]), work.keep

def shown(place, point, replicate, *rest):  # nobody finishes its first run before the other has one
    (marks / str(os.getpid())).touch()
    while len(list(marks.iterdir())) < 2:
        time.sleep(0.05)
    real(place, point, replicate, *rest)
    print("played", point, replicate, flush=True)

work.keep, figures.draw_all = shown, lambda folder: []
sys.exit(compare([folder], *compose_all(sys.argv[3:])))
"""


@pytest.mark.long
def test_two_launches_at_once_share_the_runs_and_give_the_same_bytes(finished, tmp_path):
    (tmp_path / "marks").mkdir()
    words = [str(tmp_path / "both"), str(tmp_path / "marks"), "+experiment=centralisation", *TINY, "workers=1"]
    launches = [subprocess.Popen([sys.executable, "-c", SHARED, *words], stdout=subprocess.PIPE, text=True)
                for _ in range(2)]
    said = [launch.communicate(timeout=400)[0] for launch in launches]
    assert [launch.returncode for launch in launches] == [0, 0]
    played = [re.findall(r"^played (.*)$", text, flags=re.M) for text in said]
    assert all(played) and len(played[0] + played[1]) == len({*played[0], *played[1]}) == 8
    assert sorted("closed by another launch" in text for text in said) == [False, True]
    for name in TABLES:
        assert (finished / name).read_bytes() == (tmp_path / "both" / name).read_bytes(), name
    assert not [name for name in ("claims", "nights", "groups") if (tmp_path / "both" / name).exists()]


def test_a_full_disk_is_one_line_and_keeps_what_is_finished(tmp_path, monkeypatch):
    path, count, real = tmp_path / "full", [0], nights.pq.write_table

    def full(data, file, **options):
        count[0] += 1
        if count[0] > 4:
            file.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(data, file, **options)

    monkeypatch.setattr(nights.pq, "write_table", full)
    with pytest.raises(ConfigurationError, match="the disk is full; 2 finished runs are kept"):
        carry_out(path, "workers=1")
    assert len(list((path / "nights").iterdir())) == 2 == len(list((path / "groups").iterdir()))


@pytest.mark.long
def test_a_run_that_fails_is_named_and_the_others_end(tmp_path, monkeypatch, capfd, no_figures):
    real = work.simulate

    def fail_for_dossier(parameters, *rest):
        if parameters.organisation.affine == "majority" and parameters.organisation.control == 1:
            raise ValueError("broken on purpose")
        return real(parameters, *rest)

    monkeypatch.setattr(work, "simulate", fail_for_dossier)
    assert carry_out(tmp_path / "f", "workers=1") == 1
    assert "dossier, replicate 1: ValueError: broken on purpose" in capfd.readouterr().err
    assert pq.read_metadata(tmp_path / "f" / "runs.parquet").num_rows == 6


def test_another_configuration_is_refused_in_the_same_folder(finished):
    with pytest.raises(ConfigurationError, match="another configuration"):
        carry_out(finished, "police.patrols=40")


@pytest.mark.long
def test_the_same_again_finds_everything_there(finished, capfd, no_figures):
    assert carry_out(finished, "workers=1") == 0
    assert "all runs are there already" in capfd.readouterr().out


def test_a_file_is_whole_or_not_there(tmp_path):
    target = tmp_path / "file"
    with pytest.raises(RuntimeError), whole(target) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_more_replicates_keep_those_there_are(tmp_path, monkeypatch, capfd, no_figures):
    assert carry_out(tmp_path / "r", "workers=1", "replicates=1") == 0
    played = []
    monkeypatch.setattr("sim.runs.work.simulate", lambda *a: (played.append(1), simulate(*a))[1])
    assert carry_out(tmp_path / "r", "workers=1") == 0
    assert len(played) == 4 and "4 of 8 runs are there already" in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr("sim.figures.draw_all", lambda folder: [])
    assert carry_out(tmp_path / "at_once", "workers=1") == 0
    for name in TABLES:
        assert (tmp_path / "r" / name).read_bytes() == (tmp_path / "at_once" / name).read_bytes(), name
    assert not (tmp_path / "r" / "nights").exists()


@pytest.mark.long
def test_the_pilot_says_how_many_replicates_are_run(tmp_path, capfd, no_figures):
    words = ["scenarios=[status_quo,dossier]", "reference=status_quo", "most_replicates=4", "workers=1"]
    assert carry_out(tmp_path / "p", *words) == 0
    said = capfd.readouterr().err
    assert "pilot of 2 replicates done; to detect" in said and "(power 0.95, alpha 0.01)" in said
    assert "running 4 (most_replicates=4)" in said
    assert pq.read_metadata(tmp_path / "p" / "runs.parquet").num_rows == 8
    manifest = json.loads((tmp_path / "p" / "manifest.json").read_text())
    assert manifest["replicates"] == {"status_quo": 4, "dossier": 4} and manifest["complete"]
    assert carry_out(tmp_path / "p", *words) == 0
    assert "all runs are there already" in capfd.readouterr().out


def test_who_asks_for_a_number_of_replicates_gets_it():
    asked = compose_all(["+experiment=centralisation", "replicates=2"])[0]
    assert asked["most_replicates"] is None
    assert compose_all(["+experiment=centralisation"])[0]["most_replicates"] == 24
    with pytest.raises(ConfigurationError, match="most_replicates=0: must be a whole number from 1"):
        compose_all(["most_replicates=0"])


def test_a_folder_of_another_configuration_is_refused_from_its_first_moment(tmp_path):
    """Not only once it is finished: its launch may be at work, or may have been killed."""
    other, plan = (plan_comparison(*compose_all([*TINY, *words])) for words in (["seed=2"], []))
    assert begin([tmp_path / "a"], other) == (tmp_path / "a", False)
    assert begin([tmp_path / "a"], other) == (tmp_path / "a", False)
    with pytest.raises(ConfigurationError, match="another configuration"):
        begin([tmp_path / "a"], plan)
    assert begin([tmp_path / "a", tmp_path / "b"], plan) == (tmp_path / "b", False)


def test_without_symbolic_links_everything_else_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.symlink_to", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no links")))
    assert compared(tmp_path / "single" / "r", *TINY, "workers=1") and not (tmp_path / "single" / "latest").exists()
    assert pq.read_metadata(tmp_path / "single" / "r" / "runs.parquet").num_rows == 2
