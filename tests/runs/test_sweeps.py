"""Sweeps: the plan, the store and its damage, sharing of work, and the command line with its launchers."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SMALL, heed_signals, needed
from sim.command.collect import main as collect_main
from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs import work
from sim.runs.lock import Claim, born
from sim.runs.plan import make_plan, write_plan
from sim.runs.store import Journals, Writer, line_of, record_of
from sim.runs.table import collect
from sim.studies import needs

SHORT = [*SMALL, "nights=10", "warmup=5"]


def plan_of(*words):
    return make_plan(parse([*SHORT, *words]), needs)


def sim(*words, cwd, **options):
    return subprocess.run([sys.executable, "-m", "sim", *words], cwd=cwd, capture_output=True, text=True, timeout=500,
                          **options)


# the plan ----------------------------------------------------------------------------------------------------------
def test_a_plan_is_the_product_of_what_is_swept_with_the_scenarios_innermost():
    plan = plan_of("+experiment=centralisation", "police.patrols=20,40", "organisation.control=range(0,1.01,0.5)")
    assert len(plan.points) == 2 * 3 * 4
    assert [p.scenario for p in plan.points[:4]] == ["fragmented", "status_quo", "dossier", "centralised"]
    assert [p.values["organisation.control"] for p in plan.points[::4]] == [0.0, 0.5, 1.0] * 2
    assert plan.points[-1].parameters.police.patrols == 40 and plan.swept == ["police.patrols", "organisation.control"]


def test_a_swept_scenario_replaces_those_of_the_experiment():
    plan = plan_of("+experiment=centralisation", "scenario=dossier,truce")
    assert [p.scenario for p in plan.points] == ["dossier", "truce"]


def test_a_swept_point_is_the_point_configured_directly():
    from sim.registry.configuration import configure

    plan = plan_of("scenario=dossier", "police.patrols=20,40", "start_date=2023-01-01,2023-02-01")
    direct = configure("dossier", [*SHORT, "police.patrols=40", "start_date=2023-02-01"])
    assert plan.points[3].parameters == direct


def test_identity_depends_on_what_matters_alone():
    one, same, other = (plan_of("police.patrols=20,40", *words).points[0]
                        for words in ([], ["workers=2", "replicates=5"], ["seed=9"]))
    assert one.identity == same.identity != other.identity


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_design_file_is_read_with_the_types_of_its_keys(tmp_path, suffix):
    path = tmp_path / f"points.{suffix}"
    if suffix == "csv":
        path.write_text("migrants.arrivals,gangs.count,scenario\n100.0,5.0,dossier\n200.5,,truce\n")
    else:
        pq.write_table(pa.table({"migrants.arrivals": [100.0, 200.5], "gangs.count": [5.0, None],
                                 "scenario": ["dossier", "truce"]}), path)
    points = plan_of(f"design={path}").points
    assert [(p.scenario, p.values) for p in points] == [
        ("dossier", {"migrants.arrivals": 100.0, "gangs.count": 5}), ("truce", {"migrants.arrivals": 200.5})]
    assert points[0].parameters.gangs.count == 5


@pytest.mark.parametrize("text, said", [
    ("police.patrol\n20\n", "did you mean `police.patrols`"),
    ("gangs.count\n5.5\n", "row 1: gangs.count=5.5: must be a whole number"),
    ("gangs.count\n", "holds no rows"),
    ("scenario\ncentralized\n", "did you mean `centralised`"),
    ("gangs\n5\n", "is a group of keys"),
])
def test_a_bad_design_is_one_line(tmp_path, text, said):
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(ConfigurationError, match=said.replace(".", r"\.")):
        plan_of(f"design={tmp_path / 'd.csv'}")


# the store ---------------------------------------------------------------------------------------------------------
def filled(folder, runs=3):
    writer = Writer(folder)
    for k in range(runs):
        writer.run("a" * 64, k, 7, {"price_mean": 1000.5 + k, "clashes": k, "ransom_mean": float("nan")})
    return writer


def test_what_is_written_is_read(tmp_path):
    filled(tmp_path)
    journals = Journals(tmp_path)
    journals.refresh()
    assert journals.runs["a" * 64, 2]["price_mean"] == 1002.5 and journals.runs["a" * 64, 2]["clashes"] == 2
    assert str(journals.runs["a" * 64, 0]["ransom_mean"]) == "nan" and not journals.damaged and not journals.torn()


@given(cut=st.integers(0, 400))
def test_a_journal_torn_anywhere_gives_a_prefix_of_its_runs(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("store")
    path = filled(folder).path
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    journals = Journals(folder)
    journals.refresh()
    assert [k for _, k in journals.runs] == list(range(max(whole[:cut].count(b"\n") - 1, 0)))
    path.write_bytes(whole)  # the rest arrives: as on a slow shared file system
    journals.refresh()
    assert len(journals.runs) == 3 and not journals.damaged


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_damaged_byte_never_changes_a_run(tmp_path_factory, position, flip):
    folder = tmp_path_factory.mktemp("store")
    path = filled(folder).path
    intact = Journals(folder)
    intact.refresh()
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= flip
    path.write_bytes(bytes(data))
    journals = Journals(folder)
    journals.refresh()
    assert all(repr(run) == repr(intact.runs[key]) for key, run in journals.runs.items())
    assert len(journals.runs) < 3 and (journals.damaged or journals.torn())


def test_lines_carry_their_checksum():
    assert record_of(line_of({"x": 1})) == {"x": 1}
    for line in (line_of({"x": 1})[:-1], b"12345678 {}\n", b"\n"):
        assert record_of(line) is None


def test_a_claim_is_held_by_one_and_taken_over_from_the_dead(tmp_path):
    first, second = Claim(tmp_path, "p"), Claim(tmp_path, "p")
    assert first.acquire() and not second.acquire()
    first.release()
    assert second.acquire()
    holder = json.loads(second.path.read_text())
    second.path.write_text(json.dumps(holder | {"process": 2**22 + 1, "born": "1"}))  # nobody has that number
    third = Claim(tmp_path, "p")
    assert third.acquire() and third.deaths == 1


def test_a_claim_from_another_host_is_void_only_when_it_was_not_renewed(tmp_path):
    claim, other = Claim(tmp_path, "p"), Claim(tmp_path, "p")
    assert claim.acquire()
    claim.path.write_text(json.dumps({"host": "elsewhere", "process": 1, "born": "1", "deaths": {}}))
    assert not other.acquire()
    os.utime(claim.path, (1, 1))
    assert other.acquire() and other.deaths == 1


def test_a_process_is_known_by_its_birth():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    assert born(child.pid) and born(child.pid) == born(child.pid)
    child.kill()
    until = time.monotonic() + 500
    while born(child.pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert born(child.pid) is None  # dead, though not yet waited for
    child.wait()


# work --------------------------------------------------------------------------------------------------------------
def on_disk(folder, *words):
    plan = plan_of("police.patrols=20,40,80", *words)
    folder.mkdir(exist_ok=True)
    return plan, write_plan(plan, folder).name


def test_a_failed_point_is_told_and_does_not_stop_the_others(tmp_path, monkeypatch):
    plan, name = on_disk(tmp_path / "s", "replicates=2")
    simulate = work.simulate

    def fails(parameters, *rest):
        if parameters.police.patrols == 40:
            raise ZeroDivisionError("on purpose")
        return simulate(parameters, *rest)

    monkeypatch.setattr(work, "simulate", fails)
    work.work(tmp_path / "s", name, 0, 3, "launch1", 1)
    journals = Journals(tmp_path / "s")
    journals.refresh()
    assert len(journals.runs) == 4
    failed = plan.points[1].identity
    assert journals.failures == {("launch1", failed, k): "ZeroDivisionError: on purpose" for k in (0, 1)}
    monkeypatch.setattr(work, "simulate", simulate)
    work.work(tmp_path / "s", name, 0, 3, "launch2", 1)  # the next launch tries it again
    journals.refresh()
    assert len(journals.runs) == 6


def test_a_point_over_which_processes_die_is_given_up(tmp_path):
    plan, name = on_disk(tmp_path / "s")
    for _ in range(2):
        claim = Claim(tmp_path / "s", work.name_of(plan.points[0], 0), "launch1")
        assert claim.acquire()
        claim.path.write_text(json.dumps(json.loads(claim.path.read_text()) | {"process": 2**22 + 1}))
    work.work(tmp_path / "s", name, 0, 3, "launch1", 1)
    journals = Journals(tmp_path / "s")
    journals.refresh()
    assert journals.failures == {("launch1", plan.points[0].identity, 0): "2 processes died over it"}
    assert len(journals.runs) == 2
    work.work(tmp_path / "s", name, 0, 3, "launch2", 1)  # whoever starts anew may have mended the cause
    assert len(journals.refresh().runs) == 3


def test_processes_killed_in_earlier_launches_are_not_held_against_a_run(tmp_path):
    """Jobs that are stopped and started again, as on a cluster that takes back its machines, lose nothing."""
    plan, name = on_disk(tmp_path / "s")
    for launch in "abcde":
        claim = Claim(tmp_path / "s", work.name_of(plan.points[0], 0), launch)
        assert claim.acquire() and claim.deaths == 0
        claim.path.write_text(json.dumps(json.loads(claim.path.read_text()) | {"process": 2**22 + 1}))
    work.work(tmp_path / "s", name, 0, 3, "f", 1)
    journals = Journals(tmp_path / "s").refresh()
    assert len(journals.runs) == 3 and not journals.failures


def test_a_claim_left_by_one_that_died_after_finishing_is_given_back(tmp_path):
    plan, name = on_disk(tmp_path / "s")
    work.work(tmp_path / "s", name, 0, 3, "launch1", 1)
    left, held = (Claim(tmp_path / "s", work.name_of(point, 0)) for point in plan.points[:2])
    assert left.acquire() and held.acquire()
    left.path.write_text(json.dumps(json.loads(left.path.read_text()) | {"process": 2**22 + 1}))
    work.work(tmp_path / "s", name, 0, 3, "launch1", 1)
    assert not left.path.exists() and held.path.exists()  # whoever lives keeps theirs


def test_parts_in_any_order_give_the_same_table(tmp_path):
    _, name = on_disk(tmp_path / "a")
    on_disk(tmp_path / "b")
    work.work(tmp_path / "a", name, 0, 3, "x", 1)
    for first in (2, 0, 1):
        work.work(tmp_path / "b", name, first, first + 1, "x", 1)
    a, swept, _ = collect([tmp_path / "a"])
    b, _, _ = collect([tmp_path / "b"])
    assert repr(a.to_pylist()) == repr(b.to_pylist())  # a NaN is not equal to itself
    assert swept == ["police.patrols"] and a["police.patrols"].to_pylist() == [20, 40, 80]


def test_collect_names_what_it_leaves_out(tmp_path, capsys):
    _, name = on_disk(tmp_path / "s")
    work.work(tmp_path / "s", name, 0, 3, "x", 1)
    (tmp_path / "s" / "journal" / "foreign.jsonl").write_text("hello\n")
    (tmp_path / "s" / "plan-00000000.json").write_text("{")
    assert collect_main([str(tmp_path / "s"), "-o", str(tmp_path / "t.parquet")]) == 0
    said = capsys.readouterr()
    assert "foreign.jsonl: 1 damaged or foreign lines left out" in said.err
    assert "plan-00000000.json: damaged" in said.err
    assert pq.read_table(tmp_path / "t.parquet").num_rows == 3 and "20" in said.out
    with pytest.raises(ConfigurationError, match="not the folder of a sweep"):
        collect_main([str(tmp_path)])


def test_collect_renews_the_description_of_the_table_that_it_writes(tmp_path):
    """Runs of a second sweep into the same folder add a column: the data package names it too."""
    described = tmp_path / "s" / "datapackage.json"
    for words in (["police.patrols=20,40"], ["camps.rent=10,12"]):
        plan, name = on_disk(tmp_path / "s", *words)
        work.work(tmp_path / "s", name, 0, len(plan.points), "x", 1)
        assert collect_main([str(tmp_path / "s")]) == 0
        (resource,) = json.loads(described.read_text())["resources"]
        assert [field["name"] for field in resource["schema"]["fields"]] == pq.read_schema(
            tmp_path / "s" / "runs.parquet").names
        assert resource["sha256"] == hashlib.sha256((tmp_path / "s" / "runs.parquet").read_bytes()).hexdigest()
    assert "camps.rent" in described.read_text()
    described.unlink()
    assert collect_main([str(tmp_path / "s"), "-o", str(tmp_path / "t.parquet")]) == 0 and not described.exists()


def test_no_room_takes_back_the_line_and_keeps_the_others(tmp_path):
    code = f"""
