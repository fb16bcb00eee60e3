"""The results folder: files appear whole or not at all, and a killed run loses no finished one.

Each finished run is one part file.  When all are there they become `runs.parquet`, `nights.parquet`,
`groups.parquet` and `observed.parquet`, in the order of scenarios and replicates, so the bytes do not depend on workers
or launchers.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

import sim
from sim.identity import identity, model_digest
from sim.observation import observe
from sim.registry import LABEL
from sim.registry.extensions import Extension, used
from sim.registry.files import whole, write_text
from sim.registry.outcomes import TAGS
from sim.registry.parameters import ConfigurationError, flatten
from sim.runs.lock import Claim
from sim.runs.schema import described, package
from sim.world.loops import engine

WAIT = 0.2  # seconds between looks at a folder that another launch is closing
LIBRARIES = ("mesa", "numpy", "scipy", "matplotlib", "hydra-core", "pyarrow", "statsmodels")


class Folder:
    """One run folder: parts while it grows, tables at the end."""

    def __init__(self, path: Path, settings: dict, parameters: dict):
        self.path, self.settings, self.parameters = Path(path), settings, parameters
        self.replicates = {name: p.replicates for name, p in parameters.items()}  # the pilot's, until more are needed
        self.digest = hashlib.sha256("".join(identity(p) for p in parameters.values()).encode()).hexdigest()

    def part(self, scenario: str, replicate: int) -> Path:
        """Where one run's part goes; the name says what it holds."""
        return self.path / "parts" / f"{scenario}-{replicate:05d}-{identity(self.parameters[scenario])[:16]}.npz"

    def is_complete(self) -> bool:
        """Whether these very results are all there already; ConfigurationError if others are."""
        manifest = self.path / "manifest.json"
        if not manifest.exists():
            return False
        found = json.loads(manifest.read_text(encoding="utf-8"))
        if found.get("configuration_hash") != self.digest:
            raise ConfigurationError(f"hydra.run.dir={self.path}: holds results of another configuration or version; "
                                     "give an empty or new folder")
        return bool(found.get("complete")) and found.get("asked") == self.asked()

    def asked(self) -> dict:
        """Replicates that were asked for: of the pilot, and how many there may be in the end."""
        return {"replicates": self.parameters[self.settings["reference"]].replicates,
                "most_replicates": self.settings["most_replicates"]}

    def planned(self) -> list[tuple[str, int, Path]]:
        """Every run of the study in order: scenario, replicate, part."""
        return [(s, k, self.part(s, k)) for s, count in self.replicates.items() for k in range(count)]

    def parts(self) -> list[tuple[str, int, Path]]:
        """Finished runs in order."""
        return [run for run in self.planned() if run[2].exists()]

    def restore(self) -> None:
        """Take finished tables apart into parts again, so that more replicates do not run those there are."""
        if not all((self.path / f"{name}.parquet").exists() for name in ("runs", "nights", "groups")):
            return
        tables = {name: pq.read_table(self.path / f"{name}.parquet") for name in ("runs", "nights", "groups")}
        for row in tables["runs"].to_pylist():
            scenario, replicate = row["scenario"], row["replicate"]
            part = self.part(scenario, replicate)
            if not part.exists():
                record = {name: piece(tables[name], scenario, replicate) for name in ("nights", "groups")}
                run = {key: value for key, value in row.items() if key not in TAGS}
                write_part(part, scenario, replicate, row["seed"], SimpleNamespace(run=run, **record))

    def begin(self) -> None:
        """Make the folder and say what will run in it."""
        (self.path / "parts").mkdir(parents=True, exist_ok=True)
        resolved = {**self.settings, "parameters": {s: p.as_dict() for s, p in self.parameters.items()}}
        write_text(self.path / "config.yaml", yaml.safe_dump(resolved, sort_keys=False, allow_unicode=True))
        point_latest(self.path, self.settings["study"])

    def tables(self) -> dict[str, pa.Table]:
        """Tables by name of the runs whose parts are there; none where there are no parts."""
        study = self.settings["study"]
        tables = {"runs": [], "nights": [], "groups": [], "observed": []}
        for scenario, replicate, path in self.parts():
            seed, record = read_part(path)
            tag = {"experiment": study, "scenario": scenario, "replicate": replicate}
            nights = len(record["nights"]["night"])
            tables["runs"].append(pa.table({k: [v] for k, v in (tag | {"seed": seed, "nights": nights}
                                                                | record["run"]).items()}))
            tables["nights"].append(columns(tag | {"seed": seed}, record["nights"]))
            tables["groups"].append(columns(tag, record["groups"], np.float32))
            if self.parameters[scenario].observation.table:
                tables["observed"].append(columns(tag, observe(record["nights"], self.parameters[scenario], seed)))
        return {name: pa.concat_tables(pieces) for name, pieces in tables.items() if pieces}

    def merge(self) -> int:
        """Write the tables from the parts there are; returns how many runs they hold."""
        tables = self.tables()
        for name, table in tables.items():
            write_table(name, table, self.path / f"{name}.parquet")
        return tables["runs"].num_rows if tables else 0

    def write_manifest(self, complete: bool, seconds: float, command: str) -> None:
        """What made these results."""
        extensions = together(used(flatten(p.as_dict())) for p in self.parameters.values())
        write_manifest(self.path, self.settings["study"], {p.seed for p in self.parameters.values()}, complete, seconds,
                       command, self.digest, extensions, replicates=self.replicates, asked=self.asked())

    @contextmanager
    def alone(self):
        """Waits until no other launch writes the tables of this folder, and keeps others from it."""
        claim = Claim(self.path, "tables")
        while not claim.take():
            time.sleep(WAIT)
        try:
            yield
        finally:
            claim.give_back()
            with suppress(OSError):  # not there, or others are still at work
                claim.path.parent.rmdir()

    def clear_parts(self) -> None:
        """Remove the parts once the tables hold them."""
        for _, _, path in self.parts():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # not there, or parts of others
            (self.path / "parts").rmdir()


