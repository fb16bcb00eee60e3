"""A real Slurm of one node for the trials (`tests/cluster/slurm.sh`)."""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "cluster" / "slurm.sh"


class NoSlurm(RuntimeError):
    """Slurm cannot be had on this machine; the message says why."""


@contextmanager
def lab(cpus: int = 4, port: int = 16817, set_here: bool = False):
    """Context in which Slurm answers; yields the environment of its commands.  Raises NoSlurm.

    set_here: whether commands that this process starts are to find it, too.
    """
    if not find_spec("submitit"):
        raise NoSlurm("hydra-submitit-launcher is not installed")
    with tempfile.TemporaryDirectory(prefix="slurm") as folder:
        os.chmod(folder, 0o755)  # munge wants its socket within reach of all
        environment = {**os.environ, "SLURM_LAB": folder + "/lab", "SLURM_LAB_ACCOUNTING": "1",
                       "SLURM_LAB_CPUS": str(cpus), "SLURM_LAB_PORT": str(port)}
        for verb in ("install", "start"):
            ended = subprocess.run([str(SCRIPT), verb], env=environment, capture_output=True, text=True)
            if ended.returncode:
                subprocess.run([str(SCRIPT), "stop"], env=environment, capture_output=True)
                raise NoSlurm(ended.stderr.strip())
        environment["SLURM_CONF"] = ended.stdout.split("=", 1)[1].strip().strip("'\"")
        before = dict(os.environ)
        try:
            if set_here:
                os.environ.update(environment)
            yield environment
        finally:
            os.environ.clear()
            os.environ.update(before)
            subprocess.run([str(SCRIPT), "stop"], env=environment, capture_output=True)
