"""Pages and diagrams of the documentation that are generated from the registries, the configurations and the code.

    python -m sim documentation     writes every page listed in `PAGES`

Pages with results are filled from `results/reference/`.  A page with a template (`docs/templates/<name>.md`) is the
template with its places, `{{name}}`, filled by `sim.analysis.<name>.documented(reference)`, a dictionary of texts.
"""

import csv
import re
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path

import yaml

from experiments import diagrams
from sim.findings.text import number
from sim.registry.claims import facts_table
from sim.registry.configuration import config_dir, names
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import STATUSES, flatten, registry

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
TEMPLATES = DOCS / "templates"
REFERENCE = DOCS.parent / "results" / "reference"
TITLES = {"": "Run settings", "rules": "Rules", "migrants": "People on the move", "gangs": "Groups",
          "organisation": "Organisation", "police": "Police", "camps": "Camps and shelter",
          "border": "Border and geography", "market": "Market", "observation": "Observation"}
MEANING = {
    "reported": "a document says so (fact id)", "derived": "computed from documents or data, computation given",
    "literature": "a published figure", "calibrated": "set so that the defaults meet the documents together",
    "assumed": "ours", "setting": "of a run or scenario; no claim about the world",
}


def cell(value) -> str:
    """A table cell without line breaks or bars."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        return f"{len(value)} records"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(v) for v in value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return str(value).replace("|", "∣").replace("\n", " ")


def span(entry) -> str:
    """The plausible range where there is one, else what is allowed."""
    if entry.range:
        return f"{cell(entry.range[0])} – {cell(entry.range[1])}"
    return ", ".join(entry.choices)


def parameters_page() -> str:
    """docs/parameters.md."""
    entries = list(registry().values())
    counts = ", ".join(f"{sum(e.status == s for e in entries)} {s}" for s in STATUSES)
    lines = ["# Parameters", "",
             "Generated from `sim/registry/parameters.yaml` by `python -m sim documentation`; do not edit.", "",
             f"{len(entries)} parameters: {counts}.", ""]
    lines += [f"- **{status}**: {MEANING[status]}" for status in STATUSES]
    for group, rows in groupby(entries, key=lambda e: e.key.split(".")[0] if "." in e.key else ""):
        lines += ["", f"## {TITLES[group]}", "", "| key | symbol | default | unit | range | status | source | note |",
                  "|---|---|---|---|---|---|---|---|"]
        lines += [f"| `{e.key}` | {e.symbol} | {cell(e.default)} | {cell(e.unit)} | {span(e)} | {e.status} | "
                  f"{cell(e.source)} | {cell(e.note)} |" for e in rows]
    return "\n".join(lines) + "\n"


def reference_rows(name: str, reference: Path = REFERENCE) -> list[dict]:
    """Rows of a reference table (`results/reference/<name>`), texts as they stand there."""
    with open(reference / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def defaults_against_documents(reference: Path) -> dict[str, str]:
    """Every outcome of the reference run's `status_quo`: mean ± half-width."""
    said = {}
    for row in reference_rows("summary.csv", reference):
        if row["scenario"] == "status_quo":
            mean, high = float(row["mean"]), float(row["ci_high"])
            digits = max(outcomes()[row["outcome"]].digits, 1 if abs(mean) < 20 else 0)
            said[row["outcome"]] = f"{number(mean, digits)} ± {number(high - mean, digits)}"
    return said


def templated_page(name: str) -> str:
    """docs/<name>.md: its template with every place filled; KeyError for a place that nothing fills."""
    text = (TEMPLATES / f"{name}.md").read_text(encoding="utf-8")
    own = {"defaults_against_documents": defaults_against_documents}
    said = (own.get(name) or import_module(f"sim.analysis.{name}").documented)(REFERENCE)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: said[match.group(1)], text)


