"""The report of a comparison of scenarios, or of one scenario alone, from its run folder."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from sim.figures.style import look
from sim.registry import LABEL
from sim.registry.configuration import names
from sim.registry.files import write_text
from sim.registry.parameters import flatten
from sim.report.design import design
from sim.report.html import Html, codes, el, items, join, text, words
from sim.report.parts import ASKS, NAME, figures, section, template
from sim.report.results import results
from sim.report.worth import assumed, grades


class Source:
    """A run folder as the report needs it."""

    def __init__(self, folder: Path, rows: list[dict]):
        self.folder, self.rows = Path(folder), rows
        config = yaml.safe_load((self.folder / "config.yaml").read_text(encoding="utf-8"))
        self.study, self.reference = config["study"], config["reference"]
        self.manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        self.parameters = {s: flatten(p) for s, p in config["parameters"].items()}
        self.done = pq.read_table(self.folder / "runs.parquet", columns=["scenario"])["scenario"].to_pylist()
        self.scenarios = [s for s in self.parameters if s in self.done]
        self.compared = [s for s in self.scenarios if s != self.reference and self.reference in self.scenarios]
        self.find = {(line["outcome"], line["scenario"]): line for line in rows}

    def has(self, name) -> bool:
        return (name, self.scenarios[0]) in self.find

    def any(self) -> dict:
        """Parameters to speak of: the reference's, else the first scenario's."""
        return self.parameters[self.reference if self.reference in self.scenarios else self.scenarios[0]]


def write_report(folder: Path, rows: list[dict]) -> Path:
    """Write report.html of a run folder from its summary's rows; returns the file."""
    source = Source(folder, rows)
    pieces = [head(source), question(source), design(source), results(source), grades(source), figures(source),
              assumed(), reproduce(source), el("footer", el("p", LABEL))]
    page = template().substitute(title=text(f"{heading(source)} – simulated"), body=join(*pieces, by="\n"), label=LABEL)
    write_text(source.folder / NAME, page)
    return source.folder / NAME


def heading(source) -> str:
    """The study's name as a title; a single run is named after its scenario."""
    single = len(source.scenarios) == 1 and source.study == "single"
    return look(source.scenarios[0])[0] if single else source.study.replace("_", " ").capitalize()


def head(source) -> Html:
    """Title, what kind of thing this is, and a warning where runs are missing."""
    m = source.manifest
    said = [el("h1", heading(source)),
            el("p", f"Report of a simulation study; border-market-sim {m['version']}, an agent-based model of a border "
               "smuggling market", class_="sub"), el("p", LABEL, class_="label")]
    planned = sum(m["replicates"].values())
    if len(source.done) < planned:
        said.append(el("p", f"Incomplete: {len(source.done)} of {planned} runs.", class_="label warn"))
    return el("header", *said)


def question(source) -> Html:
    """What the experiment's file says it compares."""
    planned = names("experiment").get(source.study, "")
    said = [el("p", ASKS)]
    if planned:
        said.append(el("p", "Experiment ", el("code", source.study), f", as planned in its file: {planned}."))
    elif len(source.scenarios) > 1:
        said.append(el("p", f"Study {source.study}: {', '.join(look(s)[0].lower() for s in source.scenarios)}."))
    else:
        said.append(el("p", "One scenario alone; nothing is compared."))
    return section("Question", *said)


def reproduce(source) -> Html:
    """Command, version, commit, seeds, hashes and libraries."""
    m = source.manifest
    commit = m["commit"] or "unknown (not run from a checkout)"
    if m["dirty"]:
        commit += ", with uncommitted changes: it gives these numbers only if the code of the model has the hash below"
    lines = [f"git checkout {m['commit']}"] if m["commit"] else []
    rows = [("Version", f"{m['package']} {m['version']}"), ("Commit", commit),
            ("Code of the model", join(el("code", m["model"]), " (hash of the code that decides results)")),
            ("Configuration", join(el("code", m["configuration_hash"]), " (hash; values in config.yaml)")),
            ("Seed", words(*m["seeds"])),
            ("Replicates", words(*(f"{s} {n}" for s, n in m["replicates"].items()))),
            ("Python", f"{m['python']}, {m['platform']}"),
            ("Libraries", words(*(f"{name} {version}" for name, version in m["libraries"].items()))),
            ("Loops", words(m.get("loops", "numpy"))),
            ("Files", codes("runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet",
                            "summary.csv", "figures/", "config.yaml", "manifest.json"))]
    return section("How to reproduce",
                   el("pre", "\n".join([*lines, "python -m pip install -e .", m["command"]])),
                   el("p", "The same seed and configuration give the same tables on any number of workers."),
                   items(rows))
