"""report.html: one file that tells a referee what was asked, done, found, assumed, and how to do it again.

    python -m sim.report results/centralisation/latest     writes the report of a finished folder anew

It is written from the tables of a run folder; figures are inside it, it needs no network and no script, and the same
folder gives the same bytes.
"""

import csv
import json
import math
import re
import sys
from pathlib import Path
from string import Template

import pyarrow.parquet as pq
import yaml

from sim import documentation
from sim.analysis.robustness import grades as kept_under_other_rules
from sim.configuration import names
from sim.figures.style import look
from sim.outcomes import outcomes, primary
from sim.page import Html, Number, codes, el, items, join, picture, table, text, words
from sim.parameters import STATUSES, flatten, registry
from sim.results import LABEL, UNIMPORTANT, write_text
from sim.summary import ALPHA, HELPS, POWER, SHOWN, half_width, level_text, number, replicates_text, saving_line, title

NAME = "report.html"
WIDE = 5  # scenarios that still stand side by side
ASKS = ("The model asks what centralised control, compared with fragmented competition, does to prices, crossings, "
        "violence, extortion, corruption and the people who cross, and through which lever. No rule knows the word.")
VERDICTS = ("Equivalent: two one-sided tests at 0.05 (Schuirmann 1987) reject a difference as large as the smallest "
            "effect of interest, even where it is surely not 0. Different: else, if the p-value adjusted over the "
            "primary outcomes of the scenario (Holm 1979) is below 0.05 and the interval excludes 0. Undecided: else.")
UNSAID = [key for key in UNIMPORTANT if key != "replicates"]  # settings not worth a line


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


def template() -> Template:
    return Template((Path(__file__).parent / "registry" / "report.html").read_text(encoding="utf-8"))


def heading(source) -> str:
    """The study's name as a title; a single run is named after its scenario."""
    single = len(source.scenarios) == 1 and source.study == "single"
    return look(source.scenarios[0])[0] if single else source.study.replace("_", " ").capitalize()


# what was asked and done ------------------------------------------------------------------------------------------
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


def section(name, *content) -> Html:
    return el("section", el("h2", name), *content)


def design(source) -> Html:
    """Scenarios, replicates, seeds and nights, and every value in which the scenarios differ."""
    p, sentences = source.any(), names("scenario")
    counts = [source.done.count(s) for s in source.scenarios]
    runs = f"{counts[0]}" if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}"
    plural = "s" if max(counts) > 1 else ""
    each = " a scenario, each" if len(source.scenarios) > 1 else ""
    nights = (f"{runs} replicate{plural}{each} of {p['nights']} recorded nights after {p['warmup']} nights of warm-up, "
              f"from {p['start_date']}, at scale {p['scale']:g}. ")
    seeds = f"All seeds derive from seed {', '.join(map(str, source.manifest['seeds']))} and stand in runs.parquet."
    if source.compared and plural:
        seeds = f"Replicate k has the same seed in every scenario, so that scenarios are compared pair by pair. {seeds}"
    rows = [[[el("code", s), look(s)[0], sentences.get(s, ""), Number(str(source.done.count(s)))]]
            for s in source.scenarios]
    return section("Design", el("p", nights + seeds),
                   table("Scenarios.", ["id", "name", "what it is", "runs"], rows), *differing(source),
                   changed(source))


def differing(source) -> list[Html]:
    """The keys in which scenarios differ from the reference, with values and where the numbers come from."""
    if not source.compared:
        return []
    base, known = source.parameters[source.reference], registry()
    keys = [k for k in base if k not in UNSAID and any(source.parameters[s][k] != base[k] for s in source.compared)]
    said = f"What differs from {look(source.reference)[0].lower()}; every other key is the same in all scenarios."
    if not keys:
        return [el("p", "The scenarios do not differ in any key.")]
    if len(source.scenarios) <= WIDE:
        order = [source.reference, *source.compared]
        rows = [[[el("code", k), *(mark(value(source.parameters[s][k]), source.parameters[s][k] != base[k])
                                   for s in order), status(known, k)]] for k in keys]
        return [table(said, ["key", *(look(s)[0] for s in order), "status"], rows,
                      "Bold: differs from the reference. Status: where the default comes from, see What is assumed.")]
    rows = []
    for s in source.compared:
        own = [k for k in keys if source.parameters[s][k] != base[k]]
        group = [[el("code", k), value(source.parameters[s][k]), value(base[k]), status(known, k)] for k in own]
        if group:
            group[0].insert(0, (look(s)[0], len(group)))
            rows.append(group)
    return [table(said, ["scenario", "key", "value", "in the reference", "status"], rows)]


