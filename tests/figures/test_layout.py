"""Laws of every figure: letters that can be read and are apart, sample and reference inside, an alternative text."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from layout import drawn_texts, faults, outside, overlaps, silent_scales, too_small, wrong_width
from PIL import Image

from conftest import SMALL
from sim.command.job import compare
from sim.command.preflight import parse
from sim.figures import alternatives_in, captions_in, draw_all, write_figures
from sim.figures.harm import differs
from sim.figures.style import DOUBLE, footed, in_style, minus, new
from sim.findings import Figure
from sim.registry.configuration import compose_all
from sim.registry.files import read_rows
from sim.runs.plan import make_plan
from sim.studies import needs
from sim.studies.ablation import figures as ablation
from sim.studies.crackdown.figures import figures as crackdown
from sim.studies.crackdown.paths import ANSWER, paths_of
from sim.studies.crackdown.study import Paths
from sim.studies.decomposition import figures as decomposition
from sim.studies.decomposition.tables import numbers
from sim.studies.episodes import figures as episodes
from sim.studies.policies.figures import figures as policies
from sim.studies.policies.study import Compared

ROOT = Path(__file__).parents[2]
STORED = ROOT / "results" / "reference"


def of_policies(experiment) -> dict[str, Figure]:
    """Figures of an experiment with arms, from its stored table."""
    rows = read_rows(STORED / experiment / f"{experiment}.csv")
    return policies(Compared(experiment, rows, f"{rows[0]['n']} replicates a point"))


def of_decomposition(folder) -> dict[str, Figure]:
    """The figure of a decomposition, from its stored table."""
    rows = [numbers(row) for row in read_rows(STORED / folder / "shapley.csv")]
    sample = f"{rows[0]['n']} replicates a point"
    return {"shapley": Figure(lambda: decomposition.draw(rows), decomposition.caption(sample),
                              decomposition.basis(sample), decomposition.alternative(rows))}


class Drawn:
    """Nights as the study `crackdown` reads them: three replicates of any series, about 100 a night."""

    nights, replicates = np.arange(602), [0, 1, 2]

    def __call__(self, series, arm) -> np.ndarray:
        level = {"none": 100, "half_year_all": 30}.get(arm[-1], 80)
        return level + np.random.default_rng(len(series.name)).normal(0, 5, (3, 602)).cumsum(axis=1) / 20


def of_crackdown() -> dict[str, Figure]:
    """Figures of all paths of the experiment `crackdown`, in all of its worlds."""
    points = make_plan(parse(["+experiment=crackdown"]), needs).points
    worlds = list(dict.fromkeys(point.scenario for point in points))
    answers = list(dict.fromkeys(point.values[ANSWER] for point in points))
    return crackdown(Paths(Drawn(), 56, worlds, answers, paths_of(points), 1.0))


def drawn(figure: Figure):
    """A figure as it is saved."""
    return footed(figure.draw(), figure.basis)


@pytest.mark.parametrize("experiment", ["branding", "camps", "pushbacks", "protection"])
def test_texts_of_the_figures_of_arms_are_apart_and_can_be_read(experiment):
    with in_style():
        for name, figure in of_policies(experiment).items():
            assert not faults(drawn(figure)), name


def test_texts_of_the_figures_of_paths_are_apart_and_can_be_read():
    figures = of_crackdown()
    assert set(figures) == {"crackdown", "crackdown_windows", "crackdown_places"}
    with in_style():
        for name, figure in figures.items():
            assert not faults(drawn(figure)), name


@pytest.mark.parametrize("folder", ["decomposition", "decomposition_dossier"])
def test_texts_of_the_figure_of_levers_are_apart_and_can_be_read(folder):
    with in_style():
        for name, figure in of_decomposition(folder).items():
            assert not faults(drawn(figure)), name


@pytest.mark.parametrize("study, table", [(ablation, "ablation/ablation.csv"),
                                          (episodes, "episodes/episodes_months.csv")])
def test_texts_of_figures_of_rows_are_apart_and_fit_on_a_page(study, table):
    with in_style():
        assert not faults(footed(study.draw(read_rows(STORED / table)), "n: as many as there are. " * 8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small comparison of the four scenarios with its figures."""
    path = tmp_path_factory.mktemp("figures") / "one"
    assert compare([path], *compose_all([*SMALL, "nights=20", "warmup=5", "workers=1", "replicates=2",
                                         "+experiment=centralisation"])) == 0
    return path


