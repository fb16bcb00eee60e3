"""What the model is declared with: parameters, outcomes, claims, series, and the readers of each.

This is the ground floor: nothing here imports another part of the package.
"""

LABEL = "Simulated under stated assumptions; no estimate for any place, group or person."
