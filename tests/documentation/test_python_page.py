"""What docs/python.md shows runs, block after block."""

import re
from pathlib import Path

import pytest

from conftest import needed

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.long
def test_every_block_runs_in_order(tmp_path, monkeypatch, capsys):
    needed("pandas")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S):
        exec(compile(block, PAGE.name, "exec"), names)
    said = capsys.readouterr().out
    assert "EUR owed" in said and "Paired differences from fragmented" in said and "police.patrols" in said
    assert {path.name for path in (tmp_path / "figures").glob("*.png")} >= {"turf.png", "sweep.png"}
