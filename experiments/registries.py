"""Pages of the documentation that are generated from the registries and the configurations alone."""

from itertools import groupby

import yaml

from experiments import ROOT
from sim.findings.markdown import markdown_table
from sim.findings.text import of_setting
from sim.registry.claims import Claim, documents, load
from sim.registry.config_files import config_dir, names
from sim.registry.configuration import configure
from sim.registry.outcomes import outcomes
from sim.registry.parameters import STATUSES, flatten, registry

TITLES = {"": "Run settings", "rules": "Rules", "migrants": "People on the move", "gangs": "Groups",
          "organisation": "Organisation", "police": "Police", "camps": "Camps and shelter",
          "border": "Border and geography", "market": "Market", "observation": "Observation"}


def one_line(value) -> str:
    """A value without line breaks, for a table."""
    return of_setting(value).replace("\n", " ")


# parameters --------------------------------------------------------------------------------------------------------
def parameters_page() -> str:
    """The text of docs/parameters.md."""
    entries = list(registry().values())
    counts = ", ".join(f"{sum(e.status == s for e in entries)} {s}" for s in STATUSES)
    lines = ["# Parameters", "",
             "Generated from `sim/registry/parameters.yaml` by `python -m sim documentation`; do not edit.", "",
             f"{len(entries)} parameters: {counts}.", ""]
    lines += [f"- **{status}**: {meaning}" for status, meaning in STATUSES.items()]
    for group, rows in groupby(entries, key=lambda e: e.key.split(".")[0] if "." in e.key else ""):
        body = [(f"`{e.key}`", e.symbol, one_line(e.default), one_line(e.unit), span(e), e.status, one_line(e.source),
                 one_line(e.note)) for e in rows]
        head = ("key", "symbol", "default", "unit", "range", "status", "source", "note")
        lines += ["", f"## {TITLES[group]}", "", markdown_table(head, body)]
    return "\n".join(lines) + "\n"


def span(entry) -> str:
    """The plausible range if there is one, else the allowed choices."""
    if entry.range:
        return f"{one_line(entry.range[0])} – {one_line(entry.range[1])}"
    return ", ".join(entry.choices)


# outcomes ----------------------------------------------------------------------------------------------------------
def outcomes_page() -> str:
    """The text of docs/outcomes.md: every outcome of a run, the primary ones first."""
    entries = list(outcomes().values())
    lines = ["# Outcomes", "",
             "Generated from `sim/registry/outcomes.yaml` by `python -m sim documentation`; do not edit.", "",
             "An outcome is a number for a whole run, a column of `runs.parquet` and a row of `summary.csv` in every "
             "scenario. Columns of the other tables are explained in the tables themselves "
             "([read results](read_results.md)).", "", "## Primary outcomes", "",
             "These were fixed before any run, with the smallest difference that would matter (a share of the "
             "reference, or absolute).", "",
             markdown_table(("name", "label", "unit", "smallest effect of interest", "meaning"),
                            [(f"`{e.name}`", e.label, e.unit, e.smallest_effect, e.meaning) for e in entries
                             if e.primary]),
             "", "## Other outcomes", "",
             markdown_table(("name", "label", "unit", "meaning"),
                            [(f"`{e.name}`", e.label, e.unit, e.meaning) for e in entries if not e.primary])]
    return "\n".join(lines) + "\n"


# mechanisms and scenarios ------------------------------------------------------------------------------------------
def mechanisms() -> list[dict]:
    """The register of mechanisms."""
    return yaml.safe_load((ROOT / "sim" / "registry" / "mechanisms.yaml").read_text(encoding="utf-8"))


def mechanisms_page() -> str:
    """The text of docs/mechanisms.md."""
    lines = ["# Mechanisms", "",
             "Generated from `sim/registry/mechanisms.yaml` by `python -m sim documentation`; do not edit.", "",
             "Each entry states what a mechanism does, its equation, its code, the keys that set it, the facts on "
             "which it rests ([facts.md](facts.md)), and what tests it: limits of `python -m sim verify` "
             "([verification.md](verification.md)) or files under `tests/`. All of them together are compared with "
             "an independent second implementation ([twin.md](twin.md))."]
    for m in mechanisms():
        lines += ["", f"## {m['id']} {m['name']}", "", m["does"], "", f"    {m['equation']}", "",
                  "- code: " + ", ".join(f"`{c.replace('::', '`: `')}`" for c in m["code"]),
                  "- keys: " + ", ".join(f"`{key}`" for key in m["keys"]),
                  "- facts: " + ", ".join(m["facts"]),
                  "- tests: " + ", ".join(f"`{t}`" for t in m["tests"])]
    return "\n".join(lines) + "\n"


