"""What it is worth: grades of signs, and what is assumed."""

import csv

from experiments import pages as documentation
from sim.findings.text import title
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import STATUSES, registry
from sim.report.html import Html, Number, codes, el, join, table
from sim.report.parts import percent, section
from sim.studies.robustness.tables import grades as kept_under_other_rules


def graded(source) -> list[dict]:
    """Stored grades of the signs of centralised against fragmented; none where this study compares others."""
    file = documentation.REFERENCE / "emergence.csv"
    if not file.exists() or source.reference != "fragmented" or "centralised" not in source.compared:
        return []
    with open(file, encoding="utf-8") as opened:
        return [row for row in csv.DictReader(opened) if (row["outcome"], "centralised") in source.find]


def grades(source) -> Html:
    """Whether the sign of each headline is imposed by the model or can go either way."""
    name, found = "What the signs are worth", graded(source)
    if not source.compared:
        return Html("")
    if not found:
        return section(name, el("p", "Whether the signs of these differences are imposed by the model and its ranges "
                                "or can go either way has not been computed for this comparison; for centralised "
                                "against fragmented it stands in ", codes("docs/emergence.md"),
                                ". The intervals above say nothing about it."))
    said = ("All parameters with a plausible range were drawn at once, and both scenarios played with the same seed. "
            "Where fewer than 5 % of the draws contradict a sign, it is a premise of the model and its ranges, not a "
            "finding; elsewhere it can go either way, and the difference above holds at the values used here.")
    note = join("Computed once, over the registry’s default ranges and at a small scale, not for the settings of this "
                "run (", codes("results/reference/emergence/emergence.csv", "docs/emergence.md"), "); other scenarios are not "
                "graded. In the rest of the draws nothing differs.")
    columns = ["outcome", "in this run", "draws", "rises in", "falls in", "grade"]
    kept = kept_under_other_rules(documentation.REFERENCE)
    if kept:
        columns.append("kept under other rules")
        note = join(note, " Under other rules: worlds of alternative rules in which the sign of the defaults surely "
                    "holds, of those played (", codes("docs/robustness.md"), ").")
    return section(name, el("p", said), table(
        join(el("b", "Grade of each headline"), ": centralised against fragmented."), columns,
        [[grade_row(source.find[row["outcome"], "centralised"], row, kept)] for row in found], note))


def grade_row(line, found, kept) -> list:
    """One headline: what was found here, in how many draws its sign appears, and in how many worlds of other rules."""
    grade = "premise" if found["verdict"] == "premise" else "can go either way"
    here = percent(line["relative_difference"]) if line["difference"] != "" else "–"
    return [title(line["outcome"]), Number(here), Number(found["draws"]),
            *(Number(f"{100 * float(found[key]):.1f} %") for key in ("rises", "falls")),
            el("b", grade) if grade == "premise" else grade,
            *([Number("{keeps} of {worlds}".format(**kept[line["outcome"]]))] if kept else [])]


def worth() -> Html:
    """How the signs of the main comparison fare over all parameters; nothing where that table is not at hand."""
    if not (documentation.REFERENCE / "emergence.csv").exists():
        return Html("")
    found = {row["outcome"]: row for row in documentation.reference_rows("emergence.csv")}
    worlds = kept_under_other_rules(documentation.REFERENCE)
    rows = [[[title(name), Number(f"{100 * float(found[name]['rises']):.1f} %"),
              Number(f"{100 * float(found[name]['falls']):.1f} %"),
              "premise" if found[name]["verdict"] == "premise" else "can go either way",
              "{keeps} of {worlds}".format(**worlds[name]) if name in worlds else "–"]]
            for name in ("price_mean", *primary()) if name in found and name in outcomes()]
    note = join("Centralised against fragmented, all parameters with a plausible range drawn at once (",
                codes("docs/emergence.md"), "), and in worlds of other rules in which the sign surely stays (",
                codes("docs/robustness.md"), "); this grades signs of that comparison, not every number above. A "
                "premise is imposed by the model and its ranges; elsewhere the sign holds at the values used.")
    return section("What the signs are worth", table(
        el("b", "Signs over all ranges and under other rules."),
        ["outcome", "rises in", "falls in", "grade", "keeps its sign in"], rows, note))


def assumed() -> Html:
    """How many parameters stand on what, and where to read about them."""
    entries = list(registry().values())
    rows = [[[s, Number(str(sum(e.status == s for e in entries))), documentation.MEANING[s]]] for s in STATUSES]
    return section(
        "What is assumed",
        el("p", f"{len(entries)} parameters, each with unit, range, status and source in ", codes("docs/parameters.md"),
           ". Geography is stylised and groups carry neutral ids. Whether rival groups were in fact brought under one "
           "organisation is contested; scenarios named after that claim show what would follow from it, not that it is "
           "true (", codes("docs/facts.md"), ")."),
        table("Parameters by status.", ["status", "parameters", "meaning"], rows),
        el("p", "Rules and reasons: ", codes("docs/model.md", "docs/mechanisms.md"), "; answers known in advance: ",
           codes("docs/verification.md"), "; defaults against the documents: ",
           codes("docs/defaults_against_documents.md"), "; use and misuse: ", codes("docs/ethics.md"), "."))
