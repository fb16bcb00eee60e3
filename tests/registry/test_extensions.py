"""What other packages add: the page that tells how is done to the letter; what is wrong is one line."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.command.conformance import check_rule
from sim.command.rule_laws import CONSERVED, DEFINED, KEYED, OWN_DRAWS, RESUMED, SAME_SEED, STANDS, LawBroken
from sim.findings.text import number
from sim.registry.errors import ConfigurationError
from sim.rules.price import best_response

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")


class Workshop:
    """A folder with the page's files, and a shell in which its package can be installed without a network."""

    def __init__(self, folder):
        self.folder, site = folder, folder / "site"
        for part in ("sim", "experiments", "configs", "docs", "results/reference"):  # a checkout, for the experiment
            shutil.copytree(ROOT / part, folder / "border-market-sim" / part,
                            ignore=shutil.ignore_patterns("__pycache__", "*.png", "*.pdf"))
        for name, text in re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', PAGE, flags=re.S):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.environment = os.environ | {
            "PYTHONPATH": f"{site}:{ROOT}", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PIP_TARGET": str(site), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"}

    def run(self, line):
        return subprocess.run(line, shell=True, executable="/bin/bash", cwd=self.folder, env=self.environment,
                              capture_output=True, text=True)

    def latest(self):
        manifests = (self.folder / "results").glob("*/*/manifest.json")
        return max(manifests, key=lambda path: path.stat().st_mtime_ns).parent.resolve()


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """Every command of the page, in order; what it printed and the newest results after it, by command."""
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    workshop.done = {}
    for line in "".join(re.findall(r"```sh\n(.*?)```", PAGE, flags=re.S)).splitlines():
        ended = workshop.run(line)
        assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
        workshop.done[line] = (ended.stdout, workshop.latest() if "-m sim " in line else None)
    return workshop


def of(workshop, word):
    return next(done for line, done in workshop.done.items() if word in line)


def extensions_of(folder):
    return [(e["kind"], e["name"], e["package"], e["version"])
            for e in json.loads((folder / "manifest.json").read_text())["extensions"]]


FULL_COST = ("rules", "price.full_cost", "my-extension", "0.1")


@pytest.mark.long
def test_the_rule_of_the_page_is_tested_used_and_recorded(workshop):
    assert "1 passed" in of(workshop, "pytest")[0]
    sweep = of(workshop, "-m rules.price=")[1]
    table = pq.read_table(sweep / "runs.parquet").to_pylist()
    ours, theirs = ([r["price_mean"] for r in table if r["rules.price"] == rule]
                    for rule in ("best_response", "full_cost"))
    assert len(ours) == len(theirs) == 2 and ours != theirs
    assert extensions_of(sweep) == [FULL_COST]


@pytest.mark.long
def test_the_scenarios_of_the_page_are_played(workshop):
    for other in ("few_patrols", "long_winter"):
        runs = pq.read_table(of(workshop, f"status_quo,{other}")[1] / "runs.parquet")
        assert runs["scenario"].to_pylist() == ["status_quo", other]
    for words, name in (("--help", "long_winter"), ("--help 'hydra.searchpath=[my_scenarios]'", "few_patrols")):
        assert f"  {name}" in workshop.run(f"python -m sim {words}").stdout


@pytest.mark.long
def test_the_outcome_of_the_page_is_a_column(workshop):
    folder = of(workshop, "outcomes=")[1]
    runs, nights = pq.read_table(folder / "runs.parquet"), pq.read_table(folder / "nights.parquet").to_pandas()
    assert runs["price_spread"].to_pylist() == pytest.approx(
        (nights.price_p90 - nights.price_p10).groupby(nights.scenario, sort=False).mean().tolist())
    assert "price_spread" in (folder / "summary.csv").read_text()
    assert extensions_of(folder) == [("outcomes", "price_spread", "my-extension", "0.1"), FULL_COST]


