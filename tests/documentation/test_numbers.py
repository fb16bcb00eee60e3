"""Numbers in prose: those of the README and of the experiments' own pages are compared with what they count.

Numbers of results are filled into the pages from tables (`experiments.pages`).  Some pages whose tables an earlier
version of the model made also hold typed numbers; `TYPED` keeps the digest of these tables, so that nobody renews the
tables and leaves the old numbers standing.
"""

import hashlib
import re
from functools import cache
from math import prod

import pytest
import yaml

from experiments import DOCS, ROOT
from experiments.__main__ import studies
from experiments.pages import MARKED, quoted, tables_of, templates, version_of
from sim import __version__
from sim.figures import captions_in
from sim.registry.config_files import files

WORDS = dict(zip(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
                 range(1, 13)))
NUMBER = rf"\d[\d .]*\d|\d|{'|'.join(WORDS)}"
TYPED = {  # page of older tables with typed numbers of results: digest of the tables that it quotes
    "calibration.md": "7d8ee7abf9f4", "concentration.md": "dedb842f3ef5", "frontier.md": "c8ec43da9151",
    "policies.md": "1ed8ea775d6b", "robustness.md": "86d9b7e35915",
}
OF_PAGES = {  # numbers of pages that stand in no registry: what they are
    "decomposition.md": {"0.00": "how a small effect is shown"},
    "defaults_against_documents.md": {
        "401500": "1100 attempts × 365 nights", "505": "300 arrivals × about 1.7, the factor of October",
        "1120": "1600 attempts × 0.7 intercepted", "1440": "480 arrivals × 3 interceptions",
        "365.25": "days of a year", "0.11": "standard error of a regression on the page",
        "23.2": "degrees east: the bounds of the published maps"},
}
REGISTRIES = ("claims.yaml", "documents.yaml", "parameters.yaml", "patterns.yaml", "mechanisms.yaml",
              "calibration.yaml", "series.csv", "detections.csv")


@cache
def settings(experiment: str) -> dict:
    """The content of the file of an experiment."""
    return yaml.safe_load((ROOT / "configs" / "experiment" / f"{experiment}.yaml").read_text(encoding="utf-8"))


def arms(experiment: str) -> int:
    return len(settings(experiment)["design"])


def swept(experiment: str) -> int:
    """Combinations of the values that an experiment sweeps."""
    return prod(len(values) for values in settings(experiment)["sweep"].values())


def compared(experiment: str) -> int:
    return len(settings(experiment)["scenarios"])


def replicates(experiment: str) -> tuple:
    """Smallest and largest number of replicates, of which there is one if both are equal."""
    few = settings(experiment)["replicates"]
    return tuple(dict.fromkeys((few, settings(experiment).get("most_replicates", few))))


def nights(experiment: str) -> int:
    """Recorded nights and warm-up."""
    return settings(experiment)["nights"] + settings(experiment).get("warmup", 120)


def pythons() -> tuple[float, float]:
    """The oldest and the newest version of Python with which the package can be installed."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    low, beyond = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text).groups()
    return float(f"3.{low}"), float(f"3.{int(beyond) - 1}")


README = [  # words of the README, # for every number: what the numbers are
    ("Python #–#;", pythons),
    ("# scenarios × # to # paired years", lambda: (compared("centralisation"), *replicates("centralisation"))),
    ("| # figures as PDF and PNG", lambda: (len(captions_in(DOCS / "figures")),)),
    ("[# to # owners]", lambda: (min(owners()), max(owners()))),
    ("# [tutorials]", lambda: (len(list((DOCS / "tutorials").glob("*.py"))),)),
]
NO_COUNT = (  # phrases of the README whose numbers count nothing in the project
    "Documents of 2023–2025", "about five minutes on two cores", "six to seven minutes on two cores", "95 % intervals",
    "by one command more", "one row per", "runs one year", "Six panels", "differences of three scenarios",
    "another scenario", "RO-Crate 1.1", "two processes started on one folder", "in one printable file",
    "writes one table", "between two nights", "on one page", "one night", "is one file", "one folder",
    "Episodes of 2016 to 2023", "2021 to 2023", "CC BY 4.0", "ODD+2D", "Five minutes", "Two results of version 0.1.0",
    "under one organisation")


def owners() -> list[int]:
    return settings("concentration")["sweep"]["gangs.count"]


def value(text: str) -> float:
    return WORDS[text.lower()] if text.lower() in WORDS else float(text.replace(" ", ""))


def found(words: str, text: str) -> tuple:
    """The numbers of a phrase, in which # stands for a number; the phrase must be there."""
    pattern = r"\s+".join(re.escape(word).replace(r"\#", f"({NUMBER})") for word in words.split())
    match = re.search(pattern, text, flags=re.I)
    assert match, f"not found: {words}"
    return tuple(map(value, match.groups()))


