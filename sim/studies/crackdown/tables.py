"""Findings of the study `crackdown`: effects by path and window, by place, returns, and contrasts between worlds."""

from sim.findings import Cell, Findings, Table
from sim.findings.rows import value_of, with_half_width
from sim.findings.text import NOTE
from sim.statistics.events import NO_LOSS, OPEN
from sim.studies.crackdown.effects import EFFECT, Rows, arrivals_in_words
from sim.studies.crackdown.rows import PLACES
from sim.studies.crackdown.series import (
    ABDUCTIONS,
    ALL_DEATHS,
    ARRESTED,
    ARRIVALS,
    ATTEMPTS,
    ATTEMPTS_AT,
    CONTRASTED,
    CROSSINGS,
    CROSSINGS_AT,
    GUIDES,
    GUIDES_AT,
    INTERCEPTIONS,
    NOT_ARRIVED,
    PRESENCE_AT,
    PRICE,
    RETURNING,
    STAYING,
)
from sim.studies.crackdown.study import REFERENCE, WINDOWS
from sim.studies.crackdown.words import values
from sim.studies.event_study import heading, sample


def present(tables) -> Findings:
    """Return tables of effects by window, place, returns and contrasts, and the sentences that they allow."""
    rows = Rows(tables)
    shown = {series.name: windows_table(rows, series) for series in (ATTEMPTS, INTERCEPTIONS, CROSSINGS, PRICE)}
    shown |= {"harm": harm_table(rows), "corridors": corridors_table(rows), "people": people_table(rows),
              "shelters": shelters_table(rows), "guides": guides_table(rows), "returns": returns_table(rows)}
    if len(rows.worlds) > 1:
        shown["worlds"] = worlds_table(rows)
    if len(rows.all_arrivals) > 1:
        shown["arrivals"] = arrivals_table(rows)
    for contrast, title in (("owners", f"effects less those of the same measure in {REFERENCE}"),
                            ("answer", "effects where arrivals answer less effects where they do not")):
        if any(key[3] == contrast for key in rows.contrasts):
            shown[contrast] = contrast_table(rows, contrast, title)
    return Findings(shown, (f"{sample(int(rows.n))}; {NOTE}",), values(rows))


def windows_table(rows: Rows, series) -> Table:
    """Table of changes of one series, with a column for each window."""
    return rows.table(f"{series.label}: change from no measure, % ({rows.where})", WINDOWS.values(),
                      lambda name: (rows.change(name, series, window) for window in WINDOWS))


def harm_table(rows: Rows) -> Table:
    """Table of deaths and abductions during and after."""
    columns = [(series, window) for series in (ALL_DEATHS, ABDUCTIONS) for window in ("during", "after")]
    return rows.table(f"Deaths and abductions: differences from no measure ({rows.where})",
                      [f"{heading(series)} {WINDOWS[window]}" for series, window in columns],
                      lambda name: (rows.effect(name, *column) for column in columns))


def corridors_table(rows: Rows) -> Table:
    """Table of changes of attempts and crossings by corridor during the measure."""
    columns = (*ATTEMPTS_AT.values(), *CROSSINGS_AT.values())
    return rows.table(f"Attempts and crossings by corridor during it: change from no measure, % ({rows.where})",
                      [series.label for series in columns],
                      lambda name: (rows.change(name, series, "during") for series in columns))


def people_table(rows: Rows) -> Table:
    """Table of where people went during the measure."""
    def cells(name):
        where = (rows.people[rows.world, rows.arrivals, name, place] for place in PLACES)
        return (with_half_width(row, ("persons", "low", "high"), 0, signed=True) for row in where)

    return rows.table(f"Persons during the measure: differences from no measure ({rows.where})", PLACES.values(), cells,
                      "Fewer crossings are fewer arrivals, and people who cross elsewhere, give up, die or stay; the "
                      "last column makes the account whole.")


def shelters_table(rows: Rows) -> Table:
    """Table of where people stay while the measure lasts: in camps, outside them, in flats, or moved to the interior.
    """
    return rows.table(f"Where people stay during it: mean differences from no measure ({rows.where})",
                      [heading(series) for series in STAYING],
                      lambda name: (rows.effect(name, series, "during") for series in STAYING))


