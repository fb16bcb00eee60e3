"""The command line as a user meets it: real processes, real signals."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import SMALL, heed_signals
from sim.__main__ import main
from sim.command.job import end_with

TINY = [*SMALL, "nights=5", "warmup=5"]


def sim(*words, cwd, **options):
    return subprocess.run([sys.executable, "-m", "sim", *words], cwd=cwd, capture_output=True, text=True, timeout=300,
                          **options)


def test_an_exit_code_is_that_of_its_own_command(monkeypatch):
    """A command that failed earlier in this process does not count."""
    monkeypatch.setattr("hydra.main", lambda **options: lambda job: lambda: None)
    monkeypatch.setattr(sys, "argv", ["sim"])
    end_with(2)
    assert main(TINY) == 0


BAD = [  # words, and what is said of them
    ("police.patrol=40", "did you mean `police.patrols`"),
    ("nights=-1", "nights=-1: must be a whole number from 1"),
    ("nights=ten", "nights=ten: must be a whole number"),
    ("scenario=centralized", "did you mean `centralised`"),
    ("+experiment=centralization", "did you mean `centralisation`"),
    ("police.pushback_share=1.2", "must be a number from 0 to 1"),
    ("migrants.origin_shares=[0.5,0.2,0.2,0.2]", "must sum to 1"),
    ("gangs.count=13", "at most one group per sector"),
    ("+gangs.prise=3", "unknown key `gangs.prise`"),
    ("rules.price=guess", "one of best_response"),
    ("start_date=2023-13-01", "a date YYYY-MM-DD"),
    ("nights=[", "nights=["),
    ("warmup=${nothing}", "'nothing' not found"),
    ("hydra.nothing=3", "Could not override 'hydra.nothing'"),
    ("hydra/launcher=nope", "hydra/launcher/nope"),
    ("study=../elsewhere", "must be a name"),
    ("scenarios=3", "must be a list of scenarios"),
    ("sweep=3", "must be a mapping"),
    ("points_per_job=0", "points_per_job=0: must be a whole number from 1"),
    ("sensitivity.kep=3", "did you mean `sensitivity.keep`"),
    ("sensitivity=3", "must be a group with vary"),
    ("sensitivity.sobol_points=3", "must be a power of two"),
    ("police.patrols=20,40", "several values are a sweep: python -m sim -m police.patrols=20,40"),
    ("+experiment=takeover nights=60", "nights=60: must be at least 63"),
]
HYDRAS = ("hydra.nothing=3", "hydra/launcher=nope")  # refused by Hydra, which ends the process


@pytest.mark.parametrize("word, said", [bad for bad in BAD if bad[0] not in HYDRAS])
def test_bad_input_is_one_line_and_exit_2(word, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(word.split()) == 2
    told = capsys.readouterr()
    assert told.err.startswith("sim: error: ") and told.err.count("\n") == 1 and said in told.err and not told.out
    assert not list(tmp_path.iterdir()), "nothing may be written"


@pytest.mark.parametrize("word, said", [BAD[0], *(bad for bad in BAD if bad[0] in HYDRAS)])
def test_a_process_ends_with_2(word, said, tmp_path):
    ended = sim(*word.split(), cwd=tmp_path)
    assert ended.returncode == 2 and said in ended.stderr and not list(tmp_path.iterdir())
    assert ended.stderr.startswith("sim: error: ") and len(ended.stderr.splitlines()) == 1


def test_a_place_that_cannot_be_written_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    for place in ("file", "file/below", "/proc/nowhere/x"):
        assert main([f"hydra.run.dir={place}", *TINY]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.long
def test_no_room_for_results_is_one_line_and_nothing_half_written(tmp_path):
    import resource

    def small_files():  # the kernel refuses to let any file grow beyond 20 kB
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    for workers in (1, 2):
        ended = sim(*TINY, "nights=200", "replicates=2", f"workers={workers}", f"hydra.run.dir=run{workers}",
                    cwd=tmp_path, preexec_fn=small_files)
        lines = [line for line in ended.stderr.splitlines() if not re.match(r"sim: \d+ %", line)]  # no progress
        assert ended.returncode == 2 and len(lines) == 1, ended.stderr
        assert "results cannot be written" in ended.stderr and "0 finished runs are kept" in ended.stderr
        left = [p.name for p in (tmp_path / f"run{workers}").rglob("*") if p.is_file()]
        assert {re.sub("-[0-9a-f]{64}", "", name) for name in left} == {"config.yaml", "plan.json"}


def test_a_bad_value_in_a_sweep_is_refused_before_it_starts(tmp_path):
    ended = sim("-m", "police.patrols=20,-5", *TINY, cwd=tmp_path)
    assert ended.returncode == 2 and "police.patrols=-5" in ended.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_one_year_prints_its_table_and_says_where_it_is(tmp_path):
    ended = sim(*TINY, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "Outlay per arrival in Serbia" in ended.stdout and "results/single/" in ended.stdout
    latest = tmp_path / "results" / "single" / "latest"
    assert latest.is_symlink() and (latest / "runs.parquet").exists()
    assert not os.readlink(latest).startswith("/")
    assert "Traceback" not in ended.stderr and "Warning" not in ended.stderr


@pytest.mark.long
def test_a_terminal_shows_a_bar_with_time_left(tmp_path):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with subprocess.Popen([sys.executable, "-m", "sim", *TINY, "nights=200"], cwd=tmp_path, stdout=subprocess.DEVNULL,
                          stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert process.returncode == 0
    assert "0 of 1 runs" in shown.decode() and "205 of 205 nights" in shown.decode() and "left" in shown.decode()


@pytest.mark.long
def test_ctrl_c_keeps_finished_runs_and_the_same_command_goes_on(tmp_path):
    words = ["+experiment=centralisation", "scale=0.1", "nights=200", "warmup=10", "replicates=8", "workers=2",
             "hydra.run.dir=run"]
    process = subprocess.Popen([sys.executable, "-m", "sim", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, preexec_fn=heed_signals)
    wait_for_parts(tmp_path / "run", 2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130 and "Traceback" not in said
    kept = pq.read_metadata(tmp_path / "run" / "runs.parquet").num_rows
    assert 2 <= kept < 32 and f"{kept} of 32 runs are kept" in said
    assert not list(tmp_path.rglob("*.part-*"))
    again = sim(*words, cwd=tmp_path)
    assert again.returncode == 0 and f"{kept} of 32 runs are there already" in again.stderr
    assert pq.read_metadata(tmp_path / "run" / "runs.parquet").num_rows == 32


@pytest.mark.long
def test_a_killed_worker_costs_nothing_that_is_finished(tmp_path):
    words = ["scale=0.1", "nights=300", "warmup=10", "replicates=8", "workers=2", "hydra.run.dir=run"]
    process = subprocess.Popen([sys.executable, "-m", "sim", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_for_parts(tmp_path / "run", 1)
    workers = children(process.pid)
    os.kill(workers[-1], signal.SIGKILL)
    _, said = process.communicate(timeout=500)
    assert process.returncode == 0, said
    assert pq.read_metadata(tmp_path / "run" / "runs.parquet").num_rows == 8


def wait_for_parts(folder: Path, count: int) -> None:
    until = time.monotonic() + 500
    while len(list(folder.glob("groups/*.parquet"))) < count:
        assert time.monotonic() < until, "no run finished"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Worker processes of a run (not the tracker of shared resources)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and b"spawn_main" in (entry.parent / "cmdline").read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return sorted(found)


def test_help_is_quick_because_it_imports_nothing_heavy(tmp_path):
    code = ("import sys, runpy; sys.argv = ['sim', '--help']\n"
            "try: runpy.run_module('sim', run_name='__main__')\n"
            "except SystemExit as end: assert end.code == 0\n"
            "heavy = {'numpy', 'scipy', 'mesa', 'hydra', 'matplotlib', 'pandas', 'pyarrow'} & set(sys.modules)\n"
            "assert not heavy, heavy")
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    for word in ("scenario=dossier", "centralisation", "police.patrols=80 [units]", "fragmented", "hydra.run.dir"):
        assert word in ended.stdout


@pytest.mark.long
def test_an_installed_wheel_finds_its_configurations(tmp_path):
    root = Path(__file__).parents[2]
    built = subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w",
                            str(tmp_path), str(root)], capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    wheel = next(tmp_path.glob("*.whl"))
    target = tmp_path / "elsewhere"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(target)], check=True)
    assert {path.name for path in target.iterdir() if not path.name.endswith(".dist-info")} == {"sim", "hydra_plugins"}
    entries = next(target.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "border-market = sim.__main__:main" in entries
    code = ("from sim.registry.configuration import config_dir, configure; import sim\n"
            "assert 'elsewhere' in sim.__file__ and 'elsewhere' in str(config_dir())\n"
            "assert configure('dossier').organisation.control == 1\n"
            "from sim.__main__ import main\n"
            "assert main(['--help']) == 0 and main(['documentation']) == 2")
    ended = subprocess.run([sys.executable, "-c", code], cwd=target, capture_output=True, text=True, timeout=300,
                           env={**os.environ, "PYTHONPATH": str(target)})
    assert ended.returncode == 0, ended.stderr