@pytest.mark.long
def test_the_experiment_of_the_page_touches_four_places(workshop):
    """Its page holds the table of its run and what it quotes, and no other file of the checkout is new or changed."""
    checkout = workshop.folder / "border-market-sim"
    (stored,) = (checkout / "results/reference/patrol_price").glob("*.csv")
    page = (checkout / "docs/patrol_price.md").read_text(encoding="utf-8")
    for row in csv.DictReader(stored.open(encoding="utf-8")):
        assert f"| {row['patrols']} | {number(float(row['mean']), 0)} ± " in page
    with (ROOT / "results/reference/centralisation/summary.csv").open(encoding="utf-8") as summary:
        price = next(float(row["mean"]) for row in csv.DictReader(summary)
                     if (row["outcome"], row["scenario"]) == ("price_mean", "fragmented"))
    assert f"the mean price is {number(price, 0)} EUR" in page
    assert "means over 2 replicates" in page and "{{" not in page
    report = (checkout / "results/paper/patrol_price/report.html").read_text(encoding="utf-8")
    assert "Mean price of a crossing." in report and "at 40 and at 160 patrols" in report
    places = ("configs/experiment/patrol_price.yaml", "sim/studies/patrol_price/", "experiments/patrol_price/",
              "results/reference/patrol_price/", "docs/patrol_price.md", "results/paper/")
    for path in (p for p in checkout.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        place = path.relative_to(checkout).as_posix()
        assert place.startswith(places) or path.read_bytes() == (ROOT / place).read_bytes(), place


def test_a_study_of_another_package_is_found_by_its_entry_point(tmp_path):
    info = tmp_path / "mine-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[border_market_sim.studies]\nmine = mine:STUDY\nodd = json:loads\n")
    (tmp_path / "mine.py").write_text("from sim.studies import Study\nSTUDY = Study(str, dict, dict)\n")
    code = "import sys; from sim.studies import load; print(load(sys.argv[1]))"
    mine, odd = (subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, cwd=tmp_path,
                                env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"}) for name in ("mine", "odd"))
    assert mine.stdout.startswith("Study(read=<class 'str'>"), mine.stderr
    assert "package mine: study `odd`: must be a sim.studies.Study" in odd.stderr


@pytest.mark.long
def test_a_study_of_another_package_is_recorded_and_changes_no_identity(tmp_path):
    info = tmp_path / "mine-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[border_market_sim.studies]\nmine = mine:STUDY\n")
    (tmp_path / "mine.py").write_text("from sim.findings import Findings\nfrom sim.studies import Study\n"
                                      "STUDY = Study(str, lambda folder: {}, lambda rows: Findings({}))\n")
    manifests = []
    for analysis in ("mine", "null"):
        words = ["police.patrols=20,40", f"analysis={analysis}", "scale=0.02", "nights=2", "warmup=0", "replicates=1",
                 "workers=1", f"hydra.sweep.dir={tmp_path / analysis}"]
        ended = subprocess.run([sys.executable, "-m", "sim", "-m", *words], capture_output=True, text=True,
                               cwd=tmp_path, env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"})
        assert ended.returncode == 0, ended.stderr
        manifests.append(json.loads((tmp_path / analysis / "manifest.json").read_text()))
    with_study, without = manifests
    assert extensions_of(tmp_path / "mine") == [("studies", "mine", "mine", "1.2")] and not without["extensions"]
    assert len(with_study["extensions"][0]["code"]) == 16 and with_study["model"] == without["model"]


@pytest.mark.long
def test_outside_names_stand_in_help_and_in_messages(workshop):
    shown = workshop.run("python -m sim --help").stdout
    assert "rules.price=full_cost" in shown and "package my-extension 0.1" in shown
    for word, said in (("rules.price=full_cos", "did you mean `full_cost`"), ("rules.price=x", ", full_cost"),
                       ("outcomes=[price_spred]", "must be an outcome of an installed package (price_spread)"),
                       ("'hydra.searchpath=[nowhere]'", "no folder nowhere")):
        ended = workshop.run(f"python -m sim {word}")
        assert ended.returncode == 2 and said in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr


@pytest.mark.long
def test_an_installed_package_that_is_not_named_changes_nothing(workshop):
    digest = "from sim import configure; from sim.identity import identity; print(identity(configure({})))"
    words = '"status_quo", ["rules.price=full_cost"]'
    before, with_rule = (workshop.run(f"python -c '{digest.format(given)}'") for given in ("", words))
    assert before.stdout == subprocess.run([sys.executable, "-c", digest.format("")], capture_output=True, text=True,
                                           env=workshop.environment | {"PYTHONPATH": str(ROOT)}).stdout
    rule = workshop.folder / "site" / "my_extension" / "outcome.py"  # any file of the package counts
    rule.write_text(rule.read_text() + "\n")
    after = workshop.run(f"python -c '{digest.format(words)}'")
    assert len({before.stdout, with_rule.stdout, after.stdout}) == 3


@pytest.mark.parametrize("group, entry, word, said", [
    ("rules", '"pryce.x" = "json:loads"', "", "one of arrivals, shelter, price"),
    ("rules", '"price.best_response" = "json:loads"', "", "the model has a rule of that name"),
    ("rules", '"price.broken" = "no_such_module:rule"', "rules.price=broken", "cannot be loaded: ModuleNotFoundError"),
    ("outcomes", 'price_mean = "json:loads"', "outcomes=[price_mean]", "the model has an outcome of that name"),
    ("outcomes", 'odd = "json:loads"', "outcomes=[odd]", "must be a sim.registry.outcomes.OutcomeEntry"),
    ("configs", 'odd = "no_such_module"', "", "cannot be found"),
    ("studies", 'frontier = "json:loads"', "analysis=frontier", "the project has a study of that name"),
    ("studies", 'odd = "json:loads"', "analysis=odd", "must be a sim.studies.Study"),
    ("studies", 'broken = "no_such_module:STUDY"', "analysis=broken", "cannot be loaded: ModuleNotFoundError"),
    ("studies", 'wrong = "json:loads"', "analysis=wrng", "no such study, did you mean `wrong`"),
])
def test_what_is_wrong_with_a_package_is_one_line(tmp_path, group, entry, word, said):
    info = tmp_path / "wrong-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wrong\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[border_market_sim.{group}]\n{entry}\n".replace('"', ""))
    ended = subprocess.run([sys.executable, "-m", "sim", *word.split()], capture_output=True, text=True, cwd=tmp_path,
                           env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    assert ended.returncode == 2 and said in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr
    assert "wrong" in ended.stderr


# a study of another package ----------------------------------------------------------------------------------------
STUDY = """
import pyarrow.parquet as pq
from sim.findings import Figure, Findings, Number, Table
from sim.studies import Study


def read(folder):
    return pq.read_table(folder / "runs.parquet").to_pylist()


def rows(runs):
    return {"arrivals": [{"patrols": run["police.patrols"], "arrived": run["arrivals"]} for run in runs]}


def present(rows):
    lines = [[row["patrols"], Number(float(row["arrived"]))] for row in rows["arrivals"]]
    return Findings({"arrivals": Table("Arrivals by patrols", ["patrols", "arrived"], lines)}, ("Nobody is left out.",))


def figures(runs):
    def draw():
        from matplotlib.figure import Figure as Canvas

        canvas = Canvas(layout="constrained")
        canvas.subplots().plot([run["arrivals"] for run in runs])
        return canvas

    return {"arrived": Figure(draw, "Arrivals of each run.")}


STUDY = Study(read, rows, present, figures)
"""
EXPERIMENT = """# @package _global_
# ours: arrivals by patrols
study: ours
scenarios: [status_quo]
analysis: my_study
sweep: {police.patrols: [20, 40]}
"""


@pytest.fixture
def outside(tmp_path):
    """An installed package with an experiment that ends with a study of its own."""
    info, package = tmp_path / "outside-1.dist-info", tmp_path / "outside"
    for folder in (info, package, package / "experiment"):
        folder.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[border_market_sim.studies]\nmy_study = outside.study:STUDY\n"
                                           "[border_market_sim.configs]\noutside = outside\n")
    (package / "__init__.py").write_text("")
    (package / "study.py").write_text(STUDY)
    (package / "experiment" / "ours.yaml").write_text(EXPERIMENT)
    return tmp_path