def guides_table(rows: Rows) -> Table:
    """Table of presence and guides by corridor during the measure, and of arrests."""
    columns = (*GUIDES_AT.values(), GUIDES)
    presence = PRESENCE_AT.values()
    return rows.table(f"Presence of police and guides during the measure ({rows.where})",
                      [*(heading(series) for series in presence), *(f"{s.label} (change, %)" for s in columns),
                       ARRESTED.label],
                      lambda name: (*(rows.effect(name, series, "during") for series in presence),
                                    *(rows.change(name, series, "during") for series in columns),
                                    rows.effect(name, ARRESTED, "during")))


def returns_table(rows: Rows) -> Table:
    """Table of half-lives of the return after the end."""
    return rows.table(f"Nights from the end until half of the loss is back ({rows.where})",
                      [series.label for series in RETURNING],
                      lambda name: (half_life_of(rows.returns.get((rows.world, rows.arrivals, name, series.name)))
                                    for series in RETURNING),
                      f"In brackets: loss in the last four weeks of the measure, and the interval of the half-life. "
                      f"{NO_LOSS.capitalize()}: the series was not shown to be lower at the end; {OPEN}: half did not "
                      "come back in the nights that are recorded.")


def half_life_of(row: dict | None) -> Cell:
    """A half-life in words: nights with the loss and the interval, or why there is none."""
    if row is None:
        return "–"
    if row["state"] == NO_LOSS:
        return NO_LOSS
    loss = f"{value_of(row, 'loss'):.0f} %"
    if row["state"] == OPEN:
        return f"{OPEN} ({loss})"
    low, high = (value_of(row, end) for end in ("low", "high"))
    to = "the end of the record" if high == float("inf") else f"{high:.0f}"
    return f"{value_of(row, 'half_life'):.0f} ({loss}; {low:.0f} to {to})"


def worlds_table(rows: Rows) -> Table:
    """Table of changes of interceptions during and after, by who decides."""
    columns = [(world, window) for world in rows.worlds for window in ("during", "after")]
    return rows.table(f"Interceptions by who decides: change from no measure, % ({arrivals_in_words(rows.arrivals)})",
                      [f"{world}: {WINDOWS[window]}" for world, window in columns],
                      lambda name: (rows.change(name, INTERCEPTIONS, window, world) for world, window in columns))


def arrivals_table(rows: Rows) -> Table:
    """Table of changes of interceptions, with arrivals that answer and not, and of arrivals that answer."""
    columns = [(arrivals, window) for arrivals in rows.all_arrivals for window in ("during", "after")]
    return rows.table(f"Interceptions and arrivals: change from no measure, % ({rows.world})",
                      [*(f"{INTERCEPTIONS.label}, {arrivals_in_words(a)}: {WINDOWS[w]}" for a, w in columns),
                       *(f"{ARRIVALS.label}: {WINDOWS[w]}" for w in ("during", "after")),
                       f"{heading(NOT_ARRIVED)} {WINDOWS['during']}"],
                      lambda name: (*(rows.change(name, INTERCEPTIONS, w, arrivals=a) for a, w in columns),
                                    *(rows.change(name, ARRIVALS, w) for w in ("during", "after")),
                                    rows.effect(name, NOT_ARRIVED, "during")))


def contrast_table(rows: Rows, contrast: str, title: str) -> Table:
    """Table of one contrast of effects during the measure, with a row for each world and path that has it."""
    body = []
    for world, arrivals, name in dict.fromkeys(key[:3] for key in rows.contrasts if key[3] == contrast):
        if arrivals == rows.arrivals:
            body.append((f"{world}: {rows.labels[name]}",
                         *(with_half_width(rows.contrasts[world, arrivals, name, contrast, series.name, "during"],
                                           EFFECT, series.digits, signed=True) for series in CONTRASTED)))
    return Table(f"During the measure: {title}", ("world and measure", *map(heading, CONTRASTED)), tuple(body))
