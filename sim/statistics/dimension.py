"""The number of independent directions in which effects move several outcomes."""

import numpy as np


def independent(effects) -> float:
    """Participation ratio (Σλ)²/Σλ² of the directions in which changes (m rows) move outcomes (k columns).

    λ are the eigenvalues of EᵀE, where E is `effects` with each column divided by its length, so that neither the
    unit nor the size of an outcome counts. The ratio is 1 if all columns are proportional, as when one equation moves
    every outcome, and k if no two columns have anything in common (Del Giudice 2021, Multivariate Behavioral Research
    56:527). Columns of zeros, outcomes that nothing moves, are left out; NaN if all are.
    """
    effects = np.asarray(effects, float)
    lengths = np.sqrt((effects**2).sum(axis=0))
    columns = effects[:, lengths > 0] / lengths[lengths > 0]
    if not columns.size:
        return float("nan")
    eigenvalues = np.linalg.eigvalsh(columns.T @ columns)
    return float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum())