def changed(source) -> Html:
    """Keys that no longer have the registry's default in any scenario."""
    known = registry()
    keys = [k for k, entry in known.items() if k not in UNIMPORTANT and k in source.any()
            and all(plain(source.parameters[s][k]) != plain(entry.default) for s in source.scenarios)
            and len({json.dumps(plain(source.parameters[s][k])) for s in source.scenarios}) == 1]
    if not keys:
        return el("p", "Everything else is at the registry’s defaults.")
    rows = [[[el("code", k), value(source.any()[k]), value(known[k].default), known[k].unit, known[k].status]]
            for k in keys]
    said = "Changed from the defaults" + (" in every scenario." if len(source.scenarios) > 1 else ".")
    return table(said, ["key", "value", "default", "unit", "status of the default"], rows)


def plain(found):
    """A value without the difference between tuples and lists, whole numbers and others."""
    return json.loads(json.dumps(found, default=str), parse_int=float)


def value(found) -> Html:
    """A parameter's value; records are written out."""
    if isinstance(found, (list, tuple)) and found and isinstance(found[0], dict):
        return join(*(" ".join(map(str, record.values())) for record in found), by="; ")
    return join(documentation.cell(found) if found not in ([], ()) else "none")


def mark(shown, differs) -> Html:
    return el("b", shown) if differs else shown


def status(known, key) -> str:
    return known[key].status if key in known else ""


# what was found ---------------------------------------------------------------------------------------------------
def results(source) -> Html:
    """The tables; a comparison has verdicts, a single scenario only levels."""
    if not source.compared:
        return section("Results", levels(source))
    return section("Results", el("ul", *(el("li", line) for line in in_short(source))), el("p", caution(source)),
                   primary_table(source), pairs_table(source), secondary_table(source))


def caution(source) -> str:
    """How far the differences reach."""
    either = [outcome_words(r) for r in graded(source) if r["verdict"] != "premise"]
    said = "These are differences between scenarios of the model at the values used here, not effects in the world."
    if either:
        said += (" With all parameters drawn over their ranges, these signs of centralised against fragmented can go "
                 f"either way: {', '.join(either)}.")
    return said


def in_short(source) -> list[Html]:
    """A sentence a scenario: which primary outcomes differ, by how much, and which do not."""
    said = []
    for s in source.compared:
        lines = [source.find[name, s] for name in primary() if source.has(name) and source.find[name, s]["verdict"]]
        by = {v: [line for line in lines if line["verdict"] == v] for v in ("different", "equivalent", "undecided")}
        parts = [f"{v.capitalize()}: {', '.join(outcome_words(line) for line in found)}." for v, found in by.items()
                 if found]
        said.append(join(el("b", f"{look(s)[0]} against {look(source.reference)[0].lower()}."), " ",
                         " ".join(parts) or "Too few pairs for a verdict."))
    return said


def outcome_words(line) -> str:
    """An outcome's name within a sentence, with its relative difference where that is the verdict."""
    name = together(outcomes()[line["outcome"]].label)
    name = name[0].lower() + name[1:]
    return f"{name} {percent(line['relative_difference'])}" if line["verdict"] == "different" else name


def percent(share, digits=0) -> str:
    """A share as a signed percentage."""
    if not math.isfinite(share):
        return "–"
    return together(f"{100 * share:+.{digits}f} %".replace("-", "−"))


def together(words_said: str) -> str:
    """The same with spaces within numbers that no line is broken at."""
    return re.sub(r"(?<=\d) (?=[\d%])", "\u00a0", words_said)


def span(low, high, digits, beside=0.0, signed=True) -> str:
    """Two ends of an interval in brackets; nothing where there is none."""
    if low == "" or math.isnan(low):
        return ""
    if math.isinf(low):
        return " (no bounds)"
    return f" ({number(low, digits, signed, beside)} to {number(high, digits, signed, beside)})"


