"""Calibration: which parameters are free, what they are held against, and two ways to their posterior.

`free` reads `sim/registry/calibration.yaml` (priors, reasons, targets) and gives draws of the prior and the posterior;
`summaries` makes the numbers that are compared; `approximate` is approximate Bayesian computation, `neural` a neural
posterior estimate (extra `calibration`); `gates` says whether either may be believed.
"""
