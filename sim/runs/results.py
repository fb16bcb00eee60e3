"""Files of a folder of results: tables, which are written atomically, the manifest and the data package."""

import json
import os
import platform
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sim
from sim.identity import model_digest
from sim.registry import LABEL
from sim.registry.extensions import Extension
from sim.registry.files import whole, write_text
from sim.registry.outcomes import TAGS
from sim.runs.schema import described, package
from sim.world.loops import engine

LIBRARIES = ("mesa", "numpy", "scipy", "matplotlib", "hydra-core", "pyarrow", "statsmodels")


def together(sets) -> tuple[Extension, ...]:
    """All extensions of several configurations, each once, in order."""
    return tuple(sorted({extension for each in sets for extension in each}))


def write_manifest(folder: Path, study: str, seeds, complete: bool, seconds: float, command: str,
                   digest: str, extensions: tuple[Extension, ...] = (), study_from: tuple[Extension, ...] = (),
                   **more) -> None:
    """Write manifest.json, which records how the results of a folder were made.

    extensions: rules and outcomes of other packages that the runs used; study_from: the extension that provides the
    study of the runs, if another package does.  The hash of the model covers only the former.
    """
    commit, dirty = code_state()
    manifest = {
        "label": LABEL, "complete": complete, "study": study, "package": "border-market-sim",
        "version": sim.__version__, "model": model_digest(extensions), "commit": commit, "dirty": dirty,
        "python": platform.python_version(), "platform": platform.platform(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES}, "loops": engine(),
        "extensions": [extension.describe() for extension in (*extensions, *study_from)], "command": command,
        "configuration_hash": digest, "seeds": sorted(seeds), **more,
        "wall_seconds": round(seconds, 1),
    }
    write_text(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")


def rows_of(table: pa.Table, scenario: str, replicate: int) -> pa.Table:
    """Rows of one run in a table of many runs, without the columns that identify the run."""
    own = table.filter(pc.and_(pc.equal(table["scenario"], scenario), pc.equal(table["replicate"], replicate)))
    return own.select([name for name in own.column_names if name not in TAGS]).replace_schema_metadata()


def piece(table: pa.Table, scenario: str, replicate: int) -> dict:
    """Columns of one run in a table of many runs, without those that identify the run."""
    return as_arrays(rows_of(table, scenario, replicate))


def columns(data: dict, floats=np.float64) -> pa.Table:
    """A table from arrays by name; `floats` is the type of its floating-point columns."""
    return pa.table({name: column.astype(floats) if column.dtype.kind == "f" else column
                     for name, column in data.items()})


def as_arrays(table: pa.Table) -> dict:
    """Arrays by name from a table; texts become NumPy texts."""
    arrays = {name: table[name].to_numpy() for name in table.column_names}
    return {name: column.astype(str) if column.dtype == object else column for name, column in arrays.items()}


def write_table(name: str, data: pa.Table, path: Path) -> None:
    """Write a table (`runs`, `nights`, `groups`) atomically as Parquet, with unit and meaning of every column."""
    with whole(path) as aside:
        pq.write_table(described(name, data), aside, compression="zstd")


def write_package(folder: Path, study: str) -> None:
    """Write datapackage.json, the machine-readable description of the tables of a folder (`sim.runs.schema`)."""
    content = package(folder, study, LABEL)
    write_text(folder / "datapackage.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def point_latest(folder: Path, study: str) -> None:
    """Let the link `latest` beside a folder of results point to it, if it lies in the folder of its experiment."""
    if folder.parent.name != study:
        return
    link, aside = folder.parent / "latest", folder.parent / f".latest-{os.getpid()}"
    with suppress(OSError):  # some file systems have no links, and nothing depends on this one
        if link.is_symlink() or not link.exists():
            aside.symlink_to(folder.name)
            os.replace(aside, link)


def code_state() -> tuple[str | None, bool | None]:
    """Commit of the checkout with this code and whether it has changes; (None, None) outside a checkout."""
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
    """The command that was given to this process."""
    return " ".join(["python -m sim", *sys.argv[1:]])


def show(path: Path) -> str:
    """A path for messages, relative if it lies below the working folder."""
    path = Path(path).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
