"""A sweep on a real Slurm of one node: a job array of 36 jobs, one of them killed and requeued."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from conftest import SMALL, needed

pytestmark = pytest.mark.long

SCRIPT = Path(__file__).parents[1] / "cluster" / "slurm.sh"
WORDS = ["-m", "police.patrols=range(20,56)", *SMALL, "scale=0.2", "nights=200", "checks=false"]


def run(*words, env=None, **options):
    return subprocess.run(words, capture_output=True, text=True, timeout=600, env=env, **options)


@pytest.fixture(scope="module")
def slurm():
    """Environment in which Slurm answers; the lab is removed afterwards."""
    needed("submitit")
    with tempfile.TemporaryDirectory(prefix="slurm") as lab:
        os.chmod(lab, 0o755)  # munge wants its socket within reach of all
        env = {**os.environ, "SLURM_LAB": lab + "/lab", "SLURM_LAB_ACCOUNTING": "1", "SLURM_LAB_CPUS": "4"}
        installed = run(str(SCRIPT), "install", env=env)
        if installed.returncode == 3:
            pytest.skip(installed.stderr.strip())
        assert installed.returncode == 0, installed.stderr
        started = run(str(SCRIPT), "start", env=env)
        assert started.returncode == 0, started.stderr
        env["SLURM_CONF"] = started.stdout.split("=", 1)[1].strip().strip("'\"")
        yield env
        run(str(SCRIPT), "stop", env=env)


def test_a_job_array_with_a_killed_job_gives_the_serial_bytes(slurm, tmp_path):
    serial = run(sys.executable, "-m", "sim", *WORDS, "hydra.sweep.dir=serial", cwd=tmp_path)
    assert serial.returncode == 0, serial.stderr
    with open(tmp_path / "said", "w") as said:
        driver = subprocess.Popen([sys.executable, "-m", "sim", *WORDS, "hydra/launcher=cluster", "points_per_job=1",
                                   "hydra.launcher.partition=debug", "hydra.sweep.dir=slurm"], cwd=tmp_path, env=slurm,
                                  stdout=said, stderr=said)
        process, job = a_process_at_work(tmp_path / "slurm")
        os.kill(process, signal.SIGKILL)
        shown = ""
        deadline = time.time() + 400
        while driver.poll() is None and time.time() < deadline:
            now = run("scontrol", "show", "job", job, env=slurm).stdout
            shown = now if "Restarts=1" in now else shown
            time.sleep(1)
    assert driver.wait(timeout=10) == 0, (tmp_path / "said").read_text()
    assert f"ArrayJobId={job.split('_')[0]}" in shown and "Restarts=1" in shown, "the killed job is requeued"
    jobs = run("sacct", "-X", "-n", "-j", job.split("_")[0], "-o", "jobid,state", env=slurm).stdout.splitlines()
    assert len(jobs) == 36 and all("COMPLETED" in line for line in jobs)
    assert (tmp_path / "slurm" / "runs.parquet").read_bytes() == (tmp_path / "serial" / "runs.parquet").read_bytes()


def a_process_at_work(folder) -> tuple[int, str]:
    """A process that holds a claim, and its job (`12_3`)."""
    deadline = time.time() + 400
    while time.time() < deadline:
        for path in (folder / "claims").glob("[!.]*") if (folder / "claims").exists() else ():
            try:
                process = json.loads(path.read_text())["process"]
                said = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
            except (OSError, ValueError):
                continue
            here = dict(line.decode().split("=", 1) for line in said if b"=" in line)
            if "SLURM_ARRAY_JOB_ID" in here:
                return process, f"{here['SLURM_ARRAY_JOB_ID']}_{here['SLURM_ARRAY_TASK_ID']}"
        time.sleep(0.05)
    raise AssertionError("no job began")
