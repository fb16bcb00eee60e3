"""The report of a sweep that an experiment analyses: question, design, tables, figures, worth, how to do it again.

The tables are those that the analysis prints; their text is read back into columns.
"""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq

from experiments import pages as documentation
from sim.findings import Findings, terminal
from sim.registry import LABEL
from sim.registry.configuration import config_dir
from sim.registry.files import write_text
from sim.registry.parameters import registry
from sim.report.design import changed, plain
from sim.report.html import Html, Number, codes, el, items, join, table, text, words
from sim.report.parts import ASKS, NAME, figures, section, template
from sim.report.worth import assumed, worth
from sim.runs.plan import ARM, read_plan

RULE = "─"  # what `sim.statistics.summary.table` draws below its heads


def write_sweep_report(folder: Path, findings: Findings) -> Path:
    """Write report.html of a finished sweep from its tables and what its analysis said; returns the file."""
    sweep = read(folder)
    name = sweep.manifest["study"].replace("_", " ").capitalize()
    pieces = [head(sweep, name), question(sweep), design(sweep), results(findings), worth(), figures(sweep), assumed(),
              reproduce(sweep), el("footer", el("p", LABEL))]
    page = template().substitute(title=text(f"{name} – simulated"), body=join(*pieces, by="\n"), label=LABEL)
    write_text(sweep.folder / NAME, page)
    return sweep.folder / NAME


def read(folder: Path) -> SimpleNamespace:
    """What the report needs of a sweep's folder."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plan, points = read_plan(folder / f"plan-{manifest['configuration_hash']}.json")
    scenarios = list(dict.fromkeys(point.scenario for point in points))
    values = {key: list(dict.fromkeys(json.dumps(point.values[key]) for point in points if key in point.values))
              for key in plan["swept"] if key != ARM}
    arms = {arm: held([point.changes for point in points if point.values.get(ARM) == arm])
            for arm in dict.fromkeys(point.values[ARM] for point in points if ARM in point.values)}
    # a key that is swept has no one value: at its default it does not count as changed
    same = {key: registry()[key].default for key in values}
    bases = {point.scenario: {**point.base, **same} for point in points}
    return SimpleNamespace(folder=folder, manifest=manifest, points=points, scenarios=scenarios, values=values,
                           arms=arms, parameters=bases, any=lambda: bases[scenarios[0]],
                           runs=pq.read_metadata(folder / "runs.parquet").num_rows)


def held(rows: list[dict]) -> dict:
    """What all points of an arm set alike."""
    return {key: value for key, value in rows[0].items() if all(key in row and row[key] == value for row in rows)}


def head(sweep, name) -> Html:
    """Title and label."""
    said = (f"Report of a simulation study; border-market-sim {sweep.manifest['version']}, an agent-based model of a "
            "border smuggling market")
    return el("header", el("h1", name), el("p", said, class_="sub"), el("p", LABEL, class_="label"))


def question(sweep) -> Html:
    """The comment at the head of the experiment's file."""
    path = Path(config_dir()) / "experiment" / f"{sweep.manifest['study']}.yaml"
    if not path.exists():
        return section("Question", el("p", ASKS), el("p", "A sweep of keys; no experiment was planned for it."))
    comment = re.match(r"(#.*\n)+", path.read_text(encoding="utf-8"))[0]
    paragraphs = re.sub(r"^# ?(@package.*)?|`", "", comment, flags=re.M).strip().split("\n\n")
    first, *rest = (paragraph.replace("\n", " ") for paragraph in paragraphs)
    return section("Question", el("p", ASKS), el("p", "Experiment ", el("code", sweep.manifest["study"]),
                   ", as planned in its file: ", first.partition(": ")[2] or first, "."),
                   *(el("p", said) for said in rest))


