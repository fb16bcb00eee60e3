"""Words and units of the figures of experiments with arms."""

import textwrap

import numpy as np

from sim.figures.style import look
from sim.findings.text import brief, named
from sim.registry.outcomes import outcomes
from sim.studies.policies.study import Place, measure, own_line

GROUPS = {"branding": "Use of a name", "camps": "Open camps", "pushbacks": "Share pushed back",
          "protection": "Measure, extra spending on it"}  # what the rows of a figure vary
WORDS = {  # arms whose names need the title of their group or a number, by experiment
    "camps": {"all_open": "all 17", "spring_2025": "5 of spring 2025", "five_in_north": "5 in the north",
              "on_route": "12 on the route", "more_places": "17 with more places"},
    "protection": {"base": "none"},
    "pushbacks": {"default": "98.5 % (default)", "ended": "0 %", "half": "50 %", "nine_in_ten": "90 %", "all": "100 %"},
    "branding": {"none": "no name", "half_strength": "attracts, half strength",
                 "no_appeal": "neither attracts nor repels", "appeal_alone": "only attracts",
                 "intimidation_alone": "only intimidates",
                 "heat_alone": "only draws the police"},
}
MEASURES = {  # measure: name, colour of Okabe and Ito 2008, line, marker
    "patrols": ("Patrols", "#000000", "-", "o"), "operations": ("Operations", "#D55E00", "--", "s"),
    "camps": ("Camps on the route", "#0072B2", "-.", "^"), "support": ("Support and awareness", "#009E73", ":", "D"),
    "legal": ("Legal access", "#CC79A7", (0, (5, 1, 1, 1, 1, 1)), "v"),
}
MOST = 300.0  # % of the base arm; a larger relative change has too small a base, and the unit of the outcome is used


def axis(rows, key: str) -> list[str]:
    """The different scenarios or arms, in the order of the table."""
    return list(dict.fromkeys(row[key] for row in rows))


def spent(rows, arm: str) -> float:
    """Extra spending on its measure in an arm of `protection` [EUR in the recorded nights]."""
    scenario = axis(rows, "scenario")[0]
    return own_line({Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}, scenario, arm)[0]


def in_words(experiment, arm: str, rows) -> str:
    """The name of an arm in words; of a measure of `protection`, with the extra spending on it."""
    if experiment == "protection" and "_" in arm:
        return f"{MEASURES[measure(arm)][0]}, {spent(rows, arm) / 1e6:.1f} M EUR"
    return WORDS.get(experiment, {}).get(arm, arm.replace("_", " "))


def as_share(rows, name) -> bool:
    """Whether changes are shown in % of the base arm.

    They are if the smallest effect of interest is a share, or if none is fixed and all relative intervals are bounded.
    """
    effect = outcomes()[name].smallest_effect
    if effect:
        return "%" in effect
    ends = [row[f"difference_percent{end}"] for row in rows if row["outcome"] == name for end in ("", "_low", "_high")]
    finite = [float(v) for v in ends if v != "" and np.isfinite(float(v))]
    return named(name)[1] != "share" and all(abs(v) < MOST for v in finite)


def column(rows, word: str, shares: bool) -> list[float]:
    """Changes of some rows, or an end of their intervals."""
    name = f"difference_percent{word}" if shares else f"difference{word}"
    return [float(row[name]) if row[name] != "" else np.nan for row in rows]


def change_of(name, shares: bool, width: int) -> str:
    """The label of an axis of changes of an outcome: what changes, and the unit of the change."""
    label, unit, _ = named(name)
    return "\n".join(textwrap.wrap(f"{label}: change ({'%' if shares else unit})", width))


def summary_of(experiment, rows, names) -> str:
    """The largest change of each outcome, for alternative texts."""
    lines = []
    for name in names:
        shares = as_share(rows, name)
        moved = [row for row in rows if row["outcome"] == name and row["arm"] != axis(rows, "arm")[0]]
        values = [value if np.isfinite(value) else 0.0 for value in column(moved, "", shares)]
        at = int(np.argmax(np.abs(values)))
        lines.append(f"{named(name)[0]} {brief(values[at], True)} {'%' if shares else named(name)[1]} "
                     f"({in_words(experiment, moved[at]['arm'], rows)}, {look(moved[at]['scenario'])[0]})")
    return f"Largest changes: {'; '.join(lines)}."
