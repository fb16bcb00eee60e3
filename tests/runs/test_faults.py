"""Circumstances that must not spoil a run: surroundings, limits of the system, signals, damaged files."""

import errno
import io
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from faults import launches, troubles
from faults.bench import Bench, has_traceback
from faults.processes import carry_out, family, left_behind
from faults.signals import kills

from conftest import SMALL, compared, heed_signals, needed
from sim.command import job, output
from sim.figures.style import DOUBLE, in_style, new, save
from sim.registry.files import whole
from sim.registry.parameters import ConfigurationError
from sim.runs import lock, pool
from sim.runs.drive import manifest, what_failed
from sim.runs.lock import Claim

TINY = [*SMALL, "nights=3", "warmup=0", "workers=1"]


def sim(*words, cwd, **options):
    return subprocess.run([sys.executable, "-m", "sim", *words], cwd=cwd, capture_output=True, text=True, timeout=500,
                          **options)


# figures -----------------------------------------------------------------------------------------------------------
def drawn(path):
    """Bytes of a small figure with numbers, text and dates."""
    with in_style():
        figure, axes = new(DOUBLE, 60)
        axes[0, 0].plot(np.arange("2023-05-01", "2023-05-20", dtype="datetime64[D]"), np.arange(19) * 1e5)
        axes[0, 0].set_title("€ of a night")
        return [file.read_bytes() for file in save(figure, path)]


def test_settings_of_the_user_do_not_reach_the_figures(tmp_path):
    plain = drawn(tmp_path / "plain")
    theirs = {"text.usetex": True, "font.size": 20.0, "lines.linewidth": 5.0, "savefig.dpi": 50, "timezone": "US/Samoa",
              "axes.facecolor": "red", "figure.constrained_layout.use": False, "axes.formatter.use_locale": True}
    with matplotlib.rc_context(theirs):
        assert drawn(tmp_path / "theirs") == plain
        assert matplotlib.rcParams["text.usetex"] and matplotlib.rcParams["font.size"] == 20, "theirs again afterwards"


@pytest.mark.long
def test_a_backend_of_a_notebook_does_not_stop_the_command(tmp_path):
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nbackend: nonsense\n")
    ended = sim(*TINY, "hydra.run.dir=r", cwd=tmp_path,
                env={**os.environ, "MPLBACKEND": "module://no_such.backend_inline"})
    assert ended.returncode == 0 and "Traceback" not in ended.stderr, ended.stderr
    assert len(list((tmp_path / "r" / "figures").glob("*.png"))) > 3 and (tmp_path / "r" / "report.html").exists()


# printing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_number_keeps_its_sign_in_every_encoding(encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding, errors="sim.plain")
    stream.write("−8 373 ± 4 € ž \udc80")
    stream.flush()
    text = stream.buffer.getvalue().decode(encoding)
    assert text[0] in "-−" and "8 373" in text and ("±" in text or "+/-" in text)


def test_output_that_cannot_be_written_is_told_once_and_raises_nothing(monkeypatch):
    class Broken(io.StringIO):
        number = errno.ENOSPC

        def write(self, text):
            raise OSError(self.number, os.strerror(self.number))

    monkeypatch.setattr(sys, "stdout", Broken())
    with output.tolerant() as lost:
        print("lost")
    assert lost() == os.strerror(errno.ENOSPC) and isinstance(sys.stdout, Broken)
    monkeypatch.setattr(Broken, "number", errno.EPIPE)  # `| head` has what it wanted
    with output.tolerant() as lost:
        print("not wanted")
    assert lost() is None