def readme() -> str:
    """The README without its generated part, code, settings (`key=value`) and addresses of links."""
    text = MARKED.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|\S+=\S+", lambda match: "]" if match[0][0] == "]" else "", text,
                  flags=re.S)
    return " ".join(text.split())


@pytest.mark.parametrize("words, truth", README, ids=[words for words, _ in README])
def test_a_number_of_the_readme_is_what_it_counts(words, truth):
    assert found(words, readme()) == truth()


def test_no_other_number_stands_in_the_readme():
    """A new number must be generated, compared above with what it counts, or be named as one that counts nothing."""
    text = readme()
    for words, _ in README:
        text = re.sub(r"\s+".join(re.escape(word).replace(r"\#", f"(?:{NUMBER})") for word in words.split()), "", text,
                      flags=re.I)
    for phrase in NO_COUNT:
        text = text.replace(phrase, "")
    left = [text[max(0, m.start() - 30):m.end() + 20] for m in re.finditer(rf"(?<![\w-])(?:{NUMBER})(?![\w-])", text,
                                                                         flags=re.I)]
    assert not left


PLANS = [  # experiment, words of its README: what the numbers are
    ("branding", "# arms in # scenarios of # to # paired years", lambda x: (arms(x), compared(x), *replicates(x))),
    ("camps", "# arms in # scenarios of # to # paired years", lambda x: (arms(x), compared(x), *replicates(x))),
    ("pushbacks", "# arms in # scenarios of # to # paired years", lambda x: (arms(x), compared(x), *replicates(x))),
    ("protection", "# arms in # scenarios of # to # paired seasons", lambda x: (arms(x), compared(x), *replicates(x))),
    ("concentration", "# points of # to # paired years", lambda x: (swept(x), *replicates(x))),
    ("frontier", "# points of # to # paired years", lambda x: (swept(x), *replicates(x))),
    ("takeover", "# arms of # nights × # to # replicates", lambda x: (arms(x), nights(x), *replicates(x))),
    ("crackdown", "# points of # nights × # replicates",
     lambda x: (arms(x) * swept(x) * compared(x), nights(x), *replicates(x))),
    ("decomposition", "# combinations × # seeds of # nights",
     lambda x: (swept(x), *replicates(x), settings(x)["nights"])),
    ("decomposition_dossier", "# combinations × # seeds of # nights",
     lambda x: (swept(x), *replicates(x), settings(x)["nights"])),
    ("history", "# arms of # runs of # nights", lambda x: (compared(x), *replicates(x), days("history_registered"))),
    ("observation", "(# years,", replicates),
    ("emergence", "(# draws,", lambda x: (settings(x)["parameter_draws"]["count"],)),
    ("discriminate", "# groups of # worlds at drawn parameters and # at the defaults, # years",
     lambda x: (drawn(x)[0], compared(x), drawn(x)[1], sum(drawn(x)) * compared(x))),
    ("robustness", "# worlds, # seeds: # runs of # nights",
     lambda x: (arms(x), *replicates(x), arms(x) * compared(x) * replicates(x)[0], nights(x))),
    ("ablation", "# arms of # half-years each", lambda x: (ablated(), *replicates(x))),
    ("calibration", "# runs of # nights", lambda x: (settings(x)["parameter_draws"]["count"], nights(x))),
]