import resource
from pathlib import Path
from sim.runs.store import Writer
writer = Writer(Path({str(tmp_path)!r}))
writer.run("a" * 64, 0, 7, {{"price_mean": 1.0}})
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    for k in range(1, 9):
        writer.run("a" * 64, k, 7, {{"price_mean": 1.0}})
except OSError:
    print("full", k)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split()
    journals = Journals(tmp_path)
    journals.refresh()
    assert said[0] == "full" and len(journals.runs) == int(said[1]) and not journals.torn() and not journals.damaged


def test_equal_points_are_played_once_and_have_a_row_each(tmp_path):
    """An analysis needs as many results as its design has rows."""
    _, name = on_disk(tmp_path / "s", "police.patrols=20,20,40", "replicates=2")
    work.work(tmp_path / "s", name, 0, 3, "x", 1)
    data, _, _ = collect([tmp_path / "s"])
    assert data["police.patrols"].to_pylist() == [20, 20, 20, 20, 40, 40]
    assert data["replicate"].to_pylist() == [0, 1] * 3
    assert len(Journals(tmp_path / "s").refresh().runs) == 4


def test_a_claim_of_another_namespace_of_processes_is_not_taken(tmp_path):
    """A container may have this host's name; its numbers of processes mean nothing here."""
    claim = Claim(tmp_path, "p")
    assert claim.acquire()
    holder = json.loads(claim.path.read_text())
    claim.path.write_text(json.dumps(holder | {"host": f"{holder['host']} elsewhere", "process": 2**22 + 1}))
    assert not Claim(tmp_path, "p").acquire()


