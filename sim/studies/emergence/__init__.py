"""Emergence: prior-predictive sign robustness of a comparison, with all parameters drawn over their plausible
ranges."""

from sim.studies import Study
from sim.studies.emergence.study import read, rounds, rows
from sim.studies.emergence.tables import present

STUDY = Study(read, rows, present, rounds=rounds)
