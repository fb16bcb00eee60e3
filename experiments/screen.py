"""The answer on the first screen of the README: the main comparison, and which signs the assumptions impose."""

import textwrap

from sim.findings import Findings
from sim.findings.markdown import render_table

QUOTED = "centralisation+emergence"  # the experiments whose tables it quotes
WIDTH = 120  # characters of a line
READ = ("Intervals (95 %) show chance in the simulation alone. Bold: a difference beyond the smallest effect of "
        "interest; italic: equivalent to none; neither: undecided, or an outcome without a verdict.")


def answer(findings: Findings) -> list[str]:
    """Lines of the README: the table of the answer, and what its signs are worth."""
    said = findings.values
    first = (f"At the default parameters, in {said['n']} paired years a scenario, `fragmented` has these levels, and "
             "the other scenarios differ from it in percent by:")
    worth = f"{READ} {said['premises']} {said['breakups']}"
    return [*wrapped(first), "", render_table(findings.tables["answer"]), "", *wrapped(worth)]


def wrapped(text: str) -> list[str]:
    """Lines of a paragraph; a percent sign stays with its number."""
    fixed = text.replace(" %", "\N{NO-BREAK SPACE}%")
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in textwrap.wrap(fixed, WIDTH)]
