"""Findings of the study `crackdown` in sentences, which are made from its tables and say what these show."""

import math

from sim.findings import Number
from sim.findings.rows import value_of, with_ends
from sim.findings.text import number
from sim.statistics.events import NO_LOSS, RETURNED
from sim.studies.crackdown.effects import CHANGE, EFFECT, Rows
from sim.studies.crackdown.paths import border
from sim.studies.crackdown.series import (
    ABDUCTIONS,
    ALL_DEATHS,
    ARRIVALS,
    ATTEMPTS,
    CONTRASTED,
    CROSSINGS,
    GUIDES,
    GUIDES_AT,
    INTERCEPTIONS,
    PRICE,
)

COUNTED = (ALL_DEATHS, ABDUCTIONS)  # few persons, and none in some runs
ASKED = (ATTEMPTS, INTERCEPTIONS, CROSSINGS, PRICE, *COUNTED)
WORLDS = {
    "fragmented": "rival groups (`fragmented`)", "status_quo": "two large groups (`status_quo`)",
    "dossier": "one organisation of the majority origin beside a rival fringe (`dossier`, reported and contested)",
}
FEWEST = 8  # replicates of a run whose results are quoted without reserve


def values(rows: Rows) -> dict[str, str]:
    """Sentences and numbers that the page quotes, by name."""
    found = {"n": rows.n, "world": rows.world, "scale": scale_in_words(rows.scale), "worlds": worlds(rows),
             "during": sentences(rows, "during"), "after": sentences(rows, "after"), "days": short_ones(rows),
             "places": places(rows), "guides": guides(rows), "back": returns(rows)}
    if small := reserve(rows):
        found["small"] = small
    return found | {name: contrast(rows, name) for name in ("owners", "answer")
                    if any(key[3] == name for key in rows.contrasts)}


def scale_in_words(scale: float) -> str:
    """The scale of the runs in words."""
    return "at real scale" if scale == 1 else f"at a scale of {scale:g} (1 is real)"


def worlds(rows: Rows) -> str:
    """The worlds in words."""
    return joined([WORLDS.get(world, f"`{world}`") for world in rows.worlds])


def joined(texts: list[str]) -> str:
    """Texts in one list, with `and` before the last."""
    return texts[0] if len(texts) == 1 else f"{'; '.join(texts[:-1])}; and {texts[-1]}"


def reserve(rows: Rows) -> str:
    """What is to be said of a run that is too small; empty for one that is not."""
    if rows.scale >= 1 and int(rows.n) >= FEWEST:
        return ""
    size = f"{counted(len(rows.worlds), 'world')} and under {counted(len(rows.labels), 'measure')}"
    return (f"> **A small run.** The tables, figures and findings of this page come from {rows.n} replicates "
            f"{scale_in_words(rows.scale)}, in {size}. Intervals are wide, deaths and abductions are few, "
            "and effects that the run does not show may be there. A run of the whole experiment replaces it.")


def counted(count: int, noun: str) -> str:
    """A number of things in words."""
    return f"{count} {noun}{'s' if count != 1 else ''}"


# effects -----------------------------------------------------------------------------------------------------------
def sentences(rows: Rows, window: str) -> str:
    """A list with one sentence for each series that is asked about."""
    return "\n".join(f"- {series.label}: {verdict(rows, effects(rows, series, window))}." for series in ASKED)


def effects(rows: Rows, series, window: str) -> dict[str, Number]:
    """Effects on one series in one window that is recorded, by arm; in %, and in persons where persons are few."""
    found = {}
    for name in rows.labels:
        row = rows.effects[rows.world, rows.arrivals, name, series.name, window]
        few = series in COUNTED
        cell = with_ends(row, EFFECT if few else CHANGE, series.digits if few else 0, signed=True)
        if math.isfinite(cell.value):
            found[name] = cell._replace(unit="persons" if few else "%")
    return found


def verdict(rows: Rows, cells: dict[str, Number]) -> str:
    """How many measures lower and raise something, with the strongest of each, and how many are not shown to."""
    if not cells:
        return "no window is recorded whole"
    lower = {name: cell for name, cell in cells.items() if cell.high < 0}
    higher = {name: cell for name, cell in cells.items() if cell.low > 0}
    rest = len(cells) - len(lower) - len(higher)
    parts = [extreme(rows, part, word, len(cells)) for part, word in ((lower, "lower"), (higher, "higher")) if part]
    if rest == len(cells):
        return f"not shown to differ under any of {rest} measures"
    return ", ".join([*parts, f"not shown to differ {under(rest, len(cells))}"] if rest else parts)


def under(count: int, of: int) -> str:
    """A number of measures in words."""
    return f"under all {of} measures" if count == of else f"under {count} of {of} measures"


def extreme(rows: Rows, cells: dict[str, Number], word: str, of: int) -> str:
    """How many measures make something lower or higher, and by how much the one does that does so most."""
    most = max(cells, key=lambda name: abs(cells[name].value))
    return f"{word} {under(len(cells), of)} (most under {rows.labels[most]}: {cells[most]})"


