"""The report: one whole file, safe, offline, the same bytes for the same folder."""

import base64
import json
import re
import shutil
from html.parser import HTMLParser

import pyarrow.parquet as pq
import pytest
import yaml

from conftest import SMALL
from sim.__main__ import main
from sim.command.job import compare
from sim.figures import alternatives_in
from sim.findings.text import unmarked
from sim.registry import LABEL
from sim.registry.config_files import names
from sim.registry.configuration import compose_all
from sim.registry.outcomes import outcomes, primary
from sim.report.comparison import found as of_folder
from sim.report.comparison import write_report
from sim.statistics.summary import summarise, write_summary

TINY = [*SMALL, "nights=8", "warmup=5", "workers=1"]
VOID = ("meta", "img", "link", "br", "hr")


class Page(HTMLParser):
    """Checks that every element is closed in order, and keeps tags, attributes and text."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(page)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


def carry_out(path, *overrides):
    assert compare([path], *compose_all([*TINY, *overrides])) == 0
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A finished comparison of four scenarios."""
    return carry_out(tmp_path_factory.mktemp("report") / "one", "+experiment=centralisation", "replicates=3")


@pytest.fixture(scope="module")
def page(compared):
    return Page((compared / "report.html").read_text(encoding="utf-8"))


@pytest.fixture()
def copy(compared, tmp_path):
    """A folder of one's own to change."""
    return shutil.copytree(compared, tmp_path / "copy")


def write(folder):
    """The report of a folder written anew, read back."""
    reference = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))["reference"]
    write_summary(summarise(pq.read_table(folder / "runs.parquet"), reference), folder / "summary.csv")
    return Page(write_report(folder).read_text(encoding="utf-8"))


def test_it_needs_nothing_from_outside(page, compared):
    for tag, attrs in page.tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "base", "form")
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("src", "href"):
            assert attrs.get(name, "data:").startswith(("data:", "#")), attrs
    style = re.search(r"<style>(.*?)</style>", (compared / "report.html").read_text(encoding="utf-8"), flags=re.S)
    assert "url(" not in style.group(1) and "@import" not in style.group(1)


def test_every_figure_is_inside_with_its_caption(page, compared):
    files = sorted((compared / "figures").glob("*.png"))
    pictures = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(files) == 6
    assert [attrs["alt"] for attrs in pictures] == list(alternatives_in(compared / "figures").values())
    inside = [base64.b64decode(attrs["src"].removeprefix("data:image/png;base64,")) for attrs in pictures]
    assert inside == [file.read_bytes() for file in files]
    for k in range(1, 7):
        assert f"Figure {k}." in page.text
    captions = re.findall(r"Figure \d\..*?no estimate", page.text)
    assert all("replicate" in c and re.search(r"interval|% band", c) for c in captions) and len(captions) == 6


def test_it_has_contents_and_begins_with_the_answer(page):
    ids = [attrs["id"] for tag, attrs in page.tags if "id" in attrs]
    links = [attrs["href"].removeprefix("#") for tag, attrs in page.tags if tag == "a"]
    assert len(ids) == len(set(ids)) and set(links) <= set(ids)
    sections = ["answer", "question", "design", "results", "figures", "assumed", "reproduce", "rows"]
    assert links[:len(sections)] == sections == [name for name in ids if name in sections]
    assert page.text.index("The answer: fragmented, and the change from it") < page.text.index("Experiment centralis")


def test_a_number_leads_to_its_row_of_the_table(page, compared):
    lines = (compared / "summary.csv").read_text(encoding="utf-8").splitlines()
    cells = [attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("class") == "number"]
    assert "#row-outlay_per_arrival-centralised" in cells and len(cells) > 50
    line = next(k for k, text in enumerate(lines, 1) if ",outlay_per_arrival," in text and ",centralised," in text)
    assert f"{line}outlay_per_arrivalcentralised3" in page.text


def test_it_says_in_words_how_precise_it_is(page):
    assert "Not yet precise enough: " in page.text and "replicates (" in page.text and "3 were run" in page.text
    assert page.text.index("Not yet precise enough") < page.text.index("Experiment centralisation")
    assert "too wide" in page.text