@pytest.mark.parametrize("stdout, code", [("full", 1), pytest.param("pipe", 0, marks=pytest.mark.long)])
def test_a_sweep_is_closed_whatever_becomes_of_its_output(tmp_path, stdout, code):
    if stdout == "full":
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full")
        target = open("/dev/full", "w")  # noqa: SIM115
    else:
        reader, writer = os.pipe()
        os.close(reader)
        target = open(writer, "w")  # noqa: SIM115
    ended = subprocess.run([sys.executable, "-m", "sim", "-m", "police.patrols=10,20", *TINY, "hydra.sweep.dir=s"],
                           cwd=tmp_path, stdout=target, stderr=subprocess.PIPE, text=True, timeout=300)
    with suppress(OSError):
        target.close()
    assert ended.returncode == code, ended.stderr
    assert ("what was printed is lost" in ended.stderr) == (stdout == "full") and "Exception" not in ended.stderr
    assert {"runs.parquet", "manifest.json", "datapackage.json"} <= {p.name for p in (tmp_path / "s").iterdir()}


@pytest.mark.long
def test_closed_standard_streams_take_no_message_into_a_file(tmp_path):
    ended = subprocess.run(["sh", "-c", '"$@" >&- 2>&- <&-', "sh", sys.executable, "-m", "sim", "-m",
                            "police.patrols=10,20", *TINY, "hydra.sweep.dir=s"], cwd=tmp_path, timeout=300)
    assert ended.returncode == 0 and manifest(tmp_path / "s")["complete"]


# errors of the system ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("error, text", [
    (OSError(errno.ENOSPC, "No space left on device"), "results cannot be written to {folder}: the disk is full"),
    (OSError(errno.EACCES, "Permission denied", "{folder}/x"), "results cannot be written to {folder}: Permission"),
    (OSError(errno.EROFS, "Read-only file system", "/dev/shm/x"), "/dev/shm/x: Read-only file system"),
    (OSError(errno.EMFILE, "Too many open files", "{folder}/x"), "Too many open files: raise the limit"),
    (OSError(errno.EAGAIN, "Resource temporarily unavailable"), "no further process could be started"),
    (OSError(errno.EINVAL, "Invalid argument"), "the operating system refuses: Invalid argument"),
    (OSError(errno.ESTALE, "Stale file handle"), "results cannot be written to {folder}: Stale file handle"),
])
def test_an_error_of_the_system_names_its_own_file(tmp_path, error, text):
    if error.filename:
        error.filename = error.filename.format(folder=tmp_path)
    assert text.format(folder=tmp_path) in what_failed(error, tmp_path)


def test_a_crew_that_cannot_be_whole_does_the_work_with_fewer(monkeypatch):
    started, real = [], pool._start

    def limited(target, arguments, number):
        if started:
            raise BlockingIOError(errno.EAGAIN, "no further process")
        started.append(number)
        return real(target, arguments, number)

    monkeypatch.setattr(pool, "_start", limited)
    pool.crew(print, ("one of three",), 3, lambda: 0)
    assert started == [0]


