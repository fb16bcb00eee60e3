"""`+experiment=calibration_screening`: which parameters move what a calibration compares with the documents.

Morris's elementary effects of every parameter that has a plausible range, on the summaries of
`sim/registry/calibration.yaml` whose months were run.  An effect is over the parameter's whole range and in units of
the summary's error: below one, what was reported could not tell one end of the range from the other.  Chance is known
from runs at the defaults; what it alone could give counts as 0 (`sim.statistics.indices.screen`).
"""

from functools import cached_property
from pathlib import Path

import numpy as np

from sim.figures import write_figures
from sim.findings.text import number, table
from sim.registry.files import write_rows
from sim.registry.parameters import ConfigurationError, Parameters, flatten
from sim.registry.ranges import standing, value_at
from sim.runs.parameter_draws import why
from sim.runs.plan import read_plan
from sim.statistics.indices import Screening, screen
from sim.studies.calibration.bank import columns_of
from sim.studies.calibration.summaries import Summary, latent, within
from sim.studies.sensitivity.design import Study
from sim.studies.sensitivity.rows import short
from sim.studies.sensitivity.study import study_of
from sim.world.draws import replicate_seed

NIGHTS = True  # the sweep keeps them
SEEDS = 12  # runs at the defaults
SHOWN = 24  # parameters in the figure and on the terminal


def stages(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run: Morris's trajectories, and the defaults under seeds of their own."""
    study = Study(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()}, paired=False)
    yield [*study.rows(study.morris), defaults(study)]


def defaults(study: Study) -> dict:
    """The row of the runs at the defaults."""
    return {"scenario": scenario_of(study), "seed": replicate_seed(study.seed, 3), "replicates": SEEDS}


def scenario_of(study: Study) -> str:
    """The one scenario; ConfigurationError where there are more."""
    if len(study.bases) > 1:
        raise ConfigurationError(f"scenarios={list(study.bases)}: summaries are screened in one scenario")
    return next(iter(study.bases))


class Screened:
    """Elementary effects on summaries, in units of their errors."""

    def __init__(self, study: Study, runs: dict, found: np.ndarray, which: tuple[Summary, ...]):
        """`runs`: row of `found` by identity and replicate; `found`: runs × summaries on scales of comparison."""
        self.study, self.which, self.keys = study, which, study.morris.keys
        unit = np.array([one.error for one in which])
        scenario = scenario_of(study)
        rows = [runs.get((point[scenario][1], 0)) if isinstance(point, dict) else None
                for point in study.points(study.morris)]
        gaps = np.full(len(which), np.nan)
        self.values = np.array([gaps if row is None else found[row] / unit for row in rows])
        several = {identity for identity, replicate in runs if replicate > 0}
        same = [row for (identity, _), row in runs.items() if identity in several]
        self.chance = (found[same] / unit).var(axis=0, ddof=1)

    @cached_property
    def measures(self) -> list[Screening]:
        """Morris's measures, one a summary; ConfigurationError where fewer than two trajectories are whole."""
        found = [screen(self.keys, self.study.morris.cube, self.values[:, [k]], float(self.chance[k]), self.study.seed)
                 for k in range(len(self.which))]
        if None in found:
            raise ConfigurationError("nothing can be screened: fewer than two trajectories are whole")
        return found

    @cached_property
    def effects(self) -> np.ndarray:
        """μ* by parameter and summary; 0 where chance could give it."""
        return np.stack([np.where(s.mu_star > s.floor, s.mu_star, 0.0) for s in self.measures], axis=1)

    @cached_property
    def rows(self) -> list[str]:
        """Rows of the file that have a summary here, in order."""
        return list(dict.fromkeys(one.row for one in self.which))

    @cached_property
    def by_row(self) -> np.ndarray:
        """Root mean square effect over the summaries of each row, so that twelve months count as one."""
        return np.stack([np.sqrt((self.effects[:, [one.row == row for one in self.which]] ** 2).mean(axis=1))
                         for row in self.rows], axis=1)

    @cached_property
    def score(self) -> np.ndarray:
        """Root mean square over rows."""
        return np.sqrt((self.by_row**2).mean(axis=1))

    @property
    def order(self) -> np.ndarray:
        """Parameters, highest score first."""
        return np.argsort(-self.score, kind="stable")

    def lines(self) -> list[dict]:
        """Lines of calibration_screening.csv."""
        found = []
        for rank, k in enumerate(self.order, start=1):
            entry, most = self.study.by_key[self.keys[k]], int(self.effects[k].argmax())
            found.append(short({
                "rank": rank, "parameter": entry.key, "status": standing(entry), "default": entry.default,
                "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": float(self.score[k]),
                "largest": float(self.effects[k, most]), "mu": float(self.measures[most].mu[k]),
                "largest_in": self.which[most].label if self.effects[k, most] else "",
                **{row: float(v) for row, v in zip(self.rows, self.by_row[k])}}))
        return found


def screened(folder: Path) -> Screened:
    """What a finished screening found."""
    study = study_of(folder, paired=False)
    points = read_plan(max(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime))[1]
    which = within(months_run(points[0].parameters))
    if not which:
        raise ConfigurationError(f"{folder}: no summary has all its months in these nights")
    columns = columns_of(folder, which)
    pairs = [(point.identity, k) for point in points for k in range(point.replicates)]
    return Screened(study, {pair: row for row, pair in enumerate(pairs)}, latent(columns, which), which)


def months_run(parameters) -> list[str]:
    """Calendar months ("2022_01") that lie wholly in a run."""
    first = np.datetime64(parameters.start_date, "D")
    dates = first + np.arange(parameters.nights + 1)
    starts = dates[dates == dates.astype("datetime64[M]")].astype("datetime64[M]")
    return [str(month).replace("-", "_") for month in starts[:-1]]


def analyse(folder: Path) -> str:
    """Write calibration_screening.csv and its figure; returns the table for the terminal."""
    from sim.studies.calibration_screening import figures as drawn

    found = screened(Path(folder))
    lines = found.lines()
    write_rows(lines, Path(folder) / "calibration_screening.csv")
    write_figures({"calibration_screening": (lambda: drawn.draw(lines, found.rows), drawn.caption(found))}, folder)
    above = sum(line["score"] > 0 for line in lines)
    return (table(HEAD, [cells(line) for line in lines[:SHOWN]])
            + f"\n{above} of {len(lines)} parameters move a summary by more than chance; effects over the whole range "
            f"in errors of the summary, {found.measures[0].trajectories} trajectories")


# in words ----------------------------------------------------------------------------------------------------------
HEAD = ["rank", "parameter", "status", "score", "moves most", "by (errors)", "free or not, and why"]


def cells(line) -> list[str]:
    """One line in words."""
    return [str(line["rank"]), line["parameter"], line["status"], number(float(line["score"]), 2), line["largest_in"],
            number(float(line["largest"]), 1), ": ".join(why(line["parameter"]))]
