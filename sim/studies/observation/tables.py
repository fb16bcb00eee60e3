"""Findings of the study `observation`: observations of runs, and compatibility of figures of the documents."""

from sim.findings import Findings, Table
from sim.findings.markdown import markdown_table
from sim.findings.rows import distinct
from sim.findings.text import NOTE, number
from sim.observation import PRICES, SERIES
from sim.studies.observation.conflicting import digits
from sim.studies.observation.study import RARE, SAMPLES

TAGS = ("first", "second")  # prefixes of the columns of a pair's figures
REMARK = (f"Every run is observed {SAMPLES} times with the configured parameters of the observation and as often with "
          "parameters drawn over their ranges. Two figures can hold together if both hold in at least "
          f"{100 * RARE:.0f} % of observed years; a figure that holds in fewer does not arise. {NOTE}")


def present(tables) -> Findings:
    """Return for every scenario the observed levels, the figures of each pair, and how often they hold."""
    shown = {}
    for k, scenario in enumerate(distinct(tables["agreement"], "scenario")):
        tail = f"_{scenario}" if k else ""
        series, pairs = ([row for row in tables[name] if row["scenario"] == scenario]
                         for name in ("observed_series", "agreement"))
        shown |= {f"levels{tail}": level_table(scenario, series), f"found{tail}": agreement_table(scenario, pairs)}
        if not k:
            shown["figures"] = figure_table(pairs)
    return Findings(shown, (REMARK,), {"samples": str(SAMPLES), "rare": percent(RARE), "formulas": formulas(),
                                       "prices": prices()})


def level_table(scenario: str, rows) -> Table:
    """Table with one row for each series: latent truth and observations."""
    body = tuple((f"`{row['series']}`", row["unit"], shown(row["truth"]), spanned(row, ""), spanned(row, "_drawn"))
                 for row in rows)
    return Table(f"{scenario}: latent truth and observations, mean (central 95 % of observed years)",
                 ("series", "unit", "truth", "observed, configured", "observed, drawn"), body)


def figure_table(rows) -> Table:
    """Table with one row for each pair: both figures with their documented intervals."""
    body = tuple((row["pair"], *(f"{row[tag]}: {row[f'{tag}_documents']} ({row[f'{tag}_source']})" for tag in TAGS))
                 for row in rows if row["observation"] == "configured")
    return Table("Figures of the documents, in pairs", ("pair", "first figure", "second figure"), body)


def agreement_table(scenario: str, rows) -> Table:
    """Table with two rows for each pair, for configured and for drawn parameters: how often each figure and both
    hold."""
    body = tuple((row["pair"] if row["observation"] == "configured" else "", row["observation"],
                  *(measured(row, tag) for tag in TAGS),
                  f"{percent(row['both'])} ({percent(row['both_low'])} to {percent(row['both_high'])})",
                  row["verdict"]) for row in rows)
    return Table(f"{scenario}: observed years in which the figures hold",
                 ("pair", "observation", *(f"{tag}: mean (central 95 %), holds in" for tag in TAGS),
                  "both (95 % interval over runs)", "verdict"), body)


def measured(row, tag: str) -> str:
    """The observed value of a figure, and the share of observed years in which it holds."""
    mean, low, high = (shown(row[f"{tag}_{end}"]) for end in ("mean", "low", "high"))
    return f"{mean} ({low} to {high}), {percent(row[f'{tag}_holds'])}"


def spanned(row, tail: str) -> str:
    """Mean and central 95 % of observed years."""
    return f"{shown(row[f'mean{tail}'])} ({shown(row[f'low{tail}'])} to {shown(row[f'high{tail}'])})"


def shown(value: str) -> str:
    """A number with decimals by its size; empty for an empty cell."""
    return number(float(value), digits(float(value))) if value else ""


def percent(value) -> str:
    """A share in per cent; empty for an empty cell."""
    return f"{100 * float(value):.0f} %" if value != "" else ""


# how it is seen, for the page ----------------------------------------------------------------------------------------
def formulas() -> str:
    """The observation model of every series, as a Markdown table."""
    outside = "`informal` + `flat` + `unsheltered`"
    return markdown_table(("series", "unit", "meaning", "truth", "coverage c", "ρ", "facts"), [
        (f"`{s.name}`", s.unit, s.meaning, outside if s.truth == "outside" else f"`{s.truth}`", s.formula(), s.spread,
         s.facts) for s in SERIES])


def prices() -> str:
    """The columns computed from quotes, as a Markdown table."""
    return markdown_table(("column", "unit", "meaning"), [(f"`{name}`", *PRICES[name]) for name in PRICES])