def short_ones(rows: Rows) -> str:
    """What the shortest measures leave behind weeks later."""
    lengths = rows.nights
    shortest = [name for name in rows.labels if lengths[name] == min(lengths.values())]
    told = [f"{series.label.lower()} {cells[name]} ({rows.labels[name]})" for series in (ATTEMPTS, INTERCEPTIONS)
            for cells in (effects(rows, series, "later"),) for name in shortest if name in cells]
    return f"Weeks 7 to 10 after the end of the shortest measures: {'; '.join(told)}." if told else (
        "The record does not hold weeks 7 to 10 after the shortest measures.")


# places ------------------------------------------------------------------------------------------------------------
def places(rows: Rows) -> str:
    """A list with one sentence for each long measure: where those are who did not cross at its corridors."""
    return "\n".join(f"- {rows.labels[name][0].upper()}{rows.labels[name][1:]}: {went(rows, name)}"
                     for name in long_ones(rows))


def long_ones(rows: Rows) -> list[str]:
    """The longest measure at some corridors, and the longest at all."""
    found = []
    for everywhere in (False, True):
        alike = [name for name in rows.labels if rows.everywhere[name] == everywhere]
        found += [max(alike, key=rows.nights.get)] if alike else []
    return found


def went(rows: Rows, name: str) -> str:
    """Where those are who did not cross at the corridors of a measure, in words."""
    place = {each: with_ends(rows.people[rows.world, rows.arrivals, name, each], ("persons", "low", "high"), 0)
             for each in ("there", "elsewhere", "less_arrived", "not_arrived", "left", "died", "present")}
    lost = place["there"]
    if not math.isfinite(lost.value):
        return "the record does not hold it whole."
    if not lost.low > 0:
        return f"it is not shown that fewer people cross there ({change_of(lost)} persons)."
    parts = [f"{number(place[each].value, 0, signed=True)} {what}" for each, what in (
        ("elsewhere", "crossings at other corridors"), ("less_arrived", "who did not arrive"),
        ("left", "who gave up"), ("died", "deaths"), ("present", "people present at its end"))
        if not (each == "elsewhere" and rows.everywhere[name])]
    return (f"{lost} fewer people crossed there. Beside them stand {', '.join(parts)}; "
            f"{number(place['not_arrived'].value, 0, signed=True)} people turned back before arriving.")


def change_of(cell: Number) -> str:
    """Minus a number, with its interval."""
    return str(Number(-cell.value, cell.digits, low=-cell.high, high=-cell.low, signed=True))


def guides(rows: Rows) -> str:
    """A list with one sentence for each long measure: where guides stand and how many there are."""
    lines = []
    for name in long_ones(rows):
        parts = [f"{border(corridor)} {rows.change(name, series, 'during')} %"
                 for corridor, series in GUIDES_AT.items()]
        lines.append(f"- {rows.labels[name][0].upper()}{rows.labels[name][1:]}: {', '.join(parts)}; all guides "
                     f"{rows.change(name, GUIDES, 'during')} %.")
    return "\n".join(lines)


# returns -----------------------------------------------------------------------------------------------------------
def returns(rows: Rows) -> str:
    """A list with one sentence for each series of the whole border: whether and when half of the loss is back."""
    return "\n".join(f"- {series.label}: {returned(rows, series)}." for series in
                     (ATTEMPTS, INTERCEPTIONS, CROSSINGS, ARRIVALS, GUIDES))


def returned(rows: Rows, series) -> str:
    """Whether and when half of what measures took from one series is back, in words."""
    found = [row for name in rows.labels
             if (row := rows.returns.get((rows.world, rows.arrivals, name, series.name)))]
    lost = [row for row in found if row["state"] != NO_LOSS]
    if not lost:
        return f"no measure is shown to have lowered them at its end (of {len(found)} whose end is recorded)"
    back = sorted(value_of(row, "half_life") for row in lost if row["state"] == RETURNED)
    text = f"lower at the end {under(len(lost), len(found))}"
    if back:
        nights = f"{back[0]:.0f}" if len(back) == 1 or back[0] == back[-1] else f"{back[0]:.0f} to {back[-1]:.0f}"
        text += f"; half of the loss is back after {nights} nights under {len(back)} of them"
    if len(back) < len(lost):
        text += f"; half is not back in the record under {len(lost) - len(back)}"
    return text


# contrasts ---------------------------------------------------------------------------------------------------------
def contrast(rows: Rows, name: str) -> str:
    """In how many arms the effect on each series lies below and above that with which the contrast compares it."""
    apart, alike = [], []
    for series in CONTRASTED:
        cells = [with_ends(row, EFFECT, series.digits) for key, row in rows.contrasts.items()
                 if key[1] == rows.arrivals and key[3:] == (name, series.name, "during")]
        cells = [cell for cell in cells if math.isfinite(cell.value)]
        lower, higher = sum(cell.high < 0 for cell in cells), sum(cell.low > 0 for cell in cells)
        if lower or higher:
            apart.append(f"- {series.label}: lower in {lower} and higher in {higher} of {len(cells)} cases.")
        else:
            alike.append(series.label.lower())
    return "\n".join(apart + ([f"- Not shown to differ in any case: {', '.join(alike)}."] if alike else []))
