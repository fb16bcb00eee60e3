"""One value, three renderers: no number, verdict, title, note or remark is lost in any."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.findings import Findings, Number, Table, html, markdown, terminal
from sim.findings.text import unmarked

TABLE = Table("A title.", ("", "`key`", "count"), (
    ("first", Number(1234.5, 0, 12, signed=True, verdict="different"), "12"),
    ("*second*", Number(math.nan), "a|b"), ("", Number(3e6, 1, low=-math.inf, high=math.inf), "")), "A note.")


@pytest.mark.parametrize("number, text", [
    (Number(51.4, 0, 8.2, signed=True), "+51 ± 8"), (Number(0.344, 2, low=0.2, high=0.48), "0.34 (0.20 to 0.48)"),
    (Number(math.nan), "–"), (Number(2e6, 0, 3e5), "2.0 M ± 0.3 M"), (Number(12, 1, unit="%"), "12.0 %"),
    (Number(1, 0, low=-math.inf, high=math.inf), "1 (no bounds)"),
])
def test_a_number_as_people_read_it(number, text):
    assert str(number) == text


def test_a_terminal_shows_plain_text_in_columns():
    lines = terminal.render(Findings({"one": TABLE, "two": TABLE._replace(title="Other.")}, ("A `remark`.",)),
                            ("one",)).split("\n")
    assert lines[0] == "A title." and lines[-1] == "A remark." and "A note." in lines and "Other." not in lines
    assert [line.split() for line in lines[1:6] if "─" not in line] == [
        ["key", "count"], ["first", "+1", "234", "±", "12", "different", "12"], ["second", "–", "a|b"],
        ["3.0", "M", "(no", "bounds)"]]


def test_markdown_keeps_marks_and_verdicts():
    assert markdown.render_table(TABLE).split("\n") == [
        "|  | `key` | count |", "|---|---|---|", "| first | **+1 234 ± 12** | 12 |", "| *second* | – | a∣b |",
        "|  | 3.0 M (no bounds) |  |"]


def test_html_escapes_and_marks():
    assert html.inline("**<b>** and `a*b*c` & *x*") == (
        "<b>&lt;b&gt;</b> and <code>a*b*c</code> &amp; <em>x</em>")
    assert html.shown(TABLE.rows[0][1]) == "+1\u00a0234 ± 12 <span class=\"verdict different\">different</span>"
    assert html.numeric_columns(TABLE) == [False, True, False]
    assert [len(rows) for rows in html.groups(TABLE)] == [1, 2]


@given(st.text(st.characters(codec="utf-8", exclude_characters="`*"), max_size=30))
def test_text_without_marks_is_only_escaped(text):
    assert html.inline(text).unescape() == text and unmarked(text) == text