def design(sweep) -> Html:
    """Points, replicates, nights, what is swept and what else is not at its default."""
    base, count = sweep.any(), len(sweep.points)
    start = shown(sweep.values["start_date"]) if "start_date" in sweep.values else base["start_date"]
    said = (f"{count} points, {sweep.runs} runs of {base['nights']} recorded nights after {base['warmup']} nights of "
            f"warm-up, from {start}, at scale {base['scale']:g}; scenarios: {', '.join(sweep.scenarios)}. "
            f"{seeds_text(sweep)}")
    rows = [[[el("code", key), shown(found), registry()[key].unit, registry()[key].status,
              documentation.cell(plain(registry()[key].default))]] for key, found in sweep.values.items()]
    arms = [[[name.replace("_", " "), words(*(f"{key} = {documentation.cell(value)}" for key, value in
                                              changes.items())) if changes else "nothing"]]
            for name, changes in sweep.arms.items()]
    swept = [table("Arms; differences, if any, are taken from the first.", ["arm", "sets"], arms)] if arms else []
    swept += [table("What is swept.", ["key", "values", "unit", "status", "default"], rows)] if rows else []
    return section("Design", el("p", said), *swept, changed(sweep))


def seeds_text(sweep) -> str:
    """Where seeds come from."""
    if "seed" in sweep.values:
        return "Every point has a seed of its own, in runs.parquet."
    return (f"Replicate k has the same seed at every point; all seeds derive from seed "
            f"{', '.join(map(str, sweep.manifest['seeds']))}.")


def shown(found: list[str]) -> str:
    """Values of a key, or how many there are and their ends."""
    values = [json.loads(value) for value in found]
    if len(values) <= 16:
        return ", ".join(documentation.cell(value) for value in values)
    if all(isinstance(value, (int, float)) for value in values):
        return f"{len(values)} values from {min(values):g} to {max(values):g}"
    return f"{len(values)} values"


# what the analysis said -------------------------------------------------------------------------------------------
def results(findings: Findings) -> Html:
    """Every block of the analysis: a table where it is one, else a paragraph a line."""
    pieces, said = [], terminal.render(findings)
    for block in said.strip().split("\n\n"):
        lines = block.split("\n")
        rule = next((k for k, line in enumerate(lines) if line and set(line) == {RULE}), None)
        if rule:
            pieces.append(as_table(lines[:rule], lines[rule + 1:]))
        else:
            pieces.append(el("p", join(*lines, by="\n"), class_="said"))
    return section("Results", *pieces)


def as_table(heads: list[str], body: list[str]) -> Html:
    """A printed table as columns; the first head is its caption, since it names the table."""
    edges = columns([*heads, *body])
    split = [[line[a:b].strip() for a, b in edges] for line in (*heads, *body)]
    names = [" ".join(filter(None, column)) for column in zip(*split[:len(heads)])]
    rows = [[[line[0], *map(Number, line[1:])] for line in split[len(heads):]]]
    return table(el("b", names[0]), ["", *names[1:]], rows, class_="results wide")


def columns(lines: list[str]) -> list[tuple[int, int]]:
    """Where columns begin and end: between them at least two places are blank in every line."""
    width = max(map(len, lines))
    blank = "".join(" " if all(line[k:k + 1].strip() == "" for line in lines) else "x" for k in range(width))
    starts = [0, *(match.end() for match in re.finditer(r"x {2,}(?=x)", blank))]
    return [(a, b) for a, b in zip(starts, [*starts[1:], width])]


def reproduce(sweep) -> Html:
    """Command, version, commit, hashes and libraries."""
    m = sweep.manifest
    commit = m["commit"] or "unknown (not run from a checkout)"
    lines = [f"git checkout {m['commit']}"] if m["commit"] else []
    rows = [("Version", f"{m['package']} {m['version']}"),
            ("Commit", commit + (", with uncommitted changes" if m["dirty"] else "")),
            ("Code of the model", join(el("code", m["model"]), " (hash of the code that decides results)")),
            ("Seed", words(*m["seeds"])), ("Python", f"{m['python']}, {m['platform']}"),
            ("Libraries", words(*(f"{name} {version}" for name, version in m["libraries"].items()))),
            ("Loops", words(m.get("loops", "numpy"))),
            ("Files", codes(*sorted(path.name for path in sweep.folder.glob("*.[cp][sa][vr]*")), "figures/",
                            "manifest.json"))]
    return section("How to reproduce", el("pre", "\n".join([*lines, "python -m pip install -e .", m["command"]])),
                   el("p", "The same seed and configuration give the same tables with any launcher."), items(rows))
