# %% [markdown]
# # A sweep on a laptop, then on Slurm
#
# How do the price and the share of attempts that succeed depend on the number of patrols? This tutorial plays a sweep
# on this machine, stops and continues it, adds replicates, and then sends the same sweep through a job launcher, as
# on a cluster. Results are simulated under stated assumptions and are no estimate for any place, group or person.
#
# ## On this machine
#
# A list of values is swept. `folder` keeps the results: the same call finds the finished runs again, also after
# Ctrl-C, a crash, or on another day.

# %%
from sim import sweep

SMALL = {"scale": 0.1, "nights": 15, "warmup": 15, "workers": 1}  # one process is enough for so little
found = sweep("status_quo", police_patrols=[40, 160], replicates=2, folder="patrols", **SMALL)
print(found)

# %% [markdown]
# ## More replicates
#
# The same call with more replicates plays only those that are missing.

# %%
found = sweep("status_quo", police_patrols=[40, 160], replicates=3, folder="patrols", **SMALL)
runs = found.to_pandas()
print(runs.groupby("police.patrols")[["price_mean", "success_rate"]].agg(["mean", "count"]).round(3))
found.plot().save("figures")

# %% [markdown]
# ## As jobs
#
# The same sweep from a terminal is `python -m sim -m police.patrols=40,160 replicates=3 ...`, where `-m` means many
# runs. A launcher decides where they are played. `submitit_local` starts jobs on this machine exactly as
# `submitit_slurm` sends them to Slurm, so it is a rehearsal. It comes with `pip install -e '.[sweep]'` in a checkout.
# `points_per_job=1` makes a job of each point.

# %%
import subprocess
import sys
from importlib.util import find_spec

import pandas

WORDS = ["-m", "police.patrols=40,160", "replicates=3", *(f"{key}={value}" for key, value in SMALL.items())]
if find_spec("hydra_plugins.hydra_submitit_launcher"):
    subprocess.run([sys.executable, "-m", "sim", *WORDS, "hydra/launcher=submitit_local", "points_per_job=1",
                    "hydra.sweep.dir=as_jobs"], check=True)
    pandas.testing.assert_frame_equal(pandas.read_parquet("as_jobs/runs.parquet"), runs)
    print("the jobs gave the same table")
else:
    print("submitit is not installed; this step was left out")

# %% [markdown]
# ## On Slurm
#
# Only the launcher and what the cluster wants to know change. Run this where `sbatch` works, in a folder that all
# nodes see; the words after `launcher` are those of your site:
#
#     python -m sim -m police.patrols=40,80,160 replicates=64 points_per_job=1 \
#         hydra/launcher=cluster hydra.launcher.partition=standard hydra.launcher.account=myproject \
#         hydra.launcher.timeout_min=60 hydra.launcher.mem_gb=2
#
# A job that runs out of time is put back into the queue and continues. If the command itself is stopped, give it
# again: nothing that is finished is played twice. [Sweeps](../sweeps.md) says what else can be set and what a year
# costs, so that the time and the number of points in a job can be chosen.
