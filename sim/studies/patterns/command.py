"""`python -m sim.patterns FOLDER ...`: stylised facts against results, pass or fail, and what cannot hold together.

Reads folders of studies or sweeps, finished or not; only runs at the defaults of a declared configuration count
(`sim/registry/patterns.yaml`), whoever made them.  `python -m sim +experiment=patterns` runs all of them.  Writes
patterns.csv, patterns_conflicts.csv and figures/patterns.pdf and .png into the first folder, or where --to says.
"""

import argparse
import sys
from pathlib import Path


def main(words=None) -> int:
    """Score, write, print; 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m sim.patterns", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="+", type=Path, help="folder of results (several are scored together)")
    parser.add_argument("--to", type=Path, help="folder to write to (default: the first)")
    asked = parser.parse_args(words)
    from sim.registry.errors import ConfigurationError

    try:
        return carry_out(asked.folder, asked.to or asked.folder[0])
    except ConfigurationError as error:
        print(f"sim.patterns: error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"sim.patterns: error: {error.filename or asked.to}: {error.strerror}", file=sys.stderr)
    return 2


def carry_out(folders: list[Path], to: Path) -> int:
    """Everything is computed and drawn before anything is written."""
    from sim.figures.style import in_style, save
    from sim.registry.parameters import ConfigurationError
    from sim.studies.patterns import figures
    from sim.studies.patterns.rows import text, write
    from sim.studies.patterns.score import scorecard
    from sim.studies.patterns.simulated import Runs

    card = scorecard(Runs(folders))
    if not card.length:
        raise ConfigurationError(f"{folders[0]}: no run there is of a configuration that a pattern is tested in; "
                                 "python -m sim +experiment=patterns makes all of them")
    said = text(card)
    with in_style():
        figure = figures.draw(card)
        (to / "figures").mkdir(parents=True, exist_ok=True)
        save(figure, to / "figures" / "patterns")
    write(card, to)
    print(f"{said}\n\nwritten: {to / 'patterns.csv'}, {to / 'figures' / 'patterns.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
