"""The report of a sweep that a study analyses: question, design, findings, robustness of signs, reproduction."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq

from sim.findings import Findings, Table
from sim.findings.text import of_setting
from sim.registry.config_files import config_dir
from sim.registry.parameters import registry
from sim.report import page
from sim.report.design import changed, plain
from sim.report.page import Part
from sim.report.worth import of_main_comparison
from sim.runs.plan import ARM, read_plan

LISTED = 16  # most values of a key that are listed


def write_sweep_report(folder: Path, findings: Findings) -> Path:
    """Write report.html of a finished sweep with the findings of its study and return the file."""
    sweep = read(folder)
    files = ["report.html", "datapackage.json", "ro-crate-metadata.json",
             *sorted(path.name for path in sweep.folder.glob("*.[cp][sa][vr]*")), "figures/", "manifest.json"]
    return page.write(sweep.folder, title=sweep.manifest["study"].replace("_", " ").capitalize(),
                      manifest=sweep.manifest, question=question(sweep), design=design(sweep), findings=findings,
                      worth=of_main_comparison(), commands=page.commands(sweep.manifest),
                      reproduce=page.reproduce(sweep.manifest, files))


def read(folder: Path) -> SimpleNamespace:
    """Read the contents of a sweep's folder that the report needs."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plan, points = read_plan(folder / f"plan-{manifest['configuration_hash']}.json")
    scenarios = list(dict.fromkeys(point.scenario for point in points))
    values = {key: list(dict.fromkeys(json.dumps(point.values[key]) for point in points if key in point.values))
              for key in plan["swept"] if key != ARM}
    arms = {arm: held([point.changes for point in points if point.values.get(ARM) == arm])
            for arm in dict.fromkeys(point.values[ARM] for point in points if ARM in point.values)}
    # a swept key has no single value; with its default here it does not count as changed
    same = {key: registry()[key].default for key in values}
    bases = {point.scenario: {**point.base, **same} for point in points}
    return SimpleNamespace(folder=folder, manifest=manifest, points=points, scenarios=scenarios, values=values,
                           arms=arms, parameters=bases, any=lambda: bases[scenarios[0]],
                           runs=pq.read_metadata(folder / "runs.parquet").num_rows)


def held(rows: list[dict]) -> dict:
    """The keys and values that all points of an arm share."""
    return {key: value for key, value in rows[0].items() if all(key in row and row[key] == value for row in rows)}


def question(sweep) -> list[str]:
    """The question, from the comment at the head of the experiment's file."""
    path = Path(config_dir()) / "experiment" / f"{sweep.manifest['study']}.yaml"
    if not path.exists():
        return ["A sweep of keys; no experiment was planned for it."]
    comment = re.match(r"(#.*\n)+", path.read_text(encoding="utf-8"))[0]
    paragraphs = re.sub(r"^# ?(@package.*)?", "", comment, flags=re.M).strip().split("\n\n")
    first, *rest = (paragraph.replace("\n", " ") for paragraph in paragraphs)
    sentence = first.partition(": ")[2] or first
    return [f"Experiment `{sweep.manifest['study']}`, as planned in its file: {sentence}.", *rest]


def design(sweep) -> Part:
    """Points, replicates, nights, swept keys and other keys that are not at their defaults."""
    base, count, rest = sweep.any(), len(sweep.points), changed(sweep)
    start = shown(sweep.values["start_date"]) if "start_date" in sweep.values else base["start_date"]
    sentence = (f"{count} points, {sweep.runs} runs of {base['nights']} recorded nights after {base['warmup']} nights "
                "of "
            f"warm-up, from {start}, at scale {base['scale']:g}; scenarios: {', '.join(sweep.scenarios)}. "
            f"{seeds_text(sweep)}")
    rows = tuple((f"`{key}`", shown(values), registry()[key].unit, registry()[key].status,
                  of_setting(plain(registry()[key].default))) for key, values in sweep.values.items())
    arms = tuple((name.replace("_", " "), ", ".join(f"{key} = {of_setting(value)}" for key, value in changes.items())
                  or "nothing") for name, changes in sweep.arms.items())
    swept = [Table("Arms; differences, if any, are taken from the first.", ("arm", "sets"), arms)] if arms else []
    swept += [Table("What is swept.", ("key", "values", "unit", "status", "default"), rows)] if rows else []
    return Part((sentence, *rest.texts), (*swept, *rest.tables))


def seeds_text(sweep) -> str:
    """A sentence on seeds."""
    if "seed" in sweep.values:
        return "Every point has a seed of its own, in runs.parquet."
    return (f"Replicate k has the same seed at every point; all seeds derive from seed "
            f"{', '.join(map(str, sweep.manifest['seeds']))}.")


def shown(texts: list[str]) -> str:
    """The values of a key, or their number and range if there are many."""
    values = [json.loads(value) for value in texts]
    if len(values) <= LISTED:
        return ", ".join(of_setting(value) for value in values)
    if all(isinstance(value, (int, float)) for value in values):
        return f"{len(values)} values from {min(values):g} to {max(values):g}"
    return f"{len(values)} values"
