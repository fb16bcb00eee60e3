"""The table of faults: exact limits, sums of several commands, and the page that shows it."""

from pathlib import Path

import pytest
from faults.__main__ import main
from faults.outcomes import MARKS, Outcome, outcome, read, shown, summed, write

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("tried, spoilt, limit", [
    (4, 0, 1 - 0.05 ** (1 / 4)), (100, 0, 1 - 0.05 ** (1 / 100)), (1, 1, 1.0), (2, 1, 0.95 ** 0.5), (100, 3, 0.0757)])
def test_the_limit_of_the_share_is_exact(tried, spoilt, limit):
    """Of n trials with none spoilt: 1 − 0.05^(1/n); with all but one not: the limit p has 1 − p² = 0.05."""
    assert Outcome("x", tried, spoilt=spoilt).limit == pytest.approx(limit, abs=5e-4)


def test_tables_of_several_commands_are_added(tmp_path, capsys):
    one, two, page = tmp_path / "one.json", tmp_path / "two.json", tmp_path / "page.md"
    write(one, [outcome("kill", 3), outcome("disk", 1, lost=2)], [{"date": "2026-01-01", "seed": 1, "minutes": 30}])
    write(two, [outcome("kill", 4), outcome("kill", 0, torn=True)], [{"date": "2026-01-02", "seed": 2, "minutes": 60}])
    page.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n")
    assert main(["--add", str(one), "--merge", str(two), "--minutes", "0", "-o", str(page)]) == 0
    assert read(one)[0] == [Outcome("kill", 7, torn=1, spoilt=1), Outcome("disk", 1, lost=2, spoilt=1)]
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "| kill | 7 | 0 | 0 | 1 | 0 | 1 |" in text
    assert "2026-01-01 to 2026-01-02, 1.5 hours in all, seeds 1, 2" in text
    assert shown(*read(one)) in text and shown(*read(one)) in capsys.readouterr().out


def test_a_spoilt_trial_is_seen():
    assert outcome("x").is_good and summed([outcome("x"), outcome("x")]) == [Outcome("x", 2)]
    for name in ("lost", "left", "torn", "unclear"):
        assert not outcome("x", **{name: 1}).is_good


def test_the_page_shows_the_table_of_the_trials():
    assert shown(*read(ROOT / "tests" / "faults" / "table.json")) in (ROOT / "docs" / "faults.md").read_text("utf-8")
