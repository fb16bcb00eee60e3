"""Several launches at once: on one folder from several hosts or namespaces, with clocks that differ, in one second."""

import shutil
import subprocess
import time
from pathlib import Path

from .bench import Bench, has_traceback
from .outcomes import Outcome, outcome
from .processes import LONGEST, PLACE, command, finished, said, start, surroundings, tables

HOST = ("unshare", "-pfu", "--mount-proc", "--kill-child", "sh", "-c", 'hostname "$0"; exec "$@"')  # then its name
CLOCKS = ("-3d", "-1h", "-150s", "+0s", "+150s", "+1h", "+3d")  # of hosts, against that of the file system


def two_namespaces(bench: Bench, kind: str) -> Outcome:
    """Two launches on one folder, each in a namespace of processes of its own; needs root."""
    options = bench.dice.choice((["--mount-proc"], []))
    return together(bench, "two namespaces of processes on one folder", kind,
                    [{"before": ("unshare", "-pf", *options)}] * 2)


def two_hosts(bench: Bench, kind: str) -> Outcome:
    """Two launches on one folder, each on a host of its own, which has its own name and processes; needs root."""
    return together(bench, "two hosts on one folder", kind, [{"before": (*HOST, name)} for name in ("one", "two")])


def two_clocks(bench: Bench, kind: str) -> Outcome:
    """Two hosts on one folder whose clocks differ from each other and from the file system's; needs root."""
    hosts = [{"before": (*HOST, name), **clock(bench.dice.choice(CLOCKS))} for name in ("one", "two")]
    return together(bench, "two hosts whose clocks are wrong by up to three days on one folder", kind, hosts)


def a_host_dies(bench: Bench, kind: str) -> Outcome:
    """One of two hosts on one folder, their clocks wrong, is switched off; the other completes alone; needs root."""
    offsets = [clock(bench.dice.choice(CLOCKS)) if clock_library() else {} for _ in range(2)]
    hosts = [{"before": (*HOST, name), **offset} for name, offset in zip(("one", "two"), offsets)]
    return together(bench, "one of two hosts on one folder is switched off", kind, hosts,
                    dies_after=bench.dice.randint(0, 20))


def together(bench: Bench, harm: str, kind: str, hosts: list[dict], dies_after: int | None = None) -> Outcome:
    """Launches on one folder; the first of them dies once so many runs are finished, if asked."""
    folder = bench.new()
    launches = [start(kind, folder, **host) for host in hosts]
    seen = set()
    if dies_after is not None:
        while launches[0].poll() is None and len(seen := finished(folder)) < max(dies_after, 1):
            time.sleep(0.05)
        launches[0].kill()
    codes = [launch.wait(LONGEST) for launch in launches][dies_after is not None:]
    unclear = any(codes) or has_traceback(said(folder).read_text(errors="replace"))
    return outcome(harm, lost=len(seen - finished(folder)), torn=tables(folder) != bench.undisturbed(kind),
                   unclear=unclear)


def clock(offset: str) -> dict[str, str]:
    """The environment of a process whose clock is wrong by an offset; the file system's clock stays right."""
    return {"LD_PRELOAD": clock_library(), "FAKETIME": offset, "NO_FAKE_STAT": "1", "FAKE_UTIME": "1"}


def clock_library() -> str:
    """The path of libfaketime, a package of Debian; empty where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else ""


def can_be_hosts() -> bool:
    """Whether this user may start processes in namespaces with a host name of their own."""
    return bool(shutil.which("unshare")) and not subprocess.run([*HOST, "one", "true"],
                                                                capture_output=True).returncode


def same_second(bench: Bench, kind: str = "study") -> Outcome:
    """Launches of unlike configurations in one second, none of which is given a folder."""
    place = bench.new()
    place.mkdir()
    words = [word.replace("replicates=12", "replicates=2") for word in command(kind, place)
             if not word.startswith(PLACE[kind])]
    seeds = ("1", "2", "3")
    launches = [subprocess.Popen([*words, f"seed={seed}"], cwd=place, env=surroundings(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True) for seed in seeds]
    errors = [launch.communicate(timeout=LONGEST)[1] for launch in launches]
    failed = any(map(has_traceback, errors)) or any(launch.returncode for launch in launches)
    folders = [path for path in (place / "results").glob("*/*") if not path.is_symlink() and path.is_dir()]
    return outcome("three configurations launched in one second", torn=len(folders) != len(seeds), unclear=failed)
