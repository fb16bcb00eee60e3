"""One folder an experiment, and what makes the documentation from them; a checkout has it, an installed package not."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = ROOT / "results" / "reference"