# the command line --------------------------------------------------------------------------------------------------
WORDS = ["-m", "police.patrols=20,40,80", "scenario=fragmented,dossier", "replicates=2", *SHORT]


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    """The table of a sweep run in one process."""
    folder = tmp_path_factory.mktemp("serial")
    ended = sim(*WORDS, "workers=1", "hydra.sweep.dir=s", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return folder / "s" / "runs.parquet"


def test_a_sweep_prints_its_points_and_one_table(serial):
    data = pq.read_table(serial)
    assert data.num_rows == 12 and data.column_names[:4] == ["experiment", "police.patrols", "scenario", "replicate"]
    beside = {p.name for p in serial.parent.iterdir() if p.is_file() and not p.name.startswith("plan-")}
    assert beside == {"datapackage.json", "manifest.json", "ro-crate-metadata.json", "runs.parquet"}


def test_a_sweep_runs_below_a_folder_of_any_name(tmp_path):
    """The launcher's jobs get the folder as text in Hydra's grammar, though nobody typed it."""
    place = tmp_path / "it's ${x}, a=b [#1]"
    place.mkdir()
    ended = sim("-m", "police.patrols=10,20", *SMALL, "nights=3", "warmup=0", "workers=1", cwd=place)
    assert ended.returncode == 0, ended.stderr
    table = pq.read_table(place / "results" / "single" / "latest" / "runs.parquet")
    assert table["police.patrols"].to_pylist() == [10, 20]
    assert [path.name for path in tmp_path.iterdir()] == [place.name], "nothing is written elsewhere"


@pytest.mark.long
@pytest.mark.parametrize("launcher, words", [
    ("basic", ["workers=2"]), ("joblib", ["points_per_job=2"]), ("submitit_local", ["points_per_job=3"]),
    ("ray", ["points_per_job=3", "+hydra.launcher.ray.init.num_cpus=2"])])
def test_every_launcher_gives_the_same_bytes(serial, tmp_path, launcher, words):
    module = {"basic": "hydra", "joblib": "hydra_plugins.hydra_joblib_launcher",
              "submitit_local": "hydra_plugins.hydra_submitit_launcher", "ray": "ray"}[launcher]
    needed(module)
    ended = sim(*WORDS, f"hydra/launcher={launcher}", "hydra.sweep.dir=s", *words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "s" / "runs.parquet").read_bytes() == serial.read_bytes()


@pytest.mark.long
def test_two_launches_share_the_work(serial, tmp_path):
    both = [subprocess.Popen([sys.executable, "-m", "sim", *WORDS, "workers=1", "hydra.sweep.dir=s"], cwd=tmp_path,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    assert [p.wait(timeout=300) for p in both] == [0, 0]
    lines = [line for path in (tmp_path / "s" / "journal").iterdir() for line in path.read_bytes().splitlines()]
    assert sum(b'"values"' in line for line in lines) == 12, "nothing is run twice"
    assert (tmp_path / "s" / "runs.parquet").read_bytes() == serial.read_bytes()


@pytest.mark.long
def test_twenty_kills_lose_no_finished_run_and_change_no_byte(tmp_path):
    """kill -9 of a worker or of the driver at random moments, until it is through."""
    dice = random.Random(20231027)
    words = ["-m", "police.patrols=range(20,80)", "scenario=fragmented,dossier", "workers=2", "scale=0.1", "nights=60",
             "warmup=20"]
    clean = sim(*words, "hydra.sweep.dir=clean", cwd=tmp_path)
    assert clean.returncode == 0, clean.stderr
    kills, folder = 0, tmp_path / "killed"
    while kills < 20:
        driver = subprocess.Popen([sys.executable, "-m", "sim", *words, "hydra.sweep.dir=killed"], cwd=tmp_path,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = finished(folder)
        goal = before + dice.randint(0, 3)
        while finished(folder) < goal:
            time.sleep(0.02)
        time.sleep(dice.random() * 0.05)
        assert driver.poll() is None, "it was through before it was killed often enough"
        if workers := children(driver.pid):  # the driver replaces a worker that was killed
            os.kill(dice.choice(workers), signal.SIGKILL)
            kills += 1
            time.sleep(dice.random() * 0.15)
        driver.kill()
        kills += 1
        driver.wait()
        assert finished(folder) >= before
    ended = sim(*words, "hydra.sweep.dir=killed", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (folder / "runs.parquet").read_bytes() == (tmp_path / "clean" / "runs.parquet").read_bytes()
    assert not list((folder / "claims").glob("*"))  # the folder itself may be gone


@pytest.mark.long
def test_a_killed_driver_leaves_no_worker(tmp_path):
    """Also in the middle of a long run, and also of a comparison of scenarios."""
    words = ["nights=4000", "warmup=0", "scale=0.1", "replicates=4", "workers=2", "hydra.run.dir=s"]
    driver = subprocess.Popen([sys.executable, "-m", "sim", *words], cwd=tmp_path, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    until = time.monotonic() + 500
    while not list((tmp_path / "s").glob("claims/*-0000[01]")):
        assert time.monotonic() < until, "no run began"
        time.sleep(0.05)
    workers = children(driver.pid)
    driver.kill()
    driver.wait()
    while any(born(worker) for worker in workers):
        assert time.monotonic() < until, "workers go on without their driver"
        time.sleep(0.1)
    assert len(workers) == 2 and not list((tmp_path / "s").glob("claims/*-0000?"))  # they come to a good end


def finished(folder) -> int:
    journals = Journals(folder)
    journals.refresh()
    return len(journals.runs)


def children(process) -> list[int]:
    """Worker processes of a driver (without multiprocessing's resource tracker)."""
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(p) for p in found if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()]
    except FileNotFoundError:
        return []


@pytest.mark.long
def test_ctrl_c_of_a_sweep_says_how_to_go_on(tmp_path):
    process = subprocess.Popen([sys.executable, "-m", "sim", "-m", "police.patrols=range(20,60)", *SMALL, "nights=100",
                                "hydra.sweep.dir=s"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True, start_new_session=True, preexec_fn=heed_signals)
    while finished(tmp_path / "s") < 2:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130 and "the same command goes on" in said and "Traceback" not in said
    assert not children(process.pid)
