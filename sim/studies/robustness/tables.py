"""What worlds of other rules say: for the terminal, for reports, and for docs/robustness.md."""

import csv
from pathlib import Path

from sim.findings.text import heading, named, number, table
from sim.registry.parameters import registry
from sim.studies.robustness.array import FOUR, TWOS
from sim.studies.robustness.study import CLAIMS, WORDS, Played, share_rows


def text(played: Played) -> str:
    """Shares of worlds, and the alternatives in which a claim is reversed most."""
    body = [[f"{heading(r['outcome'])}: {r['claim']}", f"{r['keeps']} of {r['worlds']}",
             f"{100 * r['share']:.0f} % ({100 * r['share_low']:.0f} to {100 * r['share_high']:.0f})",
             str(r["undecided"]), str(r["reverses"])] for r in share_rows(played)]
    return table([f"{played.label()}: claim", "keeps its sign", "share", "undecided", "reversed"], body)


def grades(reference: Path) -> dict[str, dict]:
    """How each claim of centralised against fragmented fares in the reference run: counts of worlds by outcome.

    {outcome: {"keeps": …, "undecided": …, "reverses": …, "worlds": …}}, of the array, else of single alternatives;
    empty where there is no reference run.
    """
    files = [Path(reference) / name for name in ("robustness.csv", "robustness_single.csv")]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        return {}
    with open(file, encoding="utf-8") as opened:
        return {row["outcome"]: {word: int(row[word]) for word in (*WORDS.values(), "worlds")}
                for row in csv.DictReader(opened) if row["comparison"] == "centralised minus fragmented"}


def documented(reference: Path) -> dict[str, str]:
    """The tables of docs/robustness.md from the reference runs: of single alternatives (`single_…`), of the array."""
    said = {}
    for name, mark in (("robustness_single", "single_"), ("robustness", "")):
        if (Path(reference) / f"{name}.csv").exists():
            said |= {f"{mark}{key}": text for key, text in tables(reference, name).items()}
    return said


def tables(reference: Path, name: str) -> dict[str, str]:
    """Shares of worlds, effects of alternatives, and how claims fare with each, of one reference run."""
    from experiments.pages import markdown_table, reference_rows

    shares, rows = (reference_rows(f"{name}{end}.csv", reference) for end in ("", "_effects"))
    body = [[heading(r["outcome"]), {"+": "rises", "-": "falls"}[r["claim"]], *(r[word] for word in WORDS.values()),
             "{:.0f} % ({:.0f} to {:.0f})".format(*(100 * float(r[f"share{end}"]) for end in ("", "_low", "_high")))]
            for r in shares]
    found = {(r["outcome"], r["rule"], r["alternative"]): r for r in rows}
    alternatives = list(dict.fromkeys((r["rule"], r["alternative"]) for r in rows))
    effect, fate = [], []
    for rule, choice in alternatives:
        called = f"`{rule}={choice}`" if rule else "*the defaults*"
        here = [found[name, rule, choice] for name in CLAIMS]
        effect.append([called, *map(effect_cell, here)])
        fate.append([called, here[0]["worlds"], *("{keeps} / {undecided} / {reverses}".format(**r) for r in here)])
    labels = [heading(name) for name in CLAIMS]
    return {"table": markdown_table(["outcome", "claim", "keeps its sign", "undecided", "reversed",
                                     "share that keeps it (Wilson)"], body),
            "effects": markdown_table(["alternative", *labels], effect),
            "fates": markdown_table(["alternative", "worlds", *labels], fate),
            "differences": markdown_table(["rules", *labels],
                                          differences(reference_rows(f"{name}_worlds.csv", reference))),
            "cells": markdown_table([f"`{FOUR}`, `{TWOS[0]}`", "worlds", *labels],
                                    cells(reference_rows(f"{name}_worlds.csv", reference))),
            "worlds": shares[0]["worlds"], "n": shares[0]["n"]}


def cells(rows: list[dict]) -> list[list[str]]:
    """A line a rule of price and number of stages: in how many worlds each claim is kept / undecided / reversed."""
    counts = {}
    for row in rows:
        place = tuple(row.get(key) or registry()[key].default for key in (FOUR, TWOS[0]))
        count = counts.setdefault(place, {name: dict.fromkeys(WORDS.values(), 0) for name in CLAIMS})
        count[row["outcome"]][row["verdict"]] += 1
    return [[", ".join(place), str(sum(count[next(iter(CLAIMS))].values())),
             *("{keeps} / {undecided} / {reverses}".format(**count[name]) for name in CLAIMS)]
            for place, count in counts.items()]


def differences(rows: list[dict]) -> list[list[str]]:
    """A line a world, named by what is not at its default: differences with intervals and, unless kept, the verdict."""
    lines = {}
    for row in rows:
        apart = [f"`{key}={v}`" for key, v in row.items() if key.startswith("rules.") and v != registry()[key].default]
        line = lines.setdefault(row["world"], [", ".join(apart) or "*the defaults*"])
        digits, ends = named(row["outcome"])[2], [float(row[key]) for key in ("low", "high")]
        said = f"{number(float(row['difference']), digits, True)} " \
               f"({number(ends[0], digits, True)} to {number(ends[1], digits, True)})"
        line.append(said + {"keeps": "", "undecided": " ?", "reverses": " **×**"}[row["verdict"]])
    return list(lines.values())


def effect_cell(row: dict) -> str:
    """An effect with its interval, bold where the interval excludes 0."""
    digits = named(row["outcome"])[2]
    effect, low, high = (float(row[key] or "nan") for key in ("effect", "low", "high"))
    said = f"{number(effect, digits, True)} ({number(low, digits, True)} to {number(high, digits, True)})"
    return f"**{said}**" if low > 0 or high < 0 else said
