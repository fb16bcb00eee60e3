"""Prediction: monthly predictive distributions, and scores for documented months."""

from sim.studies import Study
from sim.studies.prediction.study import read, rounds, rows, texts
from sim.studies.prediction.tables import present


def draw_figures(prediction):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.prediction.figures import figures

    return figures(prediction)


STUDY = Study(read, rows, present, draw_figures, nights=True, parameter_draws=True, rounds=rounds, texts=texts)
