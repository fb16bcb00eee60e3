"""The report of a comparison of scenarios, or of one scenario alone, from its run folder."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from sim.figures.style import look
from sim.findings import Findings, html
from sim.findings.rows import value_of
from sim.registry.config_files import names
from sim.registry.files import read_rows
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import flatten
from sim.report import page
from sim.report.design import of_scenarios
from sim.report.page import Part
from sim.report.worth import reference_tables
from sim.runs.results import write_package
from sim.statistics.summary import summarise, write_summary
from sim.studies.comparison import WORTH, precision_line, present
from sim.studies.summarised import Summary, rise

CAUTION = "These are differences between scenarios of the model at the values used here, not effects in the world."
FIRST = ("answer", "breakups", "premises")  # tables with which the report begins
WORDS = {"different": "Clearly different", "equivalent": "Practically equal (within the smallest effect of interest)",
         "undecided": "Undecided"}
FILES = ["report.html", "datapackage.json", "ro-crate-metadata.json", "runs.parquet", "nights.parquet",
         "groups.parquet", "observed.parquet", "summary.csv", "figures/", "config.yaml", "manifest.json"]


class Source:
    """The contents of a run folder that the report needs."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        config = yaml.safe_load((self.folder / "config.yaml").read_text(encoding="utf-8"))
        self.study, self.reference = config["study"], config["reference"]
        self.manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        self.parameters = {s: flatten(p) for s, p in config["parameters"].items()}
        self.done = pq.read_table(self.folder / "runs.parquet", columns=["scenario"])["scenario"].to_pylist()
        self.scenarios = [s for s in self.parameters if s in self.done]
        self.compared = [s for s in self.scenarios if s != self.reference and self.reference in self.scenarios]
        self.rows = read_rows(self.folder / "summary.csv")
        self.find = Summary(self.rows).find

    def any(self) -> dict:
        """Parameters of the reference or, without one, of the first scenario."""
        return self.parameters[self.reference if self.reference in self.scenarios else self.scenarios[0]]


def write_report(folder: Path, studied: Findings | None = None) -> Path:
    """Write report.html of a run folder with summary.csv and return the file.

    studied: findings of the study that analyses the experiment, if there is one.
    """
    source = Source(folder)
    findings = found(source.folder)
    opening, findings = opened(source, findings)
    if studied:
        findings = findings._replace(tables=findings.tables | studied.tables,
                                     remarks=(*findings.remarks, *studied.remarks))
    replicates = ", ".join(f"{s} {n}" for s, n in source.manifest["replicates"].items())
    return page.write(source.folder, title=heading(source), manifest=source.manifest, missing=missing(source),
                      question=question(source), design=of_scenarios(source), opening=opening, findings=findings,
                      held=page.rows_held(source.rows, [*opening.tables, *findings.tables.values()]),
                      source="summary.csv",
                      commands=page.commands(source.manifest),
                      reproduce=[*page.reproduce(source.manifest, FILES), ("Replicates", replicates)])


def heading(source) -> str:
    """The study's name as a title; a single run is named after its scenario."""
    single = len(source.scenarios) == 1 and source.study == "single"
    return look(source.scenarios[0])[0] if single else source.study.replace("_", " ").capitalize()


def missing(source) -> str:
    """A warning if runs are missing, else empty."""
    planned = sum(source.manifest["replicates"].values())
    return f"Incomplete: {len(source.done)} of {planned} runs." if len(source.done) < planned else ""


def question(source) -> list[str]:
    """The question of the experiment's file, or the list of compared scenarios."""
    planned = names("experiment").get(source.study, "")
    if planned:
        return [f"Experiment `{source.study}`, as planned in its file: {planned}."]
    if len(source.scenarios) > 1:
        return [f"Study {source.study}: {', '.join(look(s)[0].lower() for s in source.scenarios)}."]
    return ["One scenario alone; nothing is compared."]


def in_short(source) -> list[str]:
    """One sentence for each scenario on the verdicts of the primary outcomes."""
    sentences = []
    for s in source.compared:
        rows = [source.find[name, s] for name in primary() if source.find.get((name, s), {}).get("verdict")]
        by = {v: [row for row in rows if row["verdict"] == v] for v in ("different", "equivalent", "undecided")}
        parts = [f"{WORDS[v]}: {', '.join(map(in_words, judged))}." for v, judged in by.items() if judged]
        sentences.append(f"**{look(s)[0]} against {look(source.reference)[0].lower()}.** "
                    f"{' '.join(parts) or 'Too few pairs for a verdict.'}")
    return sentences


def in_words(row: dict) -> str:
    """An outcome's name within a sentence, with its relative difference, as a link, where it is different."""
    label = outcomes()[row["outcome"]].label
    name = html.whole_numbers(label[0].lower() + label[1:])
    if row["verdict"] != "different":
        return name
    small = abs(value_of(row, "difference")) < value_of(row, "smallest_effect")
    link = f"[{html.whole_numbers(str(rise(row)))}](#{html.row_id(row['outcome'] + ':' + row['scenario'])})"
    return f"{name} {link}{', less than the smallest effect of interest' if small else ''}"


def write_summary_of(folder: Path, settings: dict) -> None:
    """Write summary.csv from the runs of a comparison's folder, and describe it in the data package."""
    rows = summarise(pq.read_table(folder / "runs.parquet"), settings["reference"])
    write_summary(rows, folder / "summary.csv")
    write_package(folder, settings["study"])


def found(folder: Path) -> Findings:
    """Findings of a comparison from summary.csv of its run folder and the tables of reference runs."""
    return present({"summary": read_rows(Path(folder) / "summary.csv")} | reference_tables())


def opened(source, findings: Findings) -> tuple[Part, Findings]:
    """What the report begins with (the answer, its precision and what it is worth), and the rest of the findings."""
    worth = tuple(filter(None, (findings.values[name] for name in WORTH)))
    precise = tuple(remark for remark in findings.remarks if remark == precision_line(source.rows))
    texts = (*in_short(source), *precise, *((CAUTION,) if source.compared else ()))
    first = Part((*texts, *map(html.whole_numbers, worth)),
                 tuple(findings.tables[name] for name in FIRST if name in findings.tables))
    tables = {name: table for name, table in findings.tables.items() if name not in FIRST}
    return first, findings._replace(tables=tables,
                                    remarks=tuple(r for r in findings.remarks if r not in (*worth, *precise)))
