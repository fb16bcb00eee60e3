"""An independent twin of the model, written from docs/submodels.md alone: plain, scalar, one agent per person."""
