"""Pages of the documentation that are generated from the registry and the fact ledger.

    python -m sim.documentation     writes parameters.md, facts.md, mechanisms.md, defaults_against_documents.md

The last is filled from `results/reference/summary.csv`, the summary of `+experiment=centralisation` at its defaults.
"""

import csv
import re
from itertools import groupby
from pathlib import Path

import yaml

from sim.claims import facts_table
from sim.outcomes import outcomes
from sim.parameters import STATUSES, registry
from sim.summary import number

DOCS = Path(__file__).parent.parent / "docs"
REFERENCE = DOCS.parent / "results" / "reference"
TITLES = {"": "Run settings", "rules": "Rules", "migrants": "People on the move", "gangs": "Groups",
          "organisation": "Organisation", "police": "Police", "camps": "Camps and shelter",
          "border": "Border and geography", "market": "Market"}
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
             "Generated from `sim/registry/parameters.yaml` by `python -m sim.documentation`; do not edit.", "",
             f"{len(entries)} parameters: {counts}.", ""]
    lines += [f"- **{status}**: {MEANING[status]}" for status in STATUSES]
    for group, rows in groupby(entries, key=lambda e: e.key.split(".")[0] if "." in e.key else ""):
        lines += ["", f"## {TITLES[group]}", "", "| key | symbol | default | unit | range | status | source | note |",
                  "|---|---|---|---|---|---|---|---|"]
        lines += [f"| `{e.key}` | {e.symbol} | {cell(e.default)} | {cell(e.unit)} | {span(e)} | {e.status} | "
                  f"{cell(e.source)} | {cell(e.note)} |" for e in rows]
    return "\n".join(lines) + "\n"


def defaults_page() -> str:
    """docs/defaults_against_documents.md: the template with the reference run's `status_quo` in its places."""
    with open(REFERENCE / "summary.csv", encoding="utf-8") as file:
        rows = {row["outcome"]: row for row in csv.DictReader(file) if row["scenario"] == "status_quo"}

    def fill(match) -> str:
        row = rows[match.group(1)]
        mean, high = float(row["mean"]), float(row["ci_high"])
        digits = max(outcomes()[match.group(1)].digits, 1 if abs(mean) < 20 else 0)
        return f"{number(mean, digits)} ± {number(high - mean, digits)}"

    text = (DOCS / "templates" / "defaults_against_documents.md").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", fill, text)


def mechanisms() -> list[dict]:
    """The register of mechanisms M1–M20."""
    return yaml.safe_load((Path(__file__).parent / "registry" / "mechanisms.yaml").read_text(encoding="utf-8"))


def mechanisms_page() -> str:
    """docs/mechanisms.md."""
    lines = ["# Mechanisms", "",
             "Generated from `sim/registry/mechanisms.yaml` by `python -m sim.documentation`; do not edit.", "",
             "What each mechanism does, its equation, its code, the keys that set it, the facts it answers to "
             "([facts.md](facts.md)), and what tests it: limits of `python -m sim.verify` "
             "([verification.md](verification.md)) or files under `tests/`."]
    for m in mechanisms():
        lines += ["", f"## {m['id']} {m['name']}", "", m["does"], "", f"    {m['equation']}", "",
                  "- code: " + ", ".join(f"`{c.replace('::', '`: `')}`" for c in m["code"]),
                  "- keys: " + ", ".join(f"`{key}`" for key in m["keys"]),
                  "- facts: " + ", ".join(m["facts"]),
                  "- tests: " + ", ".join(f"`{t}`" for t in m["tests"])]
    return "\n".join(lines) + "\n"


PAGES = {"parameters.md": parameters_page, "facts.md": facts_table, "mechanisms.md": mechanisms_page,
         "defaults_against_documents.md": defaults_page}


def write() -> None:
    """Write every generated page."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
