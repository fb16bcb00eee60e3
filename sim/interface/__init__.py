"""The model from Python and in notebooks: `Market` with keywords, `compare`, `sweep`, and results as data frames."""
