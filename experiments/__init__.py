"""One folder an experiment, and what makes the documentation from them; it belongs to a checkout and is not installed."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = ROOT / "results" / "reference"
