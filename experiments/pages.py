"""The generated pages and diagrams of the documentation.

    python -m sim documentation              writes every page listed in `PAGES`
    python -m sim documentation frontier     writes the pages that quote these experiments

A page with results is a template, `experiments/<x>/page.md` (docs/<x>.md) or another Markdown file beside it (docs/ and
its name).  Its placeholders are filled from the findings of the experiment's study, which are computed from the tables
in `results/reference/<x>/`:

    {{table.NAME}}  {{value.NAME}}      a table, or a number or name that the study quotes
    {{table.NAME?}}                     nothing where the study does not present it, as without reference tables
    {{OTHER:table.NAME}}                the same of another experiment
    {{ONE+OTHER:table.NAME}}            the same of the first's study, which is given the tables of both
    {{captions}}                        captions of the six standard figures

A page that quotes an experiment without tables is left out, and the command says so.  Lines between `<!-- NAME -->` and
`<!-- /NAME -->` of other pages and of the README are written by the function NAME of `experiments.diagrams` or
`experiments.screen`.
"""

import json
import os
import re
import sys
from functools import cache, partial
from pathlib import Path

import yaml

from experiments import DOCS, REFERENCE, ROOT, VERSION_FILE, diagrams, registries, screen
from sim import __version__, studies
from sim.figures import captions_in
from sim.findings import Findings
from sim.findings.markdown import render_table
from sim.registry.errors import ConfigurationError
from sim.registry.files import read_rows, write_text
from sim.studies import comparison

EXPERIMENTS = ROOT / "experiments"
EARLIER = "earlier"  # tables of an earlier version that a page shows beside those of the present one
PLACE = re.compile(r"\{\{(.*?)\}\}")
NAMED = re.compile(r"(?:(?P<experiment>\w+(?:\+\w+)*):)?(?P<kind>table|value)\.(?P<name>\w+)(?P<optional>\??)")
OLDER = ("> The tables, figures and findings of this page were made by version {} of the model. The rules have changed "
         "since (this is version {}), and the page will be renewed.")
WRITTEN = {"schedule": diagrams.schedule, "answer": lambda: screen.answer(findings(screen.QUOTED))}
MARKED = re.compile(r"<!-- (\w+) -->\n.*?(<!-- /\1 -->)", flags=re.S)


def presenter(experiment: str):
    """The function that computes an experiment's findings: its study's `present`, else that of the comparison."""
    settings = ROOT / "configs" / "experiment" / f"{experiment}.yaml"
    analysis = yaml.safe_load(settings.read_text(encoding="utf-8")).get("analysis") if settings.exists() else experiment
    return studies.load(analysis).present if analysis else comparison.present


@cache
def findings(experiments: str) -> Findings:
    """Findings of an experiment from its reference tables and those of others named with it (`one+other`)."""
    first = experiments.split("+")[0]
    tables = {path.stem: read_rows(path) for path in tables_of(experiments)}
    if not tables:
        raise ConfigurationError(f"experiment {experiments}: no tables in results/reference/{first}/")
    return presenter(first)(tables)


def tables_of(experiments: str) -> list[Path]:
    """Reference tables of an experiment, after those of the others named with it (`one+other`)."""
    first, *others = experiments.split("+")
    return [path for name in (*others, first) for path in sorted((REFERENCE / name).glob("*.csv"))]


def lacking(template: Path) -> list[str]:
    """The experiments that a template quotes and that have no reference tables yet."""
    return sorted(name for name in quoted(template) if not tables_of(name))


def quoted(template: Path) -> set[str]:
    """The experiments, or those named together (`one+other`), whose tables a template quotes."""
    named = [NAMED.fullmatch(place) for place in PLACE.findall(template.read_text(encoding="utf-8"))]
    return {match["experiment"] or template.parent.name for match in named if match}


def filled(template: Path) -> str:
    """Fill the template of a page; ConfigurationError for an unknown placeholder.

    A page whose tables were made by another version of the model says so below its title.
    """
    text = PLACE.sub(lambda match: fill(match[1], template), template.read_text(encoding="utf-8"))
    text = re.sub(r"\n{3,}", "\n\n", text)  # left by placeholders without text
    versions = {version_of(name) for names in quoted(template) for name in names.split("+") if name != EARLIER}
    older = sorted(versions - {"", __version__})
    if not older:
        return text
    title, rest = text.split("\n", 1)
    return f"{title}\n\n{OLDER.format(' and '.join(older), __version__)}\n{rest}"