def primary_table(source) -> Html:
    """Table of the six primary outcomes with verdicts."""
    groups = []
    for name in filter(source.has, primary()):
        entry, order = outcomes()[name], [source.reference, *source.compared]
        first = (join(together(title(name)), el("small", f"matters from {matters(entry)}")), len(order))
        group = [result_row(source.find[name, s], entry.digits) for s in order]
        group[0].insert(0, first)
        groups.append(group)
    note = ("Means ± half-width and differences of pairs with 95 % t-intervals; relative differences with Fieller’s "
            f"interval (1954), % of the reference’s mean. {VERDICTS} Intervals are of chance in the simulation alone.")
    columns = ["outcome", "scenario", "mean", "difference", "relative", "verdict"]
    return table(join(el("b", "Primary outcomes"), f", fixed before any run: {sample(source)}; differences from "
                 f"{look(source.reference)[0].lower()}."), columns, groups, note, "results")


def matters(entry) -> str:
    """The smallest effect of interest in words."""
    return entry.smallest_effect if "%" in entry.smallest_effect else f"{entry.smallest_effect} {entry.unit}"


def sample(source) -> str:
    counts = {source.done.count(s) for s in source.scenarios}
    n = f"{min(counts)}" if len(counts) == 1 else f"{min(counts)} to {max(counts)}"
    each = " a scenario" if len(source.scenarios) > 1 else ""
    return f"n = {n} replicate{'s' if max(counts) > 1 else ''} of {source.any()['nights']} nights{each}"


def result_row(line, digits) -> list:
    """One scenario of one outcome; the reference has a mean only."""
    half = line["ci_high"] - line["mean"]
    mean = Number(level_text(line["mean"], half, digits))
    if line["difference"] == "":
        return [join(look(line["scenario"])[0], " (reference)"), mean, *[Number("")] * 2, ""]
    difference = number(line["difference"], digits, True) + span(line["difference_low"], line["difference_high"],
                                                                 digits, line["difference"])
    relative = percent(line["relative_difference"], 1)
    if line["relative_low"] != "":
        relative += span(100 * line["relative_low"], 100 * line["relative_high"], 1)
    verdict = el("span", line["verdict"], class_=line["verdict"]) if line["verdict"] else ""
    return [look(line["scenario"])[0], mean, Number(difference), Number(relative), verdict]


def pairs_table(source) -> Html:
    """How often a scenario is higher, how exact the differences are, and what the common seeds saved."""
    groups = []
    for name in filter(source.has, primary()):
        lines = [source.find[name, s] for s in source.compared if source.find[name, s]["superiority"] != ""]
        if not lines:
            continue
        group = [pairs_row(line, outcomes()[name].digits) for line in lines]
        group[0].insert(0, (together(title(name)), len(group)))
        groups.append(group)
    if not groups:
        return Html("")
    columns = ["outcome", "scenario", "P(higher)", "half-width", "replicates needed", "correlation", "saving"]
    note = ("P(higher): share of pairs in which the scenario is higher than the reference, ties half (Wilson’s "
            "interval). Half-width of the difference’s 95 % interval against the smallest effect of interest. "
            f"Replicates needed for a paired test at level {ALPHA} to see that effect with power {POWER}, planned with "
            "the upper 80 % limit of the spread. Correlation of pairs. Saving: independent runs worth one paired run "
            f"(95 % interval), little below {HELPS}. {saving_line(source.rows)}")
    return table(join(el("b", "Pairs and precision"), " of the differences above."), columns, groups, note, "results")


def pairs_row(line, digits) -> list:
    """One scenario of one outcome."""
    half, smallest = half_width(line), line["smallest_effect"]
    sign = "<" if half < smallest else "≥"
    beside = max(half, smallest)
    needs = replicates_text(line["replicates_needed"]) if line["replicates_needed"] != "" else "–"
    higher = number(line["superiority"], 2) + span(line["superiority_low"], line["superiority_high"], 2, signed=False)
    saved = number(line["saving"], 1) + span(line["saving_low"], line["saving_high"], 1, signed=False)
    return [look(line["scenario"])[0], Number(higher),
            Number(f"{number(half, digits, beside=beside)} {sign} {number(smallest, digits, beside=beside)}"),
            Number(needs), Number(number(line["correlation"], 2, True)), Number(saved)]