def test_it_says_what_it_is_asked_done_found_and_assumed(page, compared):
    assert page.text.count(LABEL) >= 2
    assert names("experiment")["centralisation"] in page.text
    for scenario in ("fragmented", "status_quo", "dossier", "centralised"):
        assert names("scenario")[scenario] in page.text
    for key in ("gangs.large_share", "organisation.levers.joint_pricing", "organisation.affine", "nights", "scale"):
        assert key in page.text
    for name in primary():
        assert outcomes()[name].label in page.text
    manifest = json.loads((compared / "manifest.json").read_text())
    for said in (manifest["command"], manifest["version"], manifest["configuration_hash"], manifest["model"],
                 f"numpy {manifest['libraries']['numpy']}", "docs/parameters.md", "assumed", "contested"):
        assert said in page.text
    marked = [attrs["class"].split()[-1] for tag, attrs in page.tags if tag == "span"]
    assert len(marked) >= 12 and set(marked) <= {"different", "equivalent", "undecided", "verdict"}


def test_it_shows_every_table_of_the_comparison_and_every_remark(page, compared):
    found = of_folder(compared)
    text = page.text.replace("−", "-").replace("\u00a0", " ")
    assert {"means", "differences", "relative", "precision", "breakups", "premises"} <= set(found.tables)
    for table in found.tables.values():
        assert table.title in text
        for cell in (cell for row in table.rows for cell in row):
            assert unmarked(str(cell)) in text
    assert all(unmarked(remark) in text for remark in found.remarks)


def test_signs_are_graded_before_anything_else(page):
    assert "premise" in page.text and "can go either way" in page.text and "default ranges" in page.text
    assert page.text.index("a premise of the model") < page.text.index("Experiment centralisation")
    assert page.text.index("The organisation stays whole") < page.text.index("Break-ups of the organisation")
    assert page.text.index("Break-ups of the organisation") < page.text.index("Grade of each headline")
    assert page.text.count("The organisation stays whole") == 1


@pytest.mark.long
def test_other_comparisons_borrow_no_grade(copy):
    config = yaml.safe_load((copy / "config.yaml").read_text(encoding="utf-8"))
    config["reference"] = "status_quo"
    (copy / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    text = write(copy).text
    assert "has not been computed for this comparison" in text and "Grade of each headline" not in text


def test_the_same_folder_gives_the_same_bytes(compared, copy, capsys):
    expected = (compared / "report.html").read_bytes()
    (copy / "report.html").unlink()
    assert main(["report", str(copy)]) == 0 and (copy / "report.html").read_bytes() == expected
    assert "report.html" in capsys.readouterr().out
    assert main(["report", str(copy / "figures")]) == 2


@pytest.mark.long
def test_everything_is_escaped(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    nasty = "<script>alert('&')</script>\"$x"
    manifest |= {"command": nasty, "commit": nasty, "platform": nasty}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    captions = copy / "figures" / "captions.md"
    captions.write_text(captions.read_text().replace("The lines show", f"{nasty} The lines show", 1))
    assert nasty in captions.read_text()
    config = yaml.safe_load((copy / "config.yaml").read_text(encoding="utf-8")) | {"study": nasty}
    (copy / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    read = write(copy)
    assert read.text.count(nasty) >= 5 and "script" not in {tag for tag, _ in read.tags}


def test_missing_runs_are_told(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["replicates"]["dossier"] = 5
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert "Incomplete: 12 of 14 runs" in write(copy).text


def test_a_folder_without_figures_has_a_report(copy):
    shutil.rmtree(copy / "figures")
    assert "Figure 1" not in write(copy).text


@pytest.mark.long
def test_a_single_run_is_told_without_comparison(tmp_path):
    folder = carry_out(tmp_path / "single", "scenario=camp_closures", "police.patrols=40")
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert page.words[0].strip() or page.text.startswith("Camp closures")
    for said in ("A single run has no interval", "nothing is compared", "police.patrols", "C01 2022-01-01", LABEL):
        assert said in page.text
    assert "Holm" not in page.text and len([1 for tag, _ in page.tags if tag == "img"]) >= 4


@pytest.mark.long
def test_many_scenarios_are_listed_one_below_the_other(tmp_path):
    many = "[status_quo,camp_closures,crackdown,protection,pushback_end,branding]"
    folder = carry_out(tmp_path / "many", f"scenarios={many}", "replicates=2", "study=policies")
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert "in the reference" in page.text and "police.pushback_share" in page.text and "Policies" in page.text
