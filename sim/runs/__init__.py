"""Sweeps: many points on any launcher, one store, resumable; `python -m sim -m ...`.

`plan` says which points there are, `store` what is finished and who is at work, `work` runs what is open, `watch`
shows how far it is, `table` makes one table of it.  Hydra's side is `sim/command/sweeper.py`.
"""