def test_without_shared_memory_tasks_are_done_here(monkeypatch):
    def refused(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(pool, "ProcessPoolExecutor", refused)
    assert list(pool.each(abs, [-1, 2])) == [1, 2]


# claims ------------------------------------------------------------------------------------------------------------
def test_processes_that_hide_count_as_alive(tmp_path, monkeypatch):
    """/proc may hide those of other users."""
    claim = Claim(tmp_path, "p")
    assert claim.acquire()
    monkeypatch.setattr(lock, "born", lambda process: lock.exists(process))
    assert not Claim(tmp_path, "p").acquire()


def test_where_proc_belongs_to_another_namespace_nothing_is_known_of_processes(monkeypatch):
    monkeypatch.setattr("os.readlink", lambda path: "2147483647" if path == "/proc/self" else "pid:[1]")
    assert lock.place.__wrapped__() != lock.place.__wrapped__()


def test_age_is_judged_by_the_clock_of_the_file_system(tmp_path, monkeypatch):
    claim = Claim(tmp_path, "p")
    assert claim.acquire()
    claim.path.write_text('{"host": "elsewhere", "process": 1, "born": "1"}')
    monkeypatch.setattr(lock.time, "time", lambda: time.monotonic() + 1e10)  # a clock that is years ahead
    assert not Claim(tmp_path, "p").acquire()
    assert [path.name for path in claim.path.parent.iterdir()] == ["p"]


def test_a_long_work_renews_its_claim(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "RENEW", 0.05)
    with lock.alone(tmp_path):
        file = tmp_path / "claims" / "tables"
        os.utime(file, (1, 1))
        until = time.monotonic() + 500
        while file.stat().st_mtime == 1:
            assert time.monotonic() < until, "not renewed"
            time.sleep(0.02)


@pytest.mark.parametrize("content", ["", "[]", "3", "{", '{"host": "x"}', '{"deaths": 1}'])
def test_a_damaged_claim_is_respected_until_it_is_old(tmp_path, content):
    claim = Claim(tmp_path, "p")
    claim.path.parent.mkdir()
    claim.path.write_text(content)
    assert not claim.acquire()
    os.utime(claim.path, (1, 1))
    assert claim.acquire()


def test_two_processes_of_one_number_on_one_host_write_aside_of_each_other(tmp_path):
    with whole(tmp_path / "t") as one, whole(tmp_path / "t") as other:
        assert one != other
        for aside in (one, other):
            aside.write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


# damaged files -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_manifest_that_cannot_be_read_is_written_anew(tmp_path, content):
    folder = compared(tmp_path / "r", *TINY)
    written = manifest(folder)
    (folder / "manifest.json").write_bytes(content)
    compared(folder, *TINY)
    assert manifest(folder)["configuration_hash"] == written["configuration_hash"] and manifest(folder)["complete"]
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match="another configuration"):
        compared(folder, *TINY, "seed=99")


CACHED = """
import os, sys, pathlib
from sim.world.draws import uniforms
from sim.world.loops import Compilable
again = Compilable(uniforms.plain)
again.signature, again.source = uniforms.signature, uniforms.source
print(again.fast.stats.cache_hits.total() if hasattr(again.fast.stats.cache_hits, "total") else 0, again.on_disk)
"""


@pytest.mark.long
@pytest.mark.parametrize("suffix, size", [("nbi", 0), ("nbi", 10), ("nbc", 0), ("nbc", 3000)])
def test_a_torn_cache_is_compiled_again_and_kept(tmp_path, suffix, size):
    needed("numba")

    def loaded():
        ended = subprocess.run([sys.executable, "-c", CACHED], cwd=Path(__file__).parents[2], text=True, timeout=300,
                               capture_output=True, env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)})
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.split()

    assert loaded() == ["0", "True"] and loaded() == ["1", "True"]
    for file in tmp_path.rglob(f"*.{suffix}"):
        os.truncate(file, size)
    assert loaded() == ["0", "True"] and loaded() == ["1", "True"]


# signals -----------------------------------------------------------------------------------------------------------
def wait_for(folder, pattern, seconds=500):
    until = time.monotonic() + seconds
    while not list(folder.glob(pattern)):
        assert time.monotonic() < until, f"no {pattern}"
        time.sleep(0.02)


@pytest.mark.long
def test_ctrl_c_while_figures_are_drawn_says_that_the_runs_are_there(tmp_path):
    process = subprocess.Popen([sys.executable, "-m", "sim", *TINY, "hydra.run.dir=r"], cwd=tmp_path, text=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=heed_signals)
    wait_for(tmp_path, "r/figures")
    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=500)[1]
    assert process.returncode == 130 and "Traceback" not in text
    assert "finished runs are kept in r; the same command with hydra.run.dir=r goes on" in text
    assert manifest(tmp_path / "r")["complete"]  # of the tables


