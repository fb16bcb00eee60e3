"""Which parameters the outcomes hang on: Morris screening of all, Sobol' indices of the few that matter, and by status.

Stage 1 steps through every parameter that has a plausible range, and draws all of them at once in groups by what is
known of them (reported, literature, …, assumed, contested), which also tells how much is chance.  Stage 2 varies those
that stand out.  Outcomes are taken as levels of each scenario and as paired differences of each second scenario from
the one before it (same seeds).  Points have seeds of their own and several of them, so that chance can be told from
parameters (`sim.analysis.indices`).
"""

import json
import math
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.analysis.grid import heading, named, write_figures, write_rows
from sim.analysis.indices import Screening, Shares, salib, saltelli, screen, shares, split, trajectories
from sim.draws import replicate_seed
from sim.outcomes import primary
from sim.parameters import ConfigurationError, Parameters, check_values, flatten
from sim.ranges import STANDINGS, left_open, standing, value_at, values_at, varied
from sim.results import digest_of, identity_of
from sim.summary import number, table
from sim.sweeps.plan import read_plan
from sim.sweeps.store import Journals

THRESHOLD = 0.1  # a parameter is kept for stage 2 if its μ* reaches this share of the largest in any quantity
DIGITS = 6  # significant ones in tables on disk
DESIGNS = ("morris", "status", "sobol")


class Sample(NamedTuple):
    """A design on the unit cube: points × parameters, with a seed a point."""

    name: str  # one of DESIGNS
    keys: list[str]
    cube: np.ndarray
    seeds: list[int]
    replicates: int
    groups: list[str] | None = None  # of each key


class Study:
    """What is varied in which scenarios, and the designs for it; the same settings give the same designs."""

    def __init__(self, settings: dict, bases: dict[str, dict]):
        """`bases`: every key's value by scenario; keys that no scenario leaves at the default are not varied."""
        if len(bases) % 2:
            raise ConfigurationError(f"scenarios={list(bases)}: give pairs, each second one is compared with the first")
        salib()
        self.settings, self.bases = settings, bases
        self.entries = [e for e in varied(settings["vary"])
                        if any(left_open(base, {e.key: None}) for base in bases.values())]
        if not self.entries:
            raise ConfigurationError(f"vary={settings['vary']}: nothing is left to vary")
        self.by_key = {e.key: e for e in self.entries}
        self.seed, self.replicates = (next(iter(bases.values()))[key] for key in ("seed", "replicates"))

    def seeds(self, design: str, count: int) -> list[int]:
        """Seeds that no other design shares."""
        own = replicate_seed(self.seed, DESIGNS.index(design))
        return [replicate_seed(own, k) for k in range(count)]

    @cached_property
    def morris(self) -> Sample:
        """All parameters; a trajectory has one seed, so that what does nothing has effects of exactly 0."""
        keys, count = list(self.by_key), self.settings["trajectories"]
        seeds = self.seeds("morris", count)
        return Sample("morris", keys, trajectories(keys, count, self.seed),
                      [seed for seed in seeds for _ in range(len(keys) + 1)], 1)

    def sobol(self, kept: list[str]) -> Sample:
        """The kept parameters, the rest at their defaults; every point has its own seed."""
        cube = saltelli(kept, self.settings["samples"], self.seed)
        return Sample("sobol", kept, cube, self.seeds("sobol", len(cube)), self.replicates)

    @cached_property
    def status(self) -> Sample | None:
        """All parameters in groups by standing; None where there is but one group."""
        groups = [standing(e) for e in self.entries]
        if len(set(groups)) < 2:
            return None
        cube = saltelli(list(self.by_key), self.settings["samples"], self.seed + 1, groups)
        return Sample("status", list(self.by_key), cube, self.seeds("status", len(cube)), self.replicates, groups)

    def points(self, sample: Sample) -> list[dict | str]:
        """For each point {scenario: (what differs from its base, identity)}, or why a configuration refuses it."""
        entries, found = [self.by_key[key] for key in sample.keys], []
        for coordinates, seed in zip(sample.cube.tolist(), sample.seeds):
            values = values_at(entries, coordinates)
            try:
                point = {}
                for scenario, base in self.bases.items():
                    row = {"seed": seed, "replicates": sample.replicates, **left_open(base, values)}
                    point[scenario] = (row, identity_of(digest_of(check_values(base, row))))
                found.append(point)
            except ConfigurationError as error:
                found.append(str(error))
        return found

    def rows(self, *samples: Sample | None) -> list[dict]:
        """Rows of a sweep's design: what runs, each once; refused points are left out."""
        rows = {}
        for sample in filter(None, samples):
            for point in self.points(sample):
                if not isinstance(point, str):
                    rows |= {identity: {"scenario": scenario, **row} for scenario, (row, identity) in point.items()}
        return list(rows.values())


