"""One folder for each experiment, and the builder of the documentation; a checkout has them, an installed package
not."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = ROOT / "results" / "reference"
VERSION_FILE = "made_by.json"  # beside reference tables: the version of the model that made them
