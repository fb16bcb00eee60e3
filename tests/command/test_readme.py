"""What the README shows runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_examples_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-m", "sim", "+experiment=centralisation", "scale=0.05", "nights=5", "warmup=5"],
                   check=True, capture_output=True)
    for block in re.findall(r"```python\n(.*?)```", README, flags=re.S):
        exec(compile(block.replace("range(150)", "range(130)"), "README.md", "exec"), {})
    assert "EUR owed" in capsys.readouterr().out


def test_links_lead_somewhere():
    root = Path(__file__).parents[2]
    pages = [root / "README.md", *root.glob("docs/*.md"), *root.glob("experiments/*/README.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
