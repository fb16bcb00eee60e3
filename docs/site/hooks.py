"""MkDocs hooks: what joins the site from elsewhere, its gallery of figures, and what becomes of links.

Pages of the top folder join the site; scripts of docs/tutorials become pages and notebooks; pages that no list names
are results; pages of docs/howto stand in the list of the how-to pages; links out of docs/ become words.
"""

import json
import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

TOP = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}  # file of the top folder: page of the site
RESULTS, HOWTO = "Experiments and results", "How to"
FIGURE = re.compile(r"!\[([^\]]*)\]\((figures/[^)]+\.png)\)")
CELL = re.compile(r"^# %%(.*)$", flags=re.M)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def on_config(config):
    """Pages that no list names are results; how-to pages have a list of their own, in the order of their index."""
    docs = Path(config.docs_dir)
    listed = set(re.findall(r"[\w/]+\.md", str(config.nav)))
    pages = sorted(path.name for path in docs.glob("*.md") if path.name not in listed)
    next(item for item in config.nav if RESULTS in item)[RESULTS].extend(pages)
    index = (docs / "howto" / "index.md").read_text(encoding="utf-8")
    next(item for item in config.nav if HOWTO in item)[HOWTO].extend(
        f"howto/{name}" for name in re.findall(r"^- \[[^\]]+\]\(([\w-]+\.md)\)", index, flags=re.M))
    return config


def on_files(files, config):
    """Add the pages of the top folder, a page and a notebook for each tutorial, and the gallery."""
    docs = Path(config.docs_dir)
    for name, page in TOP.items():
        files.append(File.generated(config, page, content=(docs.parent / name).read_text(encoding="utf-8")))
    for script in sorted((docs / "tutorials").glob("*.py")):
        cells = cells_of(script.read_text(encoding="utf-8"))
        for suffix, content in (("md", page_of(cells, script.stem)), ("ipynb", notebook_of(cells))):
            files.append(File.generated(config, f"tutorials/{script.stem}.{suffix}", content=content))
    files.append(File.generated(config, "gallery.md", content=gallery(docs)))
    return files


# gallery --------------------------------------------------------------------------------------------------------------
def gallery(docs: Path) -> str:
    """A page with the figures of all pages of results, each with its alternative text and a link to its page."""
    lines = ["# Gallery", "", "All figures of the pages of results, each with what it shows. Click on one for its "
             "page, which says which version made it and on how many runs it rests. Results are simulated under stated "
             "assumptions and are no estimate for any place, group or person."]
    for page in sorted(docs.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        figures = [(alternative, name) for alternative, name in FIGURE.findall(text) if (docs / name).exists()]
        if figures and page.name != "index.md":
            lines += ["", f"## {text.splitlines()[0].removeprefix('# ')}", ""]
            lines += [f"[![{alternative}]({name}){{ width=300 }}]({page.name})\n*{alternative}*{{ .shown }}\n"
                      for alternative, name in figures]
    return "\n".join(lines) + "\n"


# tutorials ----------------------------------------------------------------------------------------------------------
def cells_of(script: str) -> list[tuple[str, str]]:
    """Cells of a script in the percent format: ("markdown" or "code", text)."""
    _, *parts = CELL.split(script)
    kinds = ["markdown" if "[markdown]" in head else "code" for head in parts[::2]]
    texts = [part.strip("\n") for part in parts[1::2]]
    return [(kind, re.sub(r"^# ?", "", text, flags=re.M) if kind == "markdown" else text)
            for kind, text in zip(kinds, texts)]


def page_of(cells: list[tuple[str, str]], name: str) -> str:
    """A tutorial as a Markdown page, which begins with its title."""
    title, rest = cells[0][1].partition("\n")[::2]
    get = f"This page as a [script]({name}.py) or a [notebook]({name}.ipynb)."
    body = [text if kind == "markdown" else f"```python\n{text}\n```" for kind, text in cells[1:]]
    return "\n\n".join([title, get, rest.strip(), *body]) + "\n"


def notebook_of(cells: list[tuple[str, str]]) -> str:
    """A tutorial as a Jupyter notebook without outputs (format 4.5)."""
    def cell(number, kind, text):
        more = {"outputs": [], "execution_count": None} if kind == "code" else {}
        return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(True), **more}

    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": [cell(number, *each) for number, each in enumerate(cells)], "metadata": kernel,
                       "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


# links ----------------------------------------------------------------------------------------------------------------
def on_page_markdown(markdown, page, config, files):
    """Links to files outside docs/ become their words: the site has no copy of them."""
    place = page.file.src_path
    from_top = place in TOP.values()
    folder = "" if from_top else posixpath.join("docs", posixpath.dirname(place))

    def link(match):
        words, target, anchor = match[1], posixpath.normpath(posixpath.join(folder, match[2])), match[3] or ""
        if target in TOP:
            return f"[{words}]({posixpath.relpath(TOP[target], posixpath.dirname(place) or '.')}{anchor})"
        if not target.startswith("docs/"):
            return words
        inside = target.removeprefix("docs/")
        if inside.startswith("tutorials/") and inside.endswith(".py") and place.split("/")[0] != "tutorials":
            inside = inside.removesuffix(".py") + ".md"  # readers of the site want the page
        return f"[{words}]({posixpath.relpath(inside, posixpath.dirname(place) or '.')}{anchor})"

    return LINK.sub(link, markdown)
