"""Emergence: which signs of a comparison are imposed by the model and its ranges, and which can go either way."""

from sim.studies import Study
from sim.studies.emergence.study import read, rounds, rows
from sim.studies.emergence.tables import present

STUDY = Study(read, rows, present, rounds=rounds)
