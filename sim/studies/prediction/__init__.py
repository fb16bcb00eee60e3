"""Prediction: monthly predictive distributions, and scores where months are documented."""

from sim.studies import Study
from sim.studies.prediction.study import read, rounds, rows, texts
from sim.studies.prediction.tables import present


def drawn(prediction):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.prediction.figures import figures

    return figures(prediction)


STUDY = Study(read, rows, present, drawn, nights=True, parameter_draws=True, rounds=rounds, texts=texts)
