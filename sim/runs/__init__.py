"""Runs of many points, scenarios and replicates, on any launcher, from one store, resumable.

`plan` says which runs there are (a comparison of scenarios is a plan that sweeps nothing and keeps nights and groups),
`drive` carries a plan out from its first run to closed tables, `work` plays what is open, `pool` holds its processes,
`store`, `nights` and `lock` what is finished and who is at work, `progress` shows how far it is, `power` how many
replicates are needed, `table` makes one table of it.  Hydra's side is `sim/command/job.py` and `sweeper.py`.
"""