def secondary_table(source) -> Html:
    """Other outcomes: differences with intervals, no verdict."""
    groups = []
    for name in filter(source.has, SHOWN):
        entry, order = outcomes()[name], [source.reference, *source.compared]
        group = [result_row(source.find[name, s], entry.digits)[:4] for s in order]
        group[0].insert(0, (together(title(name)), len(order)))
        groups.append(group)
    note = "95 % t- and Fieller’s intervals, one by one and not adjusted: no verdict. All outcomes: summary.csv."
    return table(join(el("b", "Other outcomes"), f": {sample(source)}."),
                 ["outcome", "scenario", "mean", "difference", "relative"], groups, note, "results")


def levels(source) -> Html:
    """Means of one scenario."""
    lines = [source.find[name, s] for name in (*primary(), *SHOWN) if source.has(name) for s in source.scenarios]
    rows = [[[title(line["outcome"]), Number(number(line["mean"], outcomes()[line["outcome"]].digits)),
              Number(span(line["ci_low"], line["ci_high"], outcomes()[line["outcome"]].digits, line["mean"], False)
                     .strip(" ()") or "–")]] for line in lines]
    note = ("95 % t-intervals: chance in the simulation alone." if max(line["n"] for line in lines) > 1 else
            "A single run has no interval.") + " All outcomes: summary.csv."
    return table(join(el("b", "Outcomes"), f": {sample(source)}."), ["outcome", "mean", "95 % interval"], rows, note)


def figures(source) -> Html:
    """Every figure of the folder with its caption."""
    file = source.folder / "figures" / "captions.md"
    if not file.exists():
        return Html("")
    found = re.findall(r"^\*\*(\w+)\.\*\* (.*)$", file.read_text(encoding="utf-8"), flags=re.M)
    shown = []
    for count, (name, caption) in enumerate(found, start=1):
        path = file.parent / f"{name}.png"
        if path.exists():
            bare = "" if re.search(r"interval|% band", caption) else " No interval is drawn."
            first, _, rest = caption.partition(". Simulated under")
            said = join(el("b", f"Figure {count}. "), f"{first}.{bare}", f" Simulated under{rest}" if rest else "")
            shown.append(picture(path, said, first.partition(":")[0]))
    return section("Figures", *shown) if shown else Html("")


# what it is worth -------------------------------------------------------------------------------------------------
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
                "run (", codes("results/reference/emergence.csv", "docs/emergence.md"), "); other scenarios are not "
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


def reproduce(source) -> Html:
    """Command, version, commit, seeds, hashes and libraries."""
    m = source.manifest
    commit = m["commit"] or "unknown (not run from a checkout)"
    if m["dirty"]:
        commit += ", with uncommitted changes: it gives these numbers only if the code of the model has the hash below"
    lines = [f"git checkout {m['commit']}"] if m["commit"] else []
    rows = [("Version", f"{m['package']} {m['version']}"), ("Commit", commit),
            ("Code of the model", join(el("code", m["model"]), " (hash of rules and world)")),
            ("Configuration", join(el("code", m["configuration_hash"]), " (hash; values in config.yaml)")),
            ("Seed", words(*m["seeds"])),
            ("Replicates", words(*(f"{s} {n}" for s, n in m["replicates"].items()))),
            ("Python", f"{m['python']}, {m['platform']}"),
            ("Libraries", words(*(f"{name} {version}" for name, version in m["libraries"].items()))),
            ("Files", codes("runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet",
                            "summary.csv", "figures/", "config.yaml", "manifest.json"))]
    return section("How to reproduce",
                   el("pre", "\n".join([*lines, "python -m pip install -e .", m["command"]])),
                   el("p", "The same seed and configuration give the same tables on any number of workers."),
                   items(rows))


def main(words_given=None) -> int:
    """Write the report of a finished folder anew."""
    from sim.summary import summarise

    given = sys.argv[1:] if words_given is None else words_given
    if len(given) != 1 or not (Path(given[0]) / "manifest.json").exists():
        print("sim.report: error: give the folder of a finished run", file=sys.stderr)
        return 2
    folder = Path(given[0])
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    print(write_report(folder, summarise(pq.read_table(folder / "runs.parquet"), config["reference"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
