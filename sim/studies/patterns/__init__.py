"""Tests of the model against stylised facts: pattern-oriented modelling (Grimm et al. 2005, Science 310:987).

Facts and configurations are declared in `sim/registry/patterns.yaml`; terms that would impose a fact are switched off
for its test.  `declared` reads the file, `simulated` reads the runs of each configuration from folders of results,
`measures` and `compare` compute values from them, `score` gives verdicts and counts conflicts, `tables` presents them.
"""

from sim.studies import Study
from sim.studies.patterns.rows import rows
from sim.studies.patterns.study import read, rounds
from sim.studies.patterns.tables import present


def draw_figures(card):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.patterns.figures import figures

    return figures(card)


STUDY = Study(read, rows, present, draw_figures, nights=True, rounds=rounds)