def scenarios_page() -> str:
    """The text of docs/scenarios.md: the settings of each scenario, and the levers of an organisation."""
    lines = ["# Scenarios and levers", "",
             "Generated from `configs/scenario/` and `sim/registry/parameters.yaml` by `python -m sim documentation`; "
             "do not edit.", "",
             "A scenario is a set of differences from the defaults. Run one with `python -m sim scenario=NAME`, "
             "and compare several with `python -m sim 'scenarios=[A,B]' replicates=16`. A scenario is a question and "
             "no forecast: its results are simulated under stated assumptions and are no estimate for any place, group "
             "or person.", "", "## The scenarios of the main comparison, side by side", "",
             "All keys in which they differ; everything else is the same.", "", side_by_side()]
    for name, sentence in own_names("scenario").items():
        lines += ["", f"## {name}", "", f"{sentence[:1].upper()}{sentence[1:]}.", ""]
        changes = changes_of(name)
        lines += [f"- `{key}` = {one_line(value)} (default {one_line(registry()[key].default)})" for key, value in
                  changes.items()] or ["The defaults."]
    lines += ["", "## Levers", "",
              "A lever is something that an organisation does for the groups that it controls; each can be switched on "
              "alone (`organisation.levers.skim=true`). The effects of each on outcomes are on "
              "the page [decomposition](decomposition.md).", "",
              markdown_table(("lever", "what"), [(f"`{e.key.rsplit('.', 1)[-1]}`", one_line(e.note or e.help))
                                                 for e in registry().values()
                                                 if e.key.startswith("organisation.levers.")])]
    return "\n".join(lines) + "\n"


def changes_of(scenario: str) -> dict:
    """The keys of a scenario's own file and their values; a scenario that it builds upon is not read."""
    tree = yaml.safe_load((config_dir() / "scenario" / f"{scenario}.yaml").read_text(encoding="utf-8"))
    return {key: value for key, value in flatten(tree).items() if key in registry()}


def side_by_side() -> str:
    """A table of the keys in which the scenarios of the main comparison differ."""
    settings = yaml.safe_load((config_dir() / "experiment" / "centralisation.yaml").read_text(encoding="utf-8"))
    values = {name: flatten(configure(name).as_dict()) for name in settings["scenarios"]}
    differ = [key for key in registry() if len({str(each.get(key)) for each in values.values()}) > 1]
    return markdown_table(("key", *(f"`{name}`" for name in values)),
                          [(f"`{key}`", *(one_line(each[key]) for each in values.values())) for key in differ])


def own_names(group: str) -> dict[str, str]:
    """Scenarios of this project, without those of other installed packages."""
    return {name: sentence for name, sentence in names(group).items()
            if (config_dir() / group / f"{name}.yaml").exists()}


# facts -------------------------------------------------------------------------------------------------------------
FACTS = (
    "# Facts that the documents report",
    "",
    "Generated from `sim/registry/claims.yaml` by `python -m sim documentation`; do not edit. A row records a",
    "statement of a document in our words, with the claimant and anyone who disputes it. It is no finding of this",
    "project. Names of organisations, groups and persons stand only in this list; the model and its results use",
    "neutral ids. Mechanisms M1 to M22 are those of the model description.",
    "",
)


def facts_page() -> str:
    """The text of docs/facts.md: the ledger of facts that the documents report."""
    rows = ["| id | what is said | value | when, where | who says it, in which document | status | used by |",
            "|---|---|---|---|---|---|---|"]
    rows += ["| " + " | ".join(fact_cell(text) for text in fact_cells(claim)) + " |" for claim in load()]
    sources = [f"- **{name}** {source['title']} (`{source['file']}`)" for name, source in documents().items()]
    return "\n".join([*FACTS, *rows, "", "## Documents", "", *sources, ""])


def fact_cells(claim: Claim) -> tuple[str, ...]:
    """The cells of a fact's row."""
    sources = ", ".join(document.split()[0] for document in claim.documents)
    status = claim.status + (f"; disputed by: {claim.disputed_by}" if claim.disputed_by else "")
    statement = claim.statement + (f" *{claim.note}*" if claim.note else "")
    return (claim.id, statement, fact_value(claim), f"{claim.date}, {claim.place}", f"{claim.claimant} ({sources})",
            status, fact_use(claim))


def fact_value(claim: Claim) -> str:
    """The value with its unit and interval."""
    text = f"{claim.value} {claim.unit}".strip()
    if claim.interval is None or claim.interval[0] == claim.interval[1]:
        return text
    low, high = claim.interval
    return f"{text} [at least {low}]" if high is None else f"{text} [{low} to {high}]"


def fact_use(claim: Claim) -> str:
    """The parts of the model that use a fact, or the reason why none does."""
    if not claim.used:
        return f"not used: {claim.unused_because}"
    return "; ".join(", ".join(names) for names in
                     ([f"`{key}`" for key in claim.keys], claim.mechanisms, claim.patterns) if names)


def fact_cell(text: str) -> str:
    """The text of a cell on one line with escaped bars."""
    return " ".join(str(text).split()).replace("|", "\\|")
