"""Break-ups of organisations in a comparison: how often they break, and the differences of runs without a break."""

from sim.findings import Number, Table
from sim.findings.rows import value_of, with_half_width
from sim.findings.text import title
from sim.registry.outcomes import outcomes, primary
from sim.statistics.given_whole import BREAKS, FEWEST, SHARE
from sim.studies.summarised import Summary, difference

OUTCOMES = ("price_mean", *primary())  # shown for runs given whole
WHOLE = ("An organisation is whole on a night if every group that has ever been under it, or split from one, is under "
         "it. Whole throughout: on every recorded night. Broken: it ceased to be whole in the record. Neither: it was "
         "not whole on the first recorded night, and did not break afterwards.")
GIVEN = ("The differences of replicates in which the organisation stays whole are paired as those of all replicates "
         "are. They describe these replicates; they are no effect of staying whole, since luck that keeps an "
         f"organisation whole may change outcomes as well. No interval is given for fewer than {FEWEST} of them.")
NOT_RECORDED = "How often organisations break has not been recorded in these runs."


def organised(summary: Summary) -> list[str]:
    """Scenarios with an organisation that is whole on a recorded night of some run."""
    return [s for s in summary.scenarios if (SHARE, s) in summary.find
            and summary.find[SHARE, s].get("runs_whole", "") != ""]


def broken(summary: Summary) -> list[str]:
    """Compared scenarios with an organisation that does not stay whole in every pair of runs."""
    return [s for s in organised(summary) if s in summary.compared
            and summary.find[SHARE, s]["pairs_whole"] != summary.find[SHARE, s]["pairs"]]


def tables(summary: Summary) -> dict[str, Table]:
    """The table of break-ups, and that of differences given that the organisation is whole; none where none applies."""
    shown = {"breakups": breakups(summary)} if organised(summary) else {}
    return shown | ({"whole": given_whole(summary)} if broken(summary) else {})


def breakups(summary: Summary) -> Table:
    """Table with one row for each scenario that has an organisation."""
    rows = tuple((s, *fates(summary.find[SHARE, s]), level(summary.find[BREAKS, s]), level(summary.find[SHARE, s]))
                 for s in organised(summary))
    head = ("scenario", "runs", "whole throughout", "broken", "neither", "breaks a run", "share of nights whole")
    return Table("Break-ups of the organisation.", head, rows, WHOLE)


def fates(row: dict) -> tuple[str, ...]:
    """Numbers of runs: all, whole throughout, broken, neither."""
    n, whole, broke = (int(row[name]) for name in ("n", "runs_whole", "runs_broken"))
    return str(n), str(whole), str(broke), str(n - whole - broke)


def level(row: dict) -> Number:
    """Mean of an outcome over runs ± half-width."""
    return with_half_width(row, ("mean", "ci_low", "ci_high"), 2)


def given_whole(summary: Summary) -> Table:
    """Table of paired differences over all runs, and over those in which the organisation stays whole."""
    rows = []
    for name in (name for name in OUTCOMES if (name, summary.scenarios[0]) in summary.find):
        lines = [summary.find[name, s] for s in broken(summary)]
        rows += [(title(name) if k == 0 else "", *beside(row, outcomes()[name].digits))
                 for k, row in enumerate(lines)]
    head = ("outcome", "scenario", "all runs", "pairs", "given whole", "pairs whole")
    return Table(f"Paired differences from {summary.reference}, given that the organisation is whole.", head,
                 tuple(rows), GIVEN)


def beside(row: dict, digits: int) -> tuple:
    """The row of one scenario and one outcome."""
    whole = Number(value_of(row, "difference_whole"), digits,
                   value_of(row, "difference_whole_high") - value_of(row, "difference_whole"), signed=True)
    every = difference(row, digits)._replace(verdict="")
    return row["scenario"], every, row["pairs"], whole, row["pairs_whole"]


def sentence(summary: Summary) -> str:
    """A sentence on how often the organisations stay whole; empty where no scenario has one."""
    if summary.is_main() and "runs_whole" not in summary.rows[0]:
        return NOT_RECORDED
    rows = [summary.find[SHARE, s] for s in organised(summary)]
    if not rows:
        return ""
    counts = [f"{row['runs_whole']} of {row['n']} runs of {row['scenario']}" for row in rows]
    text = f"The organisation stays whole from the first recorded night to the last in {listed(counts)}."
    few = [s for s in broken(summary) if int(summary.find[SHARE, s]["pairs_whole"]) < FEWEST]
    if broken(summary):
        text += " Differences given that it is whole stand beside those over all runs."
    if few:
        text += f" They have no interval for {listed(few)}, where fewer than {FEWEST} such runs can be paired."
    return text


def listed(texts: list[str]) -> str:
    """Texts as a list within a sentence."""
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
