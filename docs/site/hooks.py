"""MkDocs hooks: pages of the top folder join the site, pages in no list the results; links out of docs/ are words."""

import re
from pathlib import Path

from mkdocs.structure.files import File

TOP = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}  # file of the top folder: page of the site
RESULTS = "Experiments and results"


def on_config(config):
    """Pages that no list names are results."""
    listed = set(re.findall(r"[\w/]+\.md", str(config.nav)))
    pages = sorted(path.name for path in Path(config.docs_dir).glob("*.md") if path.name not in listed)
    next(item for item in config.nav if RESULTS in item)[RESULTS].extend(pages)
    return config


def on_files(files, config):
    """Add the pages of the top folder."""
    top = Path(config.docs_dir).parent
    for name, page in TOP.items():
        files.append(File.generated(config, page, content=(top / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown, page, config, files):
    """Links to files outside docs/ become their words: the site has no copy of them."""
    def link(match):
        words, target = match.groups()
        from_top = page.file.src_path in TOP.values()
        name = target if from_top else target.removeprefix("../")
        if name in TOP:
            return f"[{words}]({TOP[name]})"
        return f"[{words}]({target.removeprefix('docs/')})" if from_top and target.startswith("docs/") else words

    outside = r"(?<!!)\[([^\]]+)\]\(((?:\.\./|docs/|sim/|tests/|experiments/|results/|benchmarks/|[A-Z]+\.md)[^)]*)\)"
    return re.sub(outside, link, markdown)
