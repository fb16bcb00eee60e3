"""Texts of docs/sensitivity.md from the tables of the reference run."""

from itertools import combinations
from pathlib import Path

from sim.findings.text import named, number
from sim.registry.outcomes import primary
from sim.studies.sensitivity.results import THRESHOLD

FREED = 12  # parameters in the page's list, at most
NOISY = 0.5  # share of chance in a run's variance from which an outcome is called too noisy


def documented(reference: Path) -> dict[str, str]:
    """Texts of docs/sensitivity.md from the tables of the reference run."""
    from experiments.pages import markdown_table, reference_rows

    morris, sobol, status, ranking = (reference_rows(f"sensitivity_{name}.csv", reference)
                                      for name in ("morris", "sobol", "status", "ranking"))
    contrasts = list(dict.fromkeys(row["contrast"] for row in morris))
    counts = {row["status"]: row["parameters"] for row in status}
    moved = {row["parameter"] for row in morris if float(row["mu_star"]) > 0}
    above = {row["parameter"] for row in morris if float(row["mu_star"]) > float(row["floor"] or 0)}
    return {
        "parameters": str(len(ranking)), "counts": ", ".join(f"{n} {name}" for name, n in counts.items()),
        "trajectories": max(row["trajectories"] for row in morris), "base": max((r["base"] for r in sobol), key=int),
        "seeds": sobol[0]["seeds"], "kept": str(sum(row["kept"] == "True" for row in ranking)),
        "idle": str(len(ranking) - len(moved)), "above": str(len(above)), "contrasts": ", ".join(contrasts),
        "freed": markdown_table(*freed_table(ranking)), "indices": markdown_table(*indices_table(sobol, contrasts)),
        "status": markdown_table(*status_table(status, contrasts)), "noisy": noisy_text(status, contrasts),
    } | precision_texts(sobol, contrasts)


def precision_texts(sobol: list[dict], contrasts: list[str]) -> dict[str, str]:
    """How exact total indices are: intervals wider than the index, or below 0; pairs of an outcome that are apart."""
    shown = [(float(r["total"]), float(r["total_low"]), float(r["total_high"]), r["contrast"], r["outcome"])
             for r in sobol if r["contrast"] in (contrasts[-1], contrasts[0])]
    said = {"wide": f"{sum(high - low > abs(total) for total, low, high, *_ in shown)} of {len(shown)}",
            "below": str(sum(high < 0 for _, _, high, *_ in shown))}
    for name, contrast in (("apart_last", contrasts[-1]), ("apart_first", contrasts[0])):
        pairs = [(one, two) for one, two in combinations(shown, 2) if one[3:] == two[3:] and one[3] == contrast]
        said[name] = f"{sum(one[1] > two[2] or two[1] > one[2] for one, two in pairs)} of {len(pairs)}"
    return said


def freed_table(ranking: list[dict]) -> tuple[list[str], list[list[str]]]:
    """Head and lines of the list for a calibration: the first `FREED` that stand out."""
    body = []
    for row in [row for row in ranking if float(row["largest"]) >= THRESHOLD][:FREED]:
        total = "not in stage 2"
        if row["total"]:
            total = f"{interval_text(row, 'total')} of {said_of(row['total_in'], row['total_contrast'])}"
        body.append([row["rank"], f"`{row['parameter']}`", row["status"],
                     f"{float(row['default']):g} ({float(row['low']):g} – {float(row['high']):g})",
                     number(float(row["score"]), 2),
                     f"{number(float(row['largest']), 2)} in {said_of(row['largest_in'], row['largest_contrast'])}",
                     total])
    head = ["", "parameter", "status", "default (range)", "μ*, root mean square", "largest μ*", "largest total index"]
    return head, body


def said_of(outcome: str, contrast: str) -> str:
    """An outcome and where, in words."""
    return f"{named(outcome)[0]}, {contrast}"


def interval_text(row: dict, which: str) -> str:
    """Index with its interval."""
    value, low, high = (number(float(row[f"{which}{end}"]), 2) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"


def indices_table(sobol: list[dict], contrasts: list[str]) -> tuple[list[str], list[list[str]]]:
    """Head and lines: total index of each kept parameter, by outcome, of the last contrast and of the first level."""
    find = {(r["contrast"], r["outcome"], r["parameter"]): r for r in sobol}
    body = []
    for contrast in (contrasts[-1], contrasts[0]):
        for key in dict.fromkeys(row["parameter"] for row in sobol):
            cells = [find.get((contrast, o, key)) for o in primary()]
            body.append([contrast, f"`{key}`", *(interval_text(row, "total") if row else "–" for row in cells)])
    return ["", "parameter", *(named(o)[0] for o in primary())], body


def status_table(status: list[dict], contrasts: list[str]) -> tuple[list[str], list[list[str]]]:
    """Head and lines: first-order share of each standing, what they share, and chance, by outcome and contrast."""
    find = {(r["contrast"], r["outcome"], r["status"]): r for r in status}
    standings = list(dict.fromkeys(row["status"] for row in status))
    body = []
    for contrast in contrasts:
        for outcome in primary():
            rows = [find.get((contrast, outcome, name)) for name in standings]
            if not any(rows):
                body.append([contrast, named(outcome)[0], *["–"] * (len(standings) + 1), "all"])
                continue
            rest = 1 - sum(float(row["first"]) for row in rows)
            body.append([contrast, named(outcome)[0], *(interval_text(row, "first") for row in rows), number(rest, 2),
                         number(float(rows[0]["chance"]), 2)])
    return ["", "outcome", *standings, "interactions between", "chance, of a run's variance"], body


def noisy_text(status: list[dict], contrasts: list[str]) -> str:
    """Outcomes in which at least half of a run's variance is chance, by contrast."""
    chance = {(row["contrast"], row["outcome"]): float(row["chance"]) for row in status}
    said = []
    for contrast in contrasts:
        names = [named(o)[0] for o in primary() if chance.get((contrast, o), 1.0) >= NOISY]
        said.append(f"{contrast}: {', '.join(names) or 'none'}")
    return "; ".join(said)