def days(scenario: str) -> int:
    return yaml.safe_load(files("scenario")[scenario].read_text(encoding="utf-8"))["nights"]


def drawn(experiment: str) -> tuple[int, int]:
    """Groups of worlds at drawn parameters and at the defaults."""
    design = settings(experiment)["design"]
    return design["drawn"], design["defaults"]


def ablated() -> int:
    """Arms of `ablation`: a row that names its scenario is an arm of it alone, any other one of every scenario."""
    rows = settings("ablation")["design"]
    return sum(1 if "scenario" in row else compared("ablation") for row in rows)


@pytest.mark.parametrize("experiment, words, truth", PLANS, ids=[experiment for experiment, *_ in PLANS])
def test_an_experiment_says_how_much_it_runs(experiment, words, truth):
    text = " ".join((ROOT / "experiments" / experiment / "README.md").read_text(encoding="utf-8").split())
    assert found(words, text) == truth(experiment)


def test_the_list_of_experiments_says_how_many_replicates_each_has():
    for experiment in studies():
        path = ROOT / "configs" / "experiment" / f"{experiment}.yaml"
        if not path.exists():
            continue
        line = path.read_text(encoding="utf-8").splitlines()[1]
        said = re.search(r"\((?:(\d+) to )?(\d+) paired", line)
        if said:
            few, most = replicates(experiment)[0], replicates(experiment)[-1]
            assert (int(said[1] or said[2]), int(said[2])) == (few, most), line


def numbers(text: str) -> set[str]:
    """All numbers of a text, without the gaps and lines between their digits."""
    return {re.sub(r"[ _]", "", number).rstrip(".") for number in re.findall(r"\d[\d _.]*\d|\d", text)}


@cache
def registered() -> set[str]:
    """The numbers of the registries and configurations."""
    files = [ROOT / "sim" / "registry" / name for name in REGISTRIES] + sorted((ROOT / "configs").glob("*/*.yaml"))
    return set().union(*(numbers(path.read_text(encoding="utf-8")) for path in files))


def typed(template) -> set[str]:
    """Decimals and numbers of three digits or more that were typed into a page and stand in no registry.

    Code, versions, years, addresses of links and whole lines of tables are left out.
    """
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"`[^`]*`|\{\{.*?\}\}|\]\([^)]*\)|version \S+|\b(19|20)\d\d\b|^\|.*$", "", text, flags=re.M)
    return {number for number in numbers(text) if len(re.sub(r"\D", "", number)) >= 3} - registered()


def digest(template) -> str:
    """Digest of the tables that a template quotes."""
    tables = {path for names in quoted(template) for path in tables_of(names)}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(tables))).hexdigest()[:12]


def older(template) -> bool:
    """Whether a template quotes tables that another version of the model made."""
    return any(version_of(name) != __version__ for names in quoted(template) for name in names.split("+"))


@pytest.mark.parametrize("page", templates())
def test_numbers_of_results_are_filled_in_or_belong_to_the_tables_of_an_older_version(page):
    template = templates()[page]
    left = typed(template) - set(OF_PAGES.get(page, {}))
    if not left:
        assert page not in TYPED, "no typed number is left: take the page out of TYPED"
        return
    assert older(template), f"fill these from tables (`{{{{value.NAME}}}}`) or say in OF_PAGES what they are: {left}"
    assert TYPED.get(page) == digest(template), f"the tables were renewed, the typed numbers were not: {left}"


def test_a_typed_number_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("In 2023 outlay was 123 457.8 EUR, `nights=98765`, {{value.a_76543}}.\n\n| 54321 |\n",
                    encoding="utf-8")
    assert typed(page) == {"123457.8"}
