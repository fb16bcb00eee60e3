"""Findings of the sensitivity analysis, from its tables."""

from itertools import combinations

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import distinct, with_ends
from sim.findings.text import named, number
from sim.registry.outcomes import primary
from sim.studies.sensitivity.results import THRESHOLD

FREED = 12  # parameters in the list for a calibration, at most
NOISY = 0.5  # smallest share of chance in a run's variance of an outcome that is called noisy
REMARK = ("Indices are shares of the variance of the expected outcome, with 95 % bootstrap intervals; a share below 0 "
          "is sampling error. Simulated under stated assumptions.")


def present(tables) -> Findings:
    """Return the parameters with the largest effects, their total indices, and shares of variance by status."""
    morris, sobol, ranking = (tables[f"sensitivity_{name}"] for name in ("morris", "sobol", "ranking"))
    status, contrasts = tables.get("sensitivity_status", []), distinct(morris, "contrast")
    main = (contrasts[-1], contrasts[0])
    shown = {"freed": freed_table(ranking), "indices": indices_table(sobol, main)}
    if others := [contrast for contrast in contrasts if contrast not in main]:
        shown["other_indices"] = indices_table(sobol, others)
    if status:
        shown["status"] = status_table(status, contrasts)
    return Findings(shown, (REMARK,), counts(morris, sobol, status, ranking, contrasts) | precision(sobol, *main))


def counts(morris, sobol, status, ranking, contrasts) -> dict[str, str]:
    """Numbers of points and seeds, and numbers of parameters with effects."""
    groups = {row["status"]: row["parameters"] for row in status}
    moved = {row["parameter"] for row in morris if float(row["mu_star"]) > 0}
    above = {row["parameter"] for row in morris if float(row["mu_star"]) > float(row["floor"] or 0)}
    return {"parameters": str(len(ranking)), "counts": ", ".join(f"{n} {name}" for name, n in groups.items()),
            "trajectories": max(row["trajectories"] for row in morris),
            "base": max((row["base"] for row in sobol), key=int),
            "seeds": sobol[0]["seeds"], "kept": str(sum(row["kept"] == "True" for row in ranking)),
            "idle": str(len(ranking) - len(moved)), "above": str(len(above)), "contrasts": ", ".join(contrasts),
            "noisy": noisy(status, contrasts)}


def precision(sobol: list[dict], last: str, first: str) -> dict[str, str]:
    """Precision of total indices: intervals wider than the index, intervals below 0, and separated pairs of an
    outcome."""
    shown = [(float(r["total"]), float(r["total_low"]), float(r["total_high"]), r["contrast"], r["outcome"])
             for r in sobol if r["contrast"] in (last, first)]
    values = {"wide": f"{sum(high - low > abs(total) for total, low, high, *_ in shown)} of {len(shown)}",
             "below": str(sum(high < 0 for _, _, high, *_ in shown))}
    for name, contrast in (("apart_last", last), ("apart_first", first)):
        pairs = [(a, b) for a, b in combinations(shown, 2) if a[3:] == b[3:] and a[3] == contrast]
        values[name] = f"{sum(a[1] > b[2] or b[1] > a[2] for a, b in pairs)} of {len(pairs)}"
    return values


def freed_table(ranking: list[dict]) -> Table:
    """Table of the first `FREED` parameters above the threshold, as candidates for a calibration."""
    body = []
    for row in [row for row in ranking if float(row["largest"]) >= THRESHOLD][:FREED]:
        total = "not in stage 2"
        if row["total"]:
            total = f"{index(row, 'total')} of {where(row['total_in'], row['total_contrast'])}"
        body.append((row["rank"], f"`{row['parameter']}`", row["status"],
                     f"{float(row['default']):g} ({float(row['low']):g} – {float(row['high']):g})",
                     Number(float(row["score"]), 2),
                     f"{number(float(row['largest']), 2)} in {where(row['largest_in'], row['largest_contrast'])}",
                     total))
    return Table("Parameters with large effects in the screening: effects as shares of the largest in each quantity",
                 ("", "parameter", "status", "default (range)", "μ*, root mean square", "largest μ*",
                  "largest total index"), tuple(body))


def where(outcome: str, contrast: str) -> str:
    """An outcome and its contrast in words."""
    return f"{named(outcome)[0]}, {contrast}"


def index(row: dict, which: str) -> Number:
    """An index with its interval."""
    return with_ends(row, (which, f"{which}_low", f"{which}_high"), 2)


def indices_table(sobol: list[dict], contrasts) -> Table:
    """Table of total indices of the kept parameters by outcome, for these contrasts."""
    find = {(r["contrast"], r["outcome"], r["parameter"]): r for r in sobol}
    body = []
    for contrast in contrasts:
        for key in distinct(sobol, "parameter"):
            cells = [find.get((contrast, outcome, key)) for outcome in primary()]
            body.append((contrast, f"`{key}`", *(index(row, "total") if row else "–" for row in cells)))
    return Table("Total indices of the kept parameters", ("", "parameter", *(named(o)[0] for o in primary())),
                 tuple(body), "–: the outcome varies only by chance.")


def status_table(status: list[dict], contrasts: list[str]) -> Table:
    """Table of first-order indices by status, their interactions and the share of chance, by outcome and contrast."""
    find = {(r["contrast"], r["outcome"], r["status"]): r for r in status}
    standings, body = distinct(status, "status"), []
    for contrast in contrasts:
        for outcome in primary():
            rows = [find.get((contrast, outcome, name)) for name in standings]
            body.append((contrast, named(outcome)[0], *status_cells(rows)))
    return Table("First-order indices of all parameters in groups by status",
                 ("", "outcome", *standings, "interactions between", "chance, of a run's variance"), tuple(body))


def status_cells(rows: list[dict | None]) -> tuple[Cell, ...]:
    """Shares of the groups, of their interactions and of chance; dashes if the outcome varies only by chance."""
    if not any(rows):
        return (*["–"] * (len(rows) + 1), "all")
    rest = 1 - sum(float(row["first"]) for row in rows)
    return (*(index(row, "first") for row in rows), Number(rest, 2), Number(float(rows[0]["chance"]), 2))


def noisy(status: list[dict], contrasts: list[str]) -> str:
    """Outcomes in which at least half of a run's variance is chance, by contrast."""
    chance = {(row["contrast"], row["outcome"]): float(row["chance"]) for row in status}
    texts = []
    for contrast in contrasts:
        names = [named(name)[0] for name in primary() if chance.get((contrast, name), 1.0) >= NOISY]
        texts.append(f"{contrast}: {', '.join(names) or 'none'}")
    return "; ".join(texts)
