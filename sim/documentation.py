"""Pages of the documentation that are generated from the registry and the fact ledger.

    python -m sim.documentation          writes docs/parameters.md and docs/facts.md
"""

from itertools import groupby
from pathlib import Path

from sim.claims import facts_table
from sim.parameters import STATUSES, registry

DOCS = Path(__file__).parent.parent / "docs"
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


PAGES = {"parameters.md": parameters_page, "facts.md": facts_table}


def write() -> None:
    """Write every generated page."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
