"""The priors of the border's answer and memory, from the episodes of 2016 to September 2023.

    python -m experiments.episodes.priors     writes results/reference/episodes/ and docs/figures/episodes.png
"""

import json
import shutil
import tempfile
from pathlib import Path

from experiments import DOCS, REFERENCE, VERSION_FILE
from sim import __version__
from sim.registry.files import write_text
from sim.studies import analyse

NAME = "episodes"


def main() -> None:
    """Run the study and keep its tables and its figure."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        analyse(NAME, folder)
        kept = REFERENCE / NAME
        kept.mkdir(parents=True, exist_ok=True)
        for table in folder.glob("*.csv"):
            shutil.copyfile(table, kept / table.name)
        shutil.copyfile(folder / "figures" / f"{NAME}.png", DOCS / "figures" / f"{NAME}.png")
        write_text(kept / VERSION_FILE, json.dumps({"version": __version__}) + "\n")


if __name__ == "__main__":
    main()
