"""Reproduce every figure and table of the documentation from configurations.

    python -m experiments                  run all studies one after the other; finished runs are not repeated
    python -m experiments frontier camps   run only these studies
    python -m experiments --list           list the studies and their measured processor minutes
    python -m experiments --reduced        few runs of a small market for `results/reference/*/reduced`, used by tests

Each folder here is a study.  Its `paper.yaml` names the command of its reference run, the tables of the run that are
copied to `results/reference/`, and the figures that are copied to `docs/figures/`.  `experiments.pages` then writes the
pages that quote them.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

from experiments import DOCS, REFERENCE, ROOT, VERSION_FILE
from sim import __version__
from sim.registry.files import write_text

HERE = Path(__file__).parent
FIGURES, RUNS = DOCS / "figures", ROOT / "results" / "paper"


class Study(NamedTuple):
    """The content of one `paper.yaml`."""

    name: str
    verb: str  # verb of `python -m sim`; empty for a run or sweep
    command: list[str]  # words after the verb; {folder} stands for the folder of results
    minutes: float  # measured processor time of the reference run
    reduced: list[str]  # words of the reduced run, which replace those of the same key; empty without a reduced run
    tables: list[str]  # files of the run's folder that are copied to results/reference/<name>/
    figures: dict[str, str]  # file in the run's figures: file in docs/figures

    def reference(self, reduced: bool = False) -> Path:
        """The folder of the study's reference tables."""
        return REFERENCE / self.name / "reduced" if reduced else REFERENCE / self.name

    def words(self, reduced: bool, folder: Path) -> list[str]:
        """The whole command; a reduced word replaces the one of the same key."""
        places = [] if self.verb else ["hydra.run.dir={folder}", "hydra.sweep.dir={folder}"]
        words = {word.split("=")[0]: word for word in [*self.command, *(self.reduced if reduced else []), *places]}
        return [sys.executable, "-m", "sim", *self.verb.split(),
                *(word.replace("{folder}", str(folder)) for word in words.values())]


def studies() -> dict[str, Study]:
    """Read all studies by name."""
    by_name = {}
    for path in sorted(HERE.glob("*/paper.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = path.parent.name
        by_name[name] = Study(name, content.get("verb", ""), content["command"], content["minutes"],
                              content.get("reduced", []), content.get("tables", []), content.get("figures", {}))
    return by_name


def carry_out(study: Study, folder: Path, reduced: bool = False, **how) -> None:
    """Run one study into a folder (`how`: arguments of `subprocess.run`); CalledProcessError if it fails."""
    subprocess.run(study.words(reduced, folder), cwd=ROOT, check=True, **how)


def keep(study: Study, folder: Path, reduced: bool = False) -> list[Path]:
    """Copy the tables (and, except for reduced runs, the figures) to the folders that the documentation reads."""
    kept = []
    pairs = [(folder / name, study.reference(reduced) / name) for name in study.tables]
    if not reduced:
        pairs += [(folder / "figures" / source, FIGURES / name) for source, name in study.figures.items()]
    for source, place in pairs:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        kept.append(place)
    if not reduced:
        write_text(study.reference() / VERSION_FILE, json.dumps({"version": __version__}) + "\n")
    return kept


def main(words=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", nargs="*", help="studies to run (default: all)")
    parser.add_argument("--list", action="store_true", help="name the studies and stop")
    parser.add_argument("--reduced", action="store_true", help="the reduced runs that the tests compare")
    arguments = parser.parse_args(words)
    known = studies()
    for name in arguments.study:
        if name not in known:
            from sim.registry.parameters import suggestion

            print(f"experiments: error: no study {name}{suggestion(name, known)}", file=sys.stderr)
            return 2
    chosen = [known[name] for name in arguments.study or known]
    if arguments.list:
        for study in chosen:
            command = " ".join(["python -m sim", *study.verb.split(), *study.command])
            print(f"{study.name:<22} {study.minutes:>6g} min  {command}")
        print(f"{'all':<22} {sum(study.minutes for study in chosen):>6g} min of processor time")
        return 0
    for study in chosen:
        if arguments.reduced and not study.reduced:
            continue
        print(f"experiments: {study.name}", file=sys.stderr, flush=True)
        folder = RUNS / ("reduced" if arguments.reduced else "") / study.name
        try:
            carry_out(study, folder, arguments.reduced)
        except subprocess.CalledProcessError as error:
            print(f"experiments: error: {study.name}: its command ended with {error.returncode}", file=sys.stderr)
            return 1
        print("\n".join(str(path.relative_to(ROOT)) for path in keep(study, folder, arguments.reduced)))
    if arguments.reduced:
        return 0
    return subprocess.run([sys.executable, "-m", "experiments.pages", *arguments.study], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
