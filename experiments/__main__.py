"""Every figure and table of the documentation, from configurations.

    python -m experiments                  all studies, one after the other; what is already run is not run again
    python -m experiments frontier camps   only these
    python -m experiments --list           what there is, and processor minutes as measured
    python -m experiments --reduced        few runs of a small market: `results/reference/reduced`, which tests compare

Each folder here is a study; its `paper.yaml` says which command makes its reference run, which tables of the run go
to `results/reference/`, and which figures to `docs/figures/`.  Pages that quote them are then written by
`experiments.pages`.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

from experiments import DOCS, REFERENCE, ROOT

HERE = Path(__file__).parent
FIGURES, RUNS = DOCS / "figures", ROOT / "results" / "paper"


class Study(NamedTuple):
    """One `paper.yaml`."""

    name: str
    verb: str  # of `python -m sim`; empty: a run or sweep
    command: list[str]  # words after it; {folder} stands for the folder of results
    minutes: float  # processor time of the reference run, as measured
    reduced: list[str]  # words that take the place of those of the same key; empty: no reduced run
    tables: list[str]  # files of the run's folder that are kept in results/reference/<name>/
    figures: dict[str, str]  # file in the run's figures: file in docs/figures

    def reference(self, reduced: bool = False) -> Path:
        """Where its tables are kept."""
        return REFERENCE / self.name / "reduced" if reduced else REFERENCE / self.name

    def words(self, reduced: bool, folder: Path) -> list[str]:
        """The whole command; a reduced word replaces the one of the same key."""
        places = [] if self.verb else ["hydra.run.dir={folder}", "hydra.sweep.dir={folder}"]
        words = {word.split("=")[0]: word for word in [*self.command, *(self.reduced if reduced else []), *places]}
        return [sys.executable, "-m", "sim", *self.verb.split(),
                *(word.replace("{folder}", str(folder)) for word in words.values())]


def studies() -> dict[str, Study]:
    """All studies by name."""
    found = {}
    for path in sorted(HERE.glob("*/paper.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.parent.name] = Study(path.parent.name, said.get("verb", ""), said["command"], said["minutes"],
                                        said.get("reduced", []), said.get("tables", []), said.get("figures", {}))
    return found


def carry_out(study: Study, folder: Path, reduced: bool = False, **how) -> None:
    """Run one study into a folder (`how`: of `subprocess.run`).  CalledProcessError where the command fails."""
    subprocess.run(study.words(reduced, folder), cwd=ROOT, check=True, **how)


def keep(study: Study, folder: Path, reduced: bool = False) -> list[Path]:
    """Copy the tables (and, of the whole run, the figures) to where the documentation reads them."""
    kept = []
    pairs = [(folder / name, study.reference(reduced) / name) for name in study.tables]
    if not reduced:
        pairs += [(folder / "figures" / source, FIGURES / name) for source, name in study.figures.items()]
    for source, place in pairs:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        kept.append(place)
    return kept


def main(words=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", nargs="*", help="studies to run (default: all)")
    parser.add_argument("--list", action="store_true", help="name the studies and stop")
    parser.add_argument("--reduced", action="store_true", help="the reduced runs that the tests compare")
    asked = parser.parse_args(words)
    known = studies()
    for name in asked.study:
        if name not in known:
            from sim.registry.parameters import suggestion

            print(f"experiments: error: no study {name}{suggestion(name, known)}", file=sys.stderr)
            return 2
    chosen = [known[name] for name in asked.study or known]
    if asked.list:
        for study in chosen:
            command = " ".join(["python -m sim", *study.verb.split(), *study.command])
            print(f"{study.name:<22} {study.minutes:>6g} min  {command}")
        print(f"{'all':<22} {sum(study.minutes for study in chosen):>6g} min of processor time")
        return 0
    for study in chosen:
        if asked.reduced and not study.reduced:
            continue
        print(f"experiments: {study.name}", file=sys.stderr, flush=True)
        folder = RUNS / ("reduced" if asked.reduced else "") / study.name
        try:
            carry_out(study, folder, asked.reduced)
        except subprocess.CalledProcessError as error:
            print(f"experiments: error: {study.name}: its command ended with {error.returncode}", file=sys.stderr)
            return 1
        print("\n".join(str(path.relative_to(ROOT)) for path in keep(study, folder, asked.reduced)))
    if asked.reduced:
        return 0
    return subprocess.run([sys.executable, "-m", "experiments.pages", *asked.study], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
