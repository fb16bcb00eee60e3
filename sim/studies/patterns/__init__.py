"""Stylised facts as a test of the model: pattern-oriented modelling (Grimm et al. 2005, Science 310:987).

Facts and configurations are declared in `sim/registry/patterns.yaml`; terms that would impose a fact are switched off
for its test.  `declared` reads the file, `simulated` finds the runs of each configuration in folders of results,
`measures` and `compare` compute values from them, `score` judges and counts conflicts, `tables` presents the result.
"""

from sim.studies import Study
from sim.studies.patterns.rows import rows
from sim.studies.patterns.study import read, rounds
from sim.studies.patterns.tables import present


def drawn(card):
    """The study's figure; Matplotlib is loaded only for it."""
    from sim.studies.patterns.figures import figures

    return figures(card)


STUDY = Study(read, rows, present, drawn, nights=True, rounds=rounds)