def stages(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run, stage after stage; is sent the folder in which a stage was run."""
    study = Study(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})
    folder = yield study.rows(study.morris, study.status)
    yield study.rows(study.sobol(kept(Results(study, folder).ranking())))


# what was found ----------------------------------------------------------------------------------------------------
class Quantity(NamedTuple):
    """An outcome's level in one scenario, or its paired difference between two."""

    outcome: str
    scenario: str
    minus: str = ""

    @property
    def contrast(self) -> str:
        """In words."""
        return f"{self.scenario} minus {self.minus}" if self.minus else self.scenario


class Ranked(NamedTuple):
    """A parameter's place after stage 1."""

    key: str
    largest: float  # of its μ* as shares of the largest μ* of each quantity; 0 where chance could give it
    where: Quantity
    score: float  # root mean square of those shares over all quantities
    kept: bool


class Results:
    """The runs of a study's folder as points × seeds, and what they say."""

    def __init__(self, study: Study, folder: Path):
        journals = Journals(Path(folder))
        journals.refresh()
        self.study, self.runs = study, journals.runs
        pairs = list(zip(list(study.bases)[::2], list(study.bases)[1::2]))
        self.quantities = [Quantity(o, s) for s in study.bases for o in primary()]
        self.quantities += [Quantity(o, second, first) for first, second in pairs for o in primary()]
        self._runs, self.refused = {}, {}

    def values(self, sample: Sample, quantity: Quantity) -> np.ndarray:
        """Points × seeds [outcome's unit]; NaN where a run is refused or missing."""
        if sample.name not in self._runs:
            self._runs[sample.name] = self.read(sample)
        runs = self._runs[sample.name]
        level = runs[quantity.scenario, quantity.outcome]
        return level - runs[quantity.minus, quantity.outcome] if quantity.minus else level

    def read(self, sample: Sample) -> dict:
        """Outcomes of a design by scenario and name; counts what was refused."""
        points, n = self.study.points(sample), sample.replicates
        self.refused[sample.name] = [(k, said) for k, said in enumerate(points) if isinstance(said, str)]
        read = {(s, o): np.full((len(points), n), math.nan) for s in self.study.bases for o in primary()}
        for k, point in enumerate(points):
            for scenario, (_, identity) in point.items() if isinstance(point, dict) else ():
                for replicate in range(n):
                    if run := self.runs.get((identity, replicate)):
                        for name in primary():
                            read[scenario, name][k, replicate] = run[name]
        return read

    @cached_property
    def screened(self) -> dict[Quantity, Screening | None]:
        """Morris's measures of every quantity."""
        sample, seed = self.study.morris, self.study.seed
        return {q: screen(sample.keys, sample.cube, self.values(sample, q), self.chance(q), seed)
                for q in self.quantities}

    def chance(self, quantity: Quantity) -> float:
        """Variance of one run by chance, mean over the ranges [outcome's unit squared]; NaN if not known."""
        return split(self.values(self.study.status, quantity)).chance if self.study.status else math.nan

    def shares_of(self, sample: Sample) -> dict[Quantity, Shares | None]:
        """Sobol' indices of every quantity."""
        return {q: shares(sample.keys, self.values(sample, q), self.study.seed, sample.groups) for q in self.quantities}

    def ranking(self) -> list[Ranked]:
        """All parameters, those that stage 2 takes first.

        Kept: μ* of at least `THRESHOLD` of the largest in any quantity, and above what chance can give; of these the
        `keep` highest by root mean square over all quantities.
        """
        found = {q: s for q, s in self.screened.items() if s is not None and s.mu_star.max() > 0}
        if not found:
            raise ConfigurationError("nothing can be ranked: no outcome varies, or fewer than two trajectories are "
                                     "whole")
        relative = np.array([np.where(s.mu_star > np.nan_to_num(s.floor), s.mu_star / s.mu_star.max(), 0.0)
                             for s in found.values()])
        score = np.sqrt((relative**2).mean(axis=0))
        order = np.lexsort((-score, relative.max(axis=0) < THRESHOLD))
        best = [(self.study.morris.keys[k], float(relative[:, k].max()), list(found)[relative[:, k].argmax()],
                 float(score[k])) for k in order]
        return [Ranked(*one, place < self.study.settings["keep"] and one[1] >= THRESHOLD)
                for place, one in enumerate(best)]


def kept(ranking: list[Ranked]) -> list[str]:
    """Keys that stage 2 varies; ConfigurationError where none stands out."""
    keys = [line.key for line in ranking if line.kept]
    if not keys:
        raise ConfigurationError("no parameter stands out from chance in stage 1: raise trajectories, nights or scale")
    return keys


# tables ------------------------------------------------------------------------------------------------------------
def analyse(folder: Path) -> str:
    """Tables `sensitivity_*.csv` and figures beside the runs; returns what to print."""
    from sim.figures import sensitivity as figures

    folder = Path(folder)
    results = Results(study_of(folder), folder)
    study, ranking = results.study, results.ranking()
    sobol = study.sobol(kept(ranking))
    found = results.shares_of(sobol)
    groups = results.shares_of(study.status) if study.status else {}
    write_rows(morris_rows(results), folder / "sensitivity_morris.csv")
    write_rows(sobol_rows(results, sobol, found), folder / "sensitivity_sobol.csv")
    if groups:
        write_rows(status_rows(results, groups), folder / "sensitivity_status.csv")
    write_rows(ranking_rows(results, ranking, sobol, found), folder / "sensitivity_ranking.csv")
    said = sample_text(results, sobol)
    write_figures(figures.all_figures(results, sobol, found, groups, said), folder)
    return "\n\n".join([*tables(results, ranking, sobol, found, groups), said])


def study_of(folder: Path) -> Study:
    """The study whose last stage a folder's manifest names."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    head, points = read_plan(folder / f"plan-{manifest['configuration_hash']}.json")
    bases = {point.scenario: point.base for point in points}
    return Study(head["settings"], {name: bases[name] for name in head["settings"]["scenarios"]})


def members(sample: Sample) -> list[str]:
    """What indices are of: keys, or groups in SALib's order."""
    return list(dict.fromkeys(sample.groups)) if sample.groups else sample.keys


def short(values: dict) -> dict:
    """Numbers with `DIGITS` significant ones."""
    return {key: float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for key, v in values.items()}


def tag(quantity: Quantity) -> dict:
    """First columns of every table."""
    return {"contrast": quantity.contrast, "outcome": quantity.outcome, "unit": named(quantity.outcome)[1]}


def morris_rows(results: Results) -> list[dict]:
    """A line a quantity and parameter; effects are over the whole range."""
    rows = []
    for quantity, found in results.screened.items():
        for k, key in enumerate(results.study.morris.keys) if found else ():
            rows.append(short(tag(quantity) | {
                "parameter": key, "status": standing(results.study.by_key[key]), "mu": float(found.mu[k]),
                "mu_star": float(found.mu_star[k]), "mu_star_low": float(found.mu_star[k] - found.half[k]),
                "mu_star_high": float(found.mu_star[k] + found.half[k]), "sigma": float(found.sigma[k]),
                "floor": found.floor, "trajectories": found.trajectories}))
    return rows


def index_row(quantity: Quantity, found: Shares, k: int) -> dict:
    """Indices of one parameter or group, and how the variance of a run splits."""
    return short({"first": float(found.first[k]), "first_low": float(found.first[k] - found.first_half[k]),
                  "first_high": float(found.first[k] + found.first_half[k]), "total": float(found.total[k]),
                  "total_low": float(found.total[k] - found.total_half[k]),
                  "total_high": float(found.total[k] + found.total_half[k]),
                  "chance": found.variance.share_of_chance, "seeds": found.variance.seeds, "base": found.blocks})


def sobol_rows(results: Results, sample: Sample, found: dict) -> list[dict]:
    """A line a quantity and kept parameter; a quantity in which nothing but chance varies has none."""
    return [tag(q) | {"parameter": key, "status": standing(results.study.by_key[key])} | index_row(q, s, k)
            for q, s in found.items() if s for k, key in enumerate(sample.keys)]


def status_rows(results: Results, found: dict) -> list[dict]:
    """A line a quantity and standing, in the order of `STANDINGS`."""
    sample = results.study.status
    places = [(name, members(sample).index(name)) for name in STANDINGS if name in members(sample)]
    return [tag(q) | {"status": name, "parameters": sample.groups.count(name)} | index_row(q, s, k)
            for q, s in found.items() if s for name, k in places]


def ranking_rows(results: Results, ranking: list[Ranked], sample: Sample, found: dict) -> list[dict]:
    """A line a parameter, highest first: why it is kept and the largest total index it has."""
    rows = []
    for place, line in enumerate(ranking, start=1):
        entry = results.study.by_key[line.key]
        row = {"rank": place, "parameter": line.key, "status": standing(entry), "default": entry.default,
               "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": line.score, "largest": line.largest,
               "largest_in": line.where.outcome, "largest_contrast": line.where.contrast, "kept": line.kept}
        rows.append(short(row | largest_total(line.key, sample, found)))
    return rows


def largest_total(key: str, sample: Sample, found: dict) -> dict:
    """The quantity whose variance a kept parameter has most of."""
    empty = dict.fromkeys(("total", "total_low", "total_high", "total_in", "total_contrast"), "")
    if key not in sample.keys or not any(found.values()):
        return empty
    k = sample.keys.index(key)
    q, s = max(((q, s) for q, s in found.items() if s), key=lambda pair: pair[1].total[k])
    row = index_row(q, s, k)
    return {name: row[name] for name in ("total", "total_low", "total_high")} | {
        "total_in": q.outcome, "total_contrast": q.contrast}


# text --------------------------------------------------------------------------------------------------------------
def sample_text(results: Results, sobol: Sample) -> str:
    """How much was run, and what was refused or could not be judged."""
    study, base = results.study, next(iter(results.study.bases.values()))
    designs = [s for s in (study.morris, sobol, study.status) if s]
    for sample in designs:
        results.values(sample, results.quantities[0])  # so that refusals are counted
    counts = ", ".join(f"{s.name} {len(s.cube)} points ({len(results.refused[s.name])} refused)" for s in designs)
    reasons = sorted({said for refused in results.refused.values() for _, said in refused})
    more = f"; refused, for example: {reasons[0]}" if reasons else ""
    return (f"{counts}{more}; {study.replicates} seeds a point (morris 1), the same in all scenarios; {base['nights']} "
            f"nights after {base['warmup']} at scale {base['scale']:g}. Simulated under stated assumptions.")


def tables(results: Results, ranking, sobol: Sample, found: dict, groups: dict) -> list[str]:
    """Ranking, indices of differences and levels, chance, and shares by standing."""
    blocks = [table(["parameter (Morris)", "status", "largest μ*, share", "in", "of", "root mean square"],
                    [[line.key, standing(results.study.by_key[line.key]), f"{line.largest:.2f}",
                      heading(line.where.outcome), line.where.contrast, f"{line.score:.2f}"]
                     for line in ranking if line.kept])]
    for contrast in dict.fromkeys(q.contrast for q in results.quantities):
        blocks.append(indices_text(f"total index, {contrast}", sobol, found, contrast, "total"))
        if groups:
            blocks.append(indices_text(f"first index by status, {contrast}", results.study.status, groups, contrast,
                                       "first"))
    return blocks


def indices_text(title: str, sample: Sample, found: dict, contrast: str, which: str) -> str:
    """One table: a line a parameter or group, a column an outcome; index ± half-width, and the share of chance."""
    here = {q.outcome: s for q, s in found.items() if q.contrast == contrast}
    body = [[name, *(index_text(here[o], which, k) for o in primary())] for k, name in enumerate(members(sample))]
    chance = [number(s.variance.share_of_chance, 2) if s else "all" for s in (here[o] for o in primary())]
    return table([title, *map(heading, primary())], [*body, ["chance, share of a run's variance", *chance]])


def index_text(found: Shares | None, which: str, k: int) -> str:
    """An index ± its half-width; a dash where nothing but chance varies."""
    if found is None:
        return "–"
    return f"{number(float(getattr(found, which)[k]), 2)} ± {number(float(getattr(found, f'{which}_half')[k]), 2)}"


# the page ----------------------------------------------------------------------------------------------------------
FREED = 12  # parameters in the page's list, at most
NOISY = 0.5  # share of chance in a run's variance from which an outcome is called too noisy


def documented(reference: Path) -> dict[str, str]:
    """Texts of docs/sensitivity.md from the tables of the reference run."""
    from sim.documentation import markdown_table, reference_rows

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
    }


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