def version_of(experiment: str) -> str:
    """The version of the model that made an experiment's reference tables; empty where there are none."""
    path = REFERENCE / experiment / VERSION_FILE
    return json.loads(path.read_text(encoding="utf-8"))["version"] if path.exists() else ""


def fill(place: str, template: Path) -> str:
    """The text of one placeholder of a template; ConfigurationError if it is unknown."""
    where = f"{template.relative_to(ROOT)}: {{{{{place}}}}}"
    if place == "captions":
        return captions()
    named = NAMED.fullmatch(place)
    if not named:
        raise ConfigurationError(f"{where}: a placeholder is table.NAME, value.NAME, either with EXPERIMENT: before "
                                 "it, or captions")
    experiment = named["experiment"] or template.parent.name
    presented = findings(experiment)
    known = presented.tables if named["kind"] == "table" else presented.values
    if named["name"] not in known:
        if named["optional"]:
            return ""
        raise ConfigurationError(f"{where}: {experiment} presents no {named['kind']} {named['name']} "
                                 f"(known: {', '.join(known)})")
    answer = known[named["name"]]
    return render_table(answer) if named["kind"] == "table" else str(answer)


def captions() -> str:
    """Captions of the standard figures, without their heading."""
    return "\n\n".join(f"**{name}.** {text}" for name, text in captions_in(DOCS / "figures").items())


def marked(page: Path) -> str:
    """The text of a manually written page with its generated parts updated."""
    def written(match) -> str:
        lines = WRITTEN[match[1]]()
        return "\n".join([f"<!-- {match[1]} -->", *lines, match[2]])

    return MARKED.sub(written, page.read_text(encoding="utf-8"))


def templates() -> dict[str, Path]:
    """Templates by the names of their pages."""
    found = [path for path in sorted(EXPERIMENTS.glob("*/*.md")) if path.name != "README.md"]
    return {f"{path.parent.name if path.stem == 'page' else path.stem}.md": path for path in found}


def pages() -> dict[str, partial]:
    """All generated files of docs/ by name, with the functions that return their texts."""
    made = {"parameters.md": registries.parameters_page, "facts.md": registries.facts_page,
            "mechanisms.md": registries.mechanisms_page, "scenarios.md": registries.scenarios_page,
            "outcomes.md": registries.outcomes_page,
            "figures/night.svg": diagrams.night, "figures/modules.svg": diagrams.modules}
    made |= {page: partial(filled, template) for page, template in templates().items() if not lacking(template)}
    by_hand = [page for page in (*ROOT.glob("README.md"), *sorted(DOCS.glob("*.md"))) if page.name not in made]
    made |= {os.path.relpath(page, DOCS): partial(marked, page) for page in by_hand
             if MARKED.search(page.read_text(encoding="utf-8"))}
    return made


PAGES = pages()


def quoting(experiments: list[str]) -> list[str]:
    """Names of the pages that quote one of these experiments."""
    quotable = {name: template for name, template in templates().items() if name in PAGES}
    pattern = re.compile(rf"\{{\{{(?:\w+\+)*(?:{'|'.join(map(re.escape, experiments))})[:+]")
    return [name for name, template in quotable.items() if template.parent.name in experiments
            or pattern.search(template.read_text(encoding="utf-8"))]


def write(names) -> None:
    """Write these pages after all their texts were computed."""
    for name, text in {name: PAGES[name]() for name in names}.items():
        write_text(DOCS / name, text)


def main(experiments: list[str]) -> int:
    """Write all pages, or those that quote some experiments, and return the exit code."""
    if not (DOCS / "index.md").exists():
        print(f"sim: error: documentation: {ROOT} is no checkout of the project", file=sys.stderr)
        return 2
    for name, template in templates().items():
        if name not in PAGES:
            print(f"documentation: left out docs/{name}: no tables in results/reference/ of "
                  f"{', '.join(lacking(template))}", file=sys.stderr)
    try:
        write(quoting(experiments) if experiments else PAGES)
    except ConfigurationError as error:
        print(f"sim: error: documentation: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