@pytest.mark.long
def test_an_experiment_of_another_package_ends_with_its_own_study(outside):
    environment = os.environ | {"PYTHONPATH": f"{outside}:{ROOT}"}
    command = [sys.executable, "-m", "sim", "+experiment=ours", "scale=0.05", "nights=20", "warmup=3", "replicates=1",
               "hydra.sweep.dir=run"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=outside, env=environment)
    assert ended.returncode == 0, ended.stderr
    table = (outside / "run" / "arrivals.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "patrols,arrived" and [float(line.split(",")[0]) for line in table[1:]] == [20, 40]
    assert "Arrivals by patrols" in ended.stdout and "Nobody is left out." in ended.stdout
    assert (outside / "run" / "figures" / "arrived.png").exists()
    assert "Arrivals by patrols" in (outside / "run" / "report.html").read_text(encoding="utf-8")
    shown = subprocess.run([sys.executable, "-m", "sim", "--help"], capture_output=True, text=True, env=environment)
    assert "analysis=my_study" in shown.stdout and "  ours " in shown.stdout


# rules that break a law (prices are reviewed on the nights -7, 0 and 7) --------------------------------------------
def makes_money(world):
    best_response(world)
    world.groups.treasury += 100


def undefined(world):
    world.groups.price = world.groups.price * np.where(world.t >= 3, np.nan, 1)


def global_numpy(world):
    world.groups.price = world.groups.price * (1 + 0.01 * np.random.rand())


def own_generator(world):
    np.random.default_rng(3).random()


def shared(world):
    world.draws.uniform("cash", world.t, [1])


def twice(world):
    world.draws.uniform("mine", 0, world.groups.id)


def needs_people(world):
    best_response(world)
    world.people.cash[0] += 0


def asserts(world):
    assert world.t < 0, "only for warm-ups"


memory = []


def remembers(world):
    memory.append(world.t)
    world.groups.price = world.groups.price + 0.01 * len(memory)


class Counter:
    """Begins anew in every market, so that the same seed gives the same bytes; a pause still breaks it."""

    def __init__(self):
        self.calls = 0

    def __call__(self, world):
        self.calls = 1 if world.t < 0 else self.calls + 1
        world.groups.price = world.groups.price + 0.01 * self.calls


@pytest.mark.parametrize("rule, law, where", [
    (makes_money, CONSERVED, "status_quo, night -7 (warm-up): groups: "),
    (undefined, DEFINED, "night 7: price of groups"),
    (global_numpy, KEYED, "global generator"), (own_generator, KEYED, "makes a generator"),
    (shared, OWN_DRAWS, "'cash'"), (twice, OWN_DRAWS, "'mine' is used twice"),
    (needs_people, STANDS, "nobody arrives, night -7 (warm-up): IndexError"),
    (asserts, STANDS, "night 0: AssertionError: only"), (remembers, SAME_SEED, "night -7"),
    (Counter(), RESUMED, "night 0"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_every_law_is_noticed_where_it_breaks(rule, law, where):
    scenarios = () if law == STANDS and rule is needs_people else ("status_quo",)
    with pytest.raises(LawBroken) as broken:
        check_rule("price", rule, scenarios)
    assert str(broken.value).startswith(f"price breaks a law: {law}. ") and where in str(broken.value)


def test_a_rule_of_the_model_conforms_and_an_unknown_one_is_named():
    report = check_rule("decoys.costly", scenarios=("dossier",))
    assert report.nights == 25 and 0 < report.rule_ms < report.night_ms and "keeps every law" in str(report)
    for name, said in (("prise.x", "must be one of arrivals"), ("price.x", "one of best_response")):
        with pytest.raises(ConfigurationError, match=said):
            check_rule(name)