def together(sets) -> tuple[Extension, ...]:
    """Every extension of several configurations, once, in order."""
    return tuple(sorted({extension for each in sets for extension in each}))


def write_manifest(folder: Path, study: str, seeds, complete: bool, seconds: float, command: str,
                   digest: str, extensions: tuple[Extension, ...] = (), **more) -> None:
    """manifest.json: what made the results of a folder."""
    commit, dirty = code_state()
    manifest = {
        "label": LABEL, "complete": complete, "study": study, "package": "border-market-sim",
        "version": sim.__version__, "model": model_digest(extensions), "commit": commit, "dirty": dirty,
        "python": platform.python_version(), "platform": platform.platform(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES}, "loops": engine(),
        "extensions": [extension.describe() for extension in extensions], "command": command,
        "configuration_hash": digest, "seeds": sorted(seeds), **more,
        "wall_seconds": round(seconds, 1),
    }
    write_text(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")


def piece(table: pa.Table, scenario: str, replicate: int) -> dict:
    """Columns of one run in a table of many, without the tags."""
    here = pc.and_(pc.equal(table["scenario"], scenario), pc.equal(table["replicate"], replicate))
    own = table.filter(here)
    found = {name: own[name].to_numpy() for name in own.column_names if name not in TAGS}
    return {name: column.astype(str) if column.dtype == object else column for name, column in found.items()}


def write_table(name: str, data: pa.Table, path: Path) -> None:
    """A table (`runs`, `nights`, `groups`) as Parquet, whole, with unit and meaning of every column."""
    with whole(path) as aside:
        pq.write_table(described(name, data), aside, compression="zstd")


def write_package(folder: Path, study: str) -> None:
    """datapackage.json: what the tables of a folder hold, for programs (`sim.runs.schema`)."""
    content = package(folder, study, LABEL)
    write_text(folder / "datapackage.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def columns(tag: dict, data: dict, floats=np.float64) -> pa.Table:
    """A table with constant tag columns in front."""
    rows = len(next(iter(data.values())))
    arrays = {name: pa.array(np.full(rows, value)) for name, value in tag.items()}
    for name, column in data.items():
        arrays[name] = pa.array(column.astype(floats) if column.dtype.kind == "f" else column)
    return pa.table(arrays)


def write_part(path: Path, scenario: str, replicate: int, seed: int, record) -> None:
    """One finished run, whole."""
    arrays = {"run": np.array(json.dumps(record.run)), "seed": np.array(seed)}
    arrays |= {f"nights/{name}": column for name, column in record.nights.items()}
    arrays |= {f"groups/{name}": column for name, column in record.groups.items()}
    path.parent.mkdir(parents=True, exist_ok=True)  # a launch that closed the folder may have removed it
    with whole(path) as aside, open(aside, "wb") as file:
        np.savez_compressed(file, **arrays)


def read_part(path: Path) -> tuple[int, dict]:
    """Seed and the run's outcomes and columns."""
    with np.load(path, allow_pickle=False) as archive:
        record = {"run": json.loads(str(archive["run"])), "nights": {}, "groups": {}}
        for key in archive.files:
            table, _, name = key.partition("/")
            if name:
                record[table][name] = archive[key]
        return int(archive["seed"]), record


def point_latest(folder: Path, study: str) -> None:
    """`latest` beside the run folder, when it lies in the study's own folder."""
    if folder.parent.name != study:
        return
    link, aside = folder.parent / "latest", folder.parent / f".latest-{os.getpid()}"
    if link.is_symlink() or not link.exists():
        aside.symlink_to(folder.name)
        os.replace(aside, link)


def code_state() -> tuple[str | None, bool | None]:
    """Commit of the checkout that runs, and whether it has changes; (None, None) outside a checkout."""
    def git(*words):
        return subprocess.run(["git", "-C", str(Path(__file__).parent), *words], capture_output=True, text=True,
                              timeout=20, check=True).stdout.strip()
    try:
        if not git("ls-files", "--error-unmatch", Path(__file__).name):
            return None, None
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except (OSError, subprocess.SubprocessError):
        return None, None


def command_line() -> str:
    return " ".join(["python -m sim", *sys.argv[1:]])
