"""`python -m sim patterns FOLDER ...`: stylised facts against results, pass or fail, and what cannot hold together.

Reads folders of studies or sweeps, finished or not; only runs at the defaults of a declared configuration count
(`sim/registry/patterns.yaml`), whichever experiment ran them.  `python -m sim +experiment=patterns` runs all of them.
Writes patterns.csv, patterns_conflicts.csv and figures/patterns.pdf and .png into the first folder, or where --to says.
"""

from pathlib import Path

from sim.command.complain import Parser
from sim.findings import terminal
from sim.registry.errors import ConfigurationError
from sim.registry.files import read_rows, write_rows


def main(words=None) -> int:
    """Score, write, print; returns the exit code."""
    parser = Parser("patterns", __doc__)
    parser.add_argument("folder", nargs="+", type=Path, help="folder of results (several are scored together)")
    parser.add_argument("--to", type=Path, help="folder to write to (default: the first)")
    args = parser.parse_args(words)
    return carry_out(args.folder, args.to or args.folder[0])


def carry_out(folders: list[Path], to: Path) -> int:
    """Everything is computed and drawn before anything is written."""
    from sim.figures.style import in_style, save
    from sim.studies.patterns import STUDY
    from sim.studies.patterns.score import scorecard
    from sim.studies.patterns.simulated import Runs

    card = scorecard(Runs(folders))
    if not card.length:
        raise ConfigurationError(f"{folders[0]}: no run there is of a configuration that a pattern is tested in; "
                                 "python -m sim +experiment=patterns makes all of them")
    tables = STUDY.rows(card)
    with in_style():
        figure = STUDY.figures(card)["patterns"].draw()
        (to / "figures").mkdir(parents=True, exist_ok=True)
        save(figure, to / "figures" / "patterns")
    for name, lines in tables.items():
        write_rows(lines, to / f"{name}.csv")
    print(terminal.render(STUDY.present({name: read_rows(to / f"{name}.csv") for name in tables})))
    print(f"\nwritten: {to / 'patterns.csv'}, {to / 'figures' / 'patterns.png'}")
    return 0