def of_main(reference: Path) -> dict[str, str]:
    """`centralised` in the main comparison's reference run, for pages that speak of it: `main_<outcome>`, `main_n`."""
    said = {}
    for row in reference_rows("summary.csv", reference):
        if row["scenario"] == "centralised":
            mean, low, high = (number(float(row[key]), outcomes()[row["outcome"]].digits)
                               for key in ("mean", "ci_low", "ci_high"))
            said |= {f"main_{row['outcome']}": mean, f"main_{row['outcome']}_interval": f"{mean} ({low} to {high})",
                     "main_n": row["n"]}
    return said


def markdown_table(head: list[str], body: list[list[str]]) -> str:
    """A table as Markdown; bars in cells become look-alikes."""
    lines = ["| " + " | ".join(str(cell).replace("|", "∣") for cell in line) + " |" for line in (head, *body)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def mechanisms() -> list[dict]:
    """The register of mechanisms M1–M21."""
    return yaml.safe_load((ROOT / "sim" / "registry" / "mechanisms.yaml").read_text(encoding="utf-8"))


def mechanisms_page() -> str:
    """docs/mechanisms.md."""
    lines = ["# Mechanisms", "",
             "Generated from `sim/registry/mechanisms.yaml` by `python -m sim documentation`; do not edit.", "",
             "What each mechanism does, its equation, its code, the keys that set it, the facts it answers to "
             "([facts.md](facts.md)), and what tests it: limits of `python -m sim verify` "
             "([verification.md](verification.md)) or files under `tests/`. All of them together dock with an "
             "independent second implementation ([twin.md](twin.md))."]
    for m in mechanisms():
        lines += ["", f"## {m['id']} {m['name']}", "", m["does"], "", f"    {m['equation']}", "",
                  "- code: " + ", ".join(f"`{c.replace('::', '`: `')}`" for c in m["code"]),
                  "- keys: " + ", ".join(f"`{key}`" for key in m["keys"]),
                  "- facts: " + ", ".join(m["facts"]),
                  "- tests: " + ", ".join(f"`{t}`" for t in m["tests"])]
    return "\n".join(lines) + "\n"


def results_page() -> str:
    """docs/centralisation.md: the main comparison at the defaults, from the reference summary and its figures."""
    rows = reference_rows("summary.csv")
    find = {(row["outcome"], row["scenario"]): row for row in rows}
    scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
    reference = next(s for s in scenarios if not find[primary()[0], s]["difference"])
    lines = ["# Centralisation: the main comparison", "",
             "Generated by `python -m sim documentation` from the reference run of `python -m sim "
             "+experiment=centralisation` at the defaults; do not edit. Simulated under stated assumptions; no "
             "estimate for any place, group or person. Intervals (95 %) are of chance in the simulation alone; which "
             "signs depend on the assumptions is told in [emergence.md](emergence.md).", "",
             f"Means over {rows[0]['n']} replicates; below, paired differences from {reference} with intervals.", "",
             f"| outcome | {' | '.join(scenarios)} |", "|---" * (len(scenarios) + 1) + "|"]
    for name in primary():
        entry = outcomes()[name]
        cells = [number(float(find[name, s]["mean"]), entry.digits) for s in scenarios]
        lines.append(f"| {entry.label} [{entry.unit}] | {' | '.join(cells)} |")
        changes = [difference(find[name, s], entry.digits) for s in scenarios]
        lines.append(f"| *difference* | {' | '.join(changes)} |")
    for name in sorted(p.stem for p in (DOCS / "figures").glob("[1-6]_*.png")):
        lines += ["", f"![{name}](figures/{name}.png)"]
    captions = (DOCS / "figures" / "captions.md").read_text(encoding="utf-8").split("\n", 2)[2]
    return "\n".join([*lines, "", captions.rstrip()]) + "\n"


def difference(row, digits, column="difference") -> str:
    """A paired difference with its interval (`column`, `…_low`, `…_high`), or nothing for the reference."""
    if not row[column]:
        return ""
    values = [number(float(row[key]), digits, True) for key in (column, f"{column}_low", f"{column}_high")]
    return f"{values[0]} ({values[1]} to {values[2]})"


def emergence_page() -> str:
    """docs/emergence.md: which signs can go either way, from the reference sweep."""
    rows = reference_rows("emergence.csv")
    lines = ["# Which signs are imposed, and which are found", "",
             "Generated by `python -m sim documentation` from `python -m sim.studies.emergence.study` (every parameter with a "
             "plausible range drawn at once by Latin hypercube; centralised minus fragmented with the same seed; small "
             "scale). Where fewer than 5 % of the draws contradict a sign, it is a premise of the model and its "
             "ranges, not a finding. Shares need not add up to 100 %: in the rest nothing differs (no clash, no "
             "officer who can be bribed); draws without a crossing sold have no price. The last column numbers the "
             "draw in which the rarer sign is clearest; its configuration stands in "
             "[emergence_other_signs.csv](../results/reference/emergence/other_signs.csv), and `python -m "
             "sim.studies.emergence.study --show NUMBER` plays it again.",
             "", "| outcome | draws | rises in | falls in | verdict | draw with the other sign |",
             "|---|---|---|---|---|---|"]
    lines += [f"| {r['label']} | {r['draws']} | {100 * float(r['rises']):.1f} % | {100 * float(r['falls']):.1f} % | "
              f"{r['verdict']} | {r['draw_of_the_other_sign']} |" for r in rows]
    return "\n".join(lines) + "\n"


def scenarios_page() -> str:
    """docs/scenarios.md: what each scenario sets, and the levers of an organisation."""
    lines = ["# Scenarios and levers", "",
             "Generated from `configs/scenario/` and `sim/registry/parameters.yaml` by `python -m sim documentation`; "
             "do not edit.", "",
             "A scenario is a set of differences from the defaults. Run one with `python -m sim scenario=NAME`, "
             "compare several with `python -m sim 'scenarios=[A,B]' replicates=16`. A scenario is a question, not a "
             "forecast: simulated under stated assumptions; no estimate for any place, group or person."]
    for name, sentence in own_names("scenario").items():
        lines += ["", f"## {name}", "", f"{sentence[:1].upper()}{sentence[1:]}.", ""]
        tree = yaml.safe_load((config_dir() / "scenario" / f"{name}.yaml").read_text(encoding="utf-8"))
        changes = {key: value for key, value in flatten(tree).items() if key in registry()}
        lines += [f"- `{key}` = {cell(value)} (default {cell(registry()[key].default)})" for key, value in
                  changes.items()] or ["The defaults."]
    lines += ["", "## Levers", "", "What an organisation does for the groups that it controls; each can be switched on "
              "alone (`organisation.levers.skim=true`). What each of them does to outcomes: "
              "[decomposition](decomposition.md).", "", "| lever | what |", "|---|---|"]
    lines += [f"| `{e.key.rsplit('.', 1)[-1]}` | {cell(e.note or e.help)} |" for e in registry().values()
              if e.key.startswith("organisation.levers.")]
    return "\n".join(lines) + "\n"


def own_names(group: str) -> dict[str, str]:
    """Scenarios of this project, without those of other installed packages."""
    return {name: said for name, said in names(group).items() if (config_dir() / group / f"{name}.yaml").exists()}


PAGES = {
    "parameters.md": parameters_page, "facts.md": facts_table, "mechanisms.md": mechanisms_page,
    "centralisation.md": results_page, "emergence.md": emergence_page, "scenarios.md": scenarios_page,
    "figures/night.svg": diagrams.night, "figures/modules.svg": diagrams.modules,
    **{path.name: partial(templated_page, path.stem) for path in sorted(TEMPLATES.glob("*.md"))},
}


def write() -> None:
    """Write every generated page."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
