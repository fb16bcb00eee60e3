"""The documentation: builds strictly, works without a network, and what it tells to do works."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import needed
from experiments import diagrams
from sim.night import ALTERNATIVES

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site."""
    needed("material")
    folder = tmp_path_factory.mktemp("site")
    ended = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)], cwd=ROOT,
                           env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


class Links(HTMLParser):
    """Targets of links, of what a page loads, and the anchors it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        elif tag in ("link", "script", "img", "iframe", "source"):
            self.loads += [found[name] for name in ("href", "src") if found.get(name)]


def test_no_page_loads_anything_from_a_network(site):
    for path in site.rglob("*.html"):
        away = [place for place in Links(path).loads if re.match(r"(https?:)?//", place)]
        assert not away, f"{path.name}: {away}"
    for path in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_every_link_inside_leads_to_a_page_and_an_anchor(site):
    pages = {path.relative_to(site).as_posix(): Links(path) for path in site.rglob("*.html") if path.name != "404.html"}
    for name, page in pages.items():
        for target in page.links + page.loads:
            place, _, anchor = target.partition("#")
            if ":" in place:
                continue
            path = os.path.normpath(os.path.join(os.path.dirname(name), place)) if place else name
            path = "index.html" if path == "." else path
            assert (site / path).exists(), f"{name}: {target}"
            if anchor and path in pages and anchor != "__skip":
                assert anchor in pages[path].anchors, f"{name}: {target}"


def test_every_page_is_in_the_site(site):
    built = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    docs = ROOT / "docs"
    pages = {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")} - {"figures/captions"}
    assert pages | {"contributing", "changelog"} <= built


def test_tutorials_are_pages_scripts_and_notebooks(site):
    for script in (ROOT / "docs" / "tutorials").glob("*.py"):
        assert {".html", ".py", ".ipynb"} == {path.suffix for path in site.glob(f"tutorials/{script.stem}.*")}


def test_the_search_needs_no_server(site):
    """Pages opened from disk may not fetch an index, so it is a script, and workers are frames."""
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert index.startswith("var __index = ") and "howto/repeat_a_run.html" in index
    assert "site/iframe-worker.js" in Links(site / "index.html").loads


def test_the_gallery_shows_every_figure_of_the_pages(site):
    shown = Links(site / "gallery.html").loads
    for page in (ROOT / "docs").glob("*.md"):
        for name in re.findall(r"\]\((figures/[^)]+\.png)\)", page.read_text(encoding="utf-8")):
            assert name in shown or not (ROOT / "docs" / name).exists(), f"{page.name}: {name}"


def test_the_reference_documents_the_interface(site):
    page = (site / "api.html").read_text(encoding="utf-8")
    for name in ("sim.interface.market.Market", "sim.interface.study.compare", "sim.interface.study.sweep"):
        assert f'id="{name}"' in page
    assert "<strong>replicate</strong>" in page, "arguments are a list"


def test_five_minutes_as_told(tmp_path):
    page = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for line in "".join(re.findall(r"```sh\n(.*?)```", page, flags=re.S)).splitlines():
        ended = subprocess.run(line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, f"{line}\n{ended.stderr}"
    (block,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    exec(compile(block, "start.md", "exec"), {})
    assert (tmp_path / "results/single/latest/runs.parquet").exists()


def test_diagrams_show_every_rule_and_every_import_runs_down():
    drawn = {name.split(".")[0] for _, _, calls in diagrams.stages() for name, replaceable in calls if replaceable}
    assert drawn == set(ALTERNATIVES)
    place = {part: k for k, row in enumerate(diagrams.levels()) for part in row}
    for part, names in diagrams.dependencies().items():
        assert all(place[name] < place[part] for name in names), part
    drawn = diagrams.modules()
    assert all(f">{room.name}{'/' if room.files else '.py'}<" in drawn for room in diagrams.rooms().values())


def test_both_licences_are_there():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY 4.0" in (ROOT / "docs" / "LICENSE").read_text(encoding="utf-8")