def test_a_process_that_lost_its_driver_before_it_began_ends():
    """The driver's number is given; the parent of an orphan is another process, with which it must not live on."""
    ended = subprocess.run([sys.executable, "-c", "import os, time; from sim.runs.pool import end_with; "
                            "end_with(os.getpid()); time.sleep(300)"], timeout=500)
    assert ended.returncode == -signal.SIGTERM


@pytest.mark.parametrize("launcher", ["joblib", "ray", "basic"])
def test_a_job_ends_with_its_driver(monkeypatch, tmp_path, launcher):
    """joblib's processes are the driver's own; other launchers have processes of theirs between the two."""
    expected, seen = {"joblib": [4321], "ray": [os.getppid()], "basic": []}[launcher], []
    monkeypatch.setattr(job, "end_with_process", seen.append)
    monkeypatch.setattr("sim.runs.work.work", lambda *arguments: None)
    part = SimpleNamespace(plan="p", first=0, last=1, launch="a", workers=1, driver=4321)
    job.part_of_sweep(part, tmp_path, launcher)
    assert seen == expected


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("words", [["replicates=4", "hydra.run.dir=s"],
                                   ["-m", "police.patrols=10,20,30,40", "hydra.sweep.dir=s"],
                                   ["-m", "police.patrols=10,20,30,40", "hydra.sweep.dir=s", "hydra/launcher=joblib",
                                    "hydra.launcher.n_jobs=2", "points_per_job=1"]], ids=["study", "sweep", "joblib"])
def test_no_process_outlives_its_driver(tmp_path, number, words):
    if "hydra/launcher=joblib" in words:
        needed("hydra_plugins.hydra_joblib_launcher")
    driver = subprocess.Popen([sys.executable, "-m", "sim", "nights=20000", "warmup=0", "scale=0.1", "workers=2",
                               *words], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              preexec_fn=heed_signals)
    wait_for(tmp_path, "s/claims/*-0000?")
    members = family(driver.pid)
    driver.send_signal(number)
    assert driver.wait(timeout=500) != 0  # it did not simply come to its end
    assert len(members) > 2 and not left_behind(members)


# many real commands (`python -m tests.faults` does more of them) ------------------------------------------------------
@pytest.mark.long
@pytest.mark.parametrize("kind", ["study", "sweep"])
def test_random_signals_lose_no_run_and_change_no_byte(tmp_path, kind):
    outcome = kills(Bench(tmp_path), kind, 4, time.monotonic() + 240)
    assert outcome.tried and outcome.is_good, outcome


@pytest.mark.long
def test_trouble_is_one_line_or_none_and_the_same_command_completes(tmp_path):
    bench = Bench(tmp_path)
    attempts = [partial(troubles.read_only, bench, "sweep"), partial(troubles.few_files, bench, "sweep", 20),
                partial(troubles.small_files, bench, "sweep", 4_000), partial(troubles.stale_handles, bench, "sweep"),
                partial(launches.same_second, bench)]
    if launches.can_be_hosts():
        attempts += [partial(launches.two_namespaces, bench, "sweep"), partial(launches.two_hosts, bench, "sweep")]
    for attempt in attempts:
        assert (outcome := attempt()).is_good, outcome


@pytest.mark.long
def test_an_undisturbed_command_is_undisturbed_twice(tmp_path):
    """What the trials compare with."""
    bench = Bench(tmp_path)
    assert len(bench.undisturbed("sweep")) == 1 and bench.compared("sweep", tmp_path / "again") == 0
    assert carry_out("sweep", tmp_path / "1").returncode == 0


def test_ctrl_c_while_modules_are_loaded_leaves_no_traceback(tmp_path):
    """A slow module that Python loads for the command stands for slow imports."""
    (tmp_path / "yaml.py").write_text("import time\nopen('here', 'w').close()\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, "-m", "sim", *TINY], cwd=tmp_path, text=True, stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, preexec_fn=heed_signals)
    wait_for(tmp_path, "here")
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=500)[1]
    assert process.returncode == -signal.SIGINT and not has_traceback(errors) and not errors
