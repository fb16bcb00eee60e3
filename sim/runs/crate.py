"""ro-crate-metadata.json: what a folder of results holds and what made it, for archives.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) describes files and their makers in JSON-LD; `datapackage.json` describes
the columns of the tables (`sim.runs.schema`).  The file is written last, when everything that it lists is there.  It
lists no journals and no locks, which serve only to add runs.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sim.registry import LABEL
from sim.registry.files import write_text
from sim.runs.schema import TABLES

NAME = "ro-crate-metadata.json"
CONTEXT, PROFILE = "https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/crate/1.1"
LICENCE, MIT = "https://creativecommons.org/licenses/by/4.0/", "https://spdx.org/licenses/MIT"
SOFTWARE, ACTION = "#border-market-sim", "#run"
KINDS = {".parquet": "application/vnd.apache.parquet", ".csv": "text/csv", ".json": "application/json",
         ".html": "text/html", ".yaml": "application/yaml", ".pdf": "application/pdf", ".png": "image/png",
         ".md": "text/markdown", ".txt": "text/plain"}
ABOUT = {  # what a file other than a table is
    "manifest.json": "What made the results: command, versions, commit, seeds, hash of the configuration",
    "config.yaml": "Every parameter of every scenario",
    "datapackage.json": "Type, unit and meaning of every column (Frictionless Data Package)",
    "report.html": "Question, design, results, assumptions and how to reproduce them",
}


def write_crate(folder: Path) -> None:
    """Write the metadata of a folder of results; nothing where there is no manifest that can be read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return
    content = {"@context": CONTEXT, "@graph": graph(folder, manifest, datetime.now(UTC).date().isoformat())}
    write_text(folder / NAME, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def graph(folder: Path, manifest: dict, date: str) -> list[dict]:
    """All entities; date: the day on which the metadata are written, ISO."""
    files = [file(folder, path) for path in listed(folder)]
    parts = [reference(each["@id"]) for each in files]
    inputs = [part for part in parts if part["@id"] == "config.yaml" or part["@id"].startswith("plan-")]
    root = {"@id": "./", "@type": "Dataset", "name": f"border-market-sim: {manifest['study']}", "description": LABEL,
            "datePublished": date, "license": reference(LICENCE), "hasPart": parts, "mentions": reference(ACTION)}
    action = {"@id": ACTION, "@type": "CreateAction", "name": manifest["command"], "instrument": reference(SOFTWARE),
              "object": inputs, "result": [part for part in parts if part not in inputs],
              "description": f"Configuration {manifest['configuration_hash']}, seeds "
                             f"{', '.join(map(str, manifest['seeds']))}, {manifest['platform']}."}
    return [{"@id": NAME, "@type": "CreativeWork", "conformsTo": reference(PROFILE), "about": reference("./")}, root,
            *files, action, *software(manifest),
            {"@id": LICENCE, "@type": "CreativeWork", "name": "Creative Commons Attribution 4.0",
             "identifier": "CC-BY-4.0"}]


def listed(folder: Path) -> list[Path]:
    """The files of the results themselves and of their figures, by name."""
    places = (folder, folder / "figures")
    return sorted(path for place in places if place.is_dir() for path in place.iterdir()
                  if path.is_file() and path.suffix in KINDS and path.name != NAME)


def file(folder: Path, path: Path) -> dict:
    """One file with its kind and its size in bytes."""
    about = TABLES[path.name][0] if path.name in TABLES else ABOUT.get(path.name)
    place = path.relative_to(folder).as_posix()
    return {"@id": quote(place), "@type": "File", "name": place, "encodingFormat": KINDS[path.suffix],
            "contentSize": str(path.stat().st_size)} | ({"description": about} if about else {})


def software(manifest: dict) -> list[dict]:
    """The program that made the results, and the libraries on which their bytes depend."""
    libraries = {"Python": manifest["python"], **manifest["libraries"]}
    commit = f" Commit {manifest['commit']}{', changed' if manifest['dirty'] else ''}." if manifest["commit"] else ""
    program = {"@id": SOFTWARE, "@type": "SoftwareApplication", "name": manifest["package"],
               "version": manifest["version"], "license": reference(MIT),
               "description": f"An agent-based model of a border smuggling market. Model {manifest['model']}.{commit}",
               "softwareRequirements": [reference(f"#{name}") for name in libraries]}
    return [program, *({"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
                       for name, version in libraries.items()),
            {"@id": MIT, "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT"}]


def reference(place: str) -> dict:
    """A reference to an entity."""
    return {"@id": place}