@pytest.mark.long
def test_the_standard_figures_keep_the_laws(folder, monkeypatch):
    seen = {}
    monkeypatch.setattr("sim.figures.style.save",
                        lambda figure, path, text="": seen.update({path.name: faults(figure)}))
    draw_all(folder)
    assert len(seen) == 6 and not {name: found for name, found in seen.items() if found}


def test_every_saved_figure_has_a_caption_and_an_alternative_text(folder):
    figures = folder / "figures"
    names = {path.stem for path in figures.glob("*.png")}
    assert names == set(captions_in(figures)) == set(alternatives_in(figures)) and len(names) == 6
    for name, text in alternatives_in(figures).items():
        assert len(text) > 60 and text != captions_in(figures)[name]
        assert Image.open(figures / f"{name}.png").info["Description"] == text


def test_every_figure_of_a_study_is_given_its_sample_and_its_alternative_text():
    found = 0
    for path in (ROOT / "sim" / "studies").glob("*/figures.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Figure":
                found += 1
                both = len(node.args) == 4 or any(isinstance(each, ast.Starred) for each in node.args)
                assert both, f"{path.name} of {path.parent.name}, line {node.lineno}"
    assert found >= 20


def test_every_picture_of_the_documentation_has_an_alternative_text():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for text, file in re.findall(r"!\[(.*?)\]\((\S+)\)", page.read_text(encoding="utf-8")):
            assert len(text) >= 20 and Path(file).stem != text, f"{page.name}: {file} has the text {text!r}"


def test_a_figure_grows_by_its_foot_and_keeps_its_width(tmp_path):
    with in_style():
        figure, _ = new(DOUBLE, 50)
        before = figure.get_size_inches().copy()
        footed(figure, "n: 4 replicates. " * 20)
        after = figure.get_size_inches()
    assert after[0] == before[0] and after[1] > before[1] and not outside(figure, drawn_texts(figure))
    write_figures({"x": Figure(lambda: new(DOUBLE, 50)[0], "A caption.", "n: 1.", "A frame without lines.")}, tmp_path)
    assert alternatives_in(tmp_path / "figures") == {"x": "A frame without lines."}


def test_the_laws_find_what_breaks_them():
    with in_style():
        figure, axes = new(DOUBLE, 50)
        axes[0, 0].text(0.5, 0.5, "one upon")
        axes[0, 0].text(0.5, 0.5, "the other")
        axes[0, 0].text(0.1, 0.1, "tiny", fontsize=4)
        axes[0, 0].annotate("beyond", (3, 3), xycoords="axes fraction", annotation_clip=False).set_in_layout(False)
        axes[0, 0].set_xscale("log")
        texts = drawn_texts(figure)
        assert any("one upon" in each for each in overlaps(figure, texts)) and len(too_small(figure, texts)) == 1
        assert outside(figure, texts) and silent_scales(figure) and not wrong_width(figure)
        figure.set_size_inches(5, 3)
        assert wrong_width(figure)


@pytest.mark.parametrize("text, shown", [("-2", "−2"), ("-0", "0"), ("+0", "0"), ("+4", "+4"), ("-0.1", "−0.1")])
def test_a_number_has_a_true_minus_and_zero_has_no_sign(text, shown):
    assert minus(text) == shown


def test_a_mark_is_open_where_the_paired_difference_may_be_zero():
    assert differs(np.array([1.0, 1.1, 0.9, 1.0])) and not differs(np.array([-1.0, 1.1, 0.2, -0.3]))
    assert not differs(np.array([3.0]))
