"""Which conflicting figures can hold together: the same runs seen many times over by imperfect observers.

Every run of a finished study is observed `SAMPLES` times with the configured parameters of the observation and as often
with parameters drawn over their ranges.  A figure of the documents is an interval; two figures hold together in an
observed year when both lie in theirs.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import yaml

from sim.analysis.grid import NOTE, write_figures, write_rows
from sim.analysis.intervals import interval
from sim.draws import Draws
from sim.observation import COLUMNS, PRICES, SERIES, observe, truths
from sim.parameters import ConfigurationError, registry
from sim.summary import number, table

SAMPLES = 100
YEAR = 365.25  # nights
RARE = 0.05  # figures that agree in fewer observed years than this do not hold together
KINDS = ("configured", "drawn")  # parameters of the observation


class Run(NamedTuple):
    """One run: its truth and how it was seen, by month."""

    scenario: str
    replicate: int
    nights: dict
    truth: dict
    seen: dict[str, list[dict]]  # kind: samples


class Year(NamedTuple):
    """One observed year; rates by `years` where a record is shorter or longer."""

    nights: dict
    truth: dict
    seen: dict
    years: float

    def total(self, name: str) -> float:
        """Observed events a year."""
        return float(self.seen[name].sum() / self.years)

    def peak(self, name: str) -> float:
        """Observed events a night in the month (of at least 20 nights, where there is one) with most of them."""
        whole = self.seen["nights"] >= min(20, self.seen["nights"].max())
        return float((self.seen[name] / self.seen["nights"])[whole].max())


def ratio(a, b) -> float:
    return float(a / b) if b else float("nan")


def moved(year: Year) -> float:
    """People moved in the month with most of them, as announced."""
    return float(year.seen["moved_announced"].max())


def suspects_per_100(year: Year) -> float:
    """Suspects per 100 people moved in that month, as announced."""
    month = int(year.seen["moved_announced"].argmax())
    return 100 * ratio(year.seen["suspects_announced"][month], year.seen["moved_announced"][month])


def per_registered(year: Year) -> float:
    """Interceptions published per person registered."""
    return ratio(year.seen["interceptions_published"].sum(), year.seen["registered"].sum())


def latent_clashes(year: Year) -> float:
    """Clashes that happened, a night."""
    return float(np.mean(year.nights["clashes"]))


def highest_quote(year: Year) -> float:
    """The highest price heard in the record, EUR."""
    quotes = year.seen["price_as_high_as"]
    return float(np.nanmax(quotes)) if np.isfinite(quotes).any() else float("nan")


class Figure(NamedTuple):
    """A figure of the documents: what it is, the interval it leaves, its source, and how a year is measured."""

    said: str
    unit: str
    low: float
    high: float
    source: str
    of: object  # Year -> float

    def holds(self, values) -> np.ndarray:
        return (values >= self.low) & (values <= self.high)

    def bounds(self) -> str:
        if self.high == np.inf:
            return f"at least {number(self.low, digits(self.low))}"
        return f"{number(self.low, digits(self.low))} to {number(self.high, digits(self.high))}"


def digits(value: float) -> int:
    """Digits shown of a number of this size."""
    return 2 if abs(value) < 1 else 1 if abs(value) < 10 else 0


PEAK = Figure("attempts published a night, peak month", "attempts / night", 1000, 1200, "F2",
              lambda y: y.peak("attempts_published"))
MEAN = Figure("attempts published a night, mean of the year", "attempts / night", 1000, 1200, "F2, read as a mean",
              lambda y: y.total("attempts_published") / YEAR)
PER_REGISTERED = Figure("interceptions published per person registered", "ratio", 1.6, 2.2,
                        "2.0, 2.2 and 1.6 in 2021, 2022 and 2023", per_registered)
MOVED = Figure("found and moved, in the month with most of them, as announced", "persons", 4000, 5500, "F3", moved)
MOVED_YEAR = Figure("found and moved in a year, as announced", "persons", 4000, 12000,
                    "F3 and about 670 in two earlier operations of 2023, or several like it",
                    lambda y: y.total("moved_announced"))
SUSPECTS = Figure("suspects per 100 of these, as announced", "ratio", 1, 5, "F3: 127 beside 4500; 13 beside 300",
                  suspects_per_100)
ARRESTED = Figure("suspects arrested in a year, as announced", "persons", 4500, np.inf, "F3, read as suspects",
                  lambda y: y.total("suspects_announced"))
DAILY = Figure("clashes a night that happened", "clashes / night", 0.3, 1.0, "F4: \"almost daily\"", latent_clashes)
NGO = Figure("clashes in an NGO's list, in 15 months", "clashes", 10, np.inf, "F4: at least 10",
             lambda y: 1.25 * y.total("clashes_ngo"))
PRESS = Figure("clashes in the press, in 16 months", "clashes", 7, 22, "13, with the 95 % limits of a Poisson count",
               lambda y: 4 / 3 * y.total("clashes_press"))
PRESS_DAILY = Figure("clashes a night in the press", "clashes / night", 0.3, 1.0, "F4, read as reported",
                     lambda y: y.total("clashes_press") / YEAR)
PRICE = Figure("mean posted price", "EUR", 500, 1100, "F1: 1000, and offers from 500",
               lambda y: float(np.mean(y.truth["price_quoted"])))
QUOTE = Figure("highest price heard", "EUR", 2000, np.inf, "2350 from one ring", highest_quote)
OUTSIDE = Figure("people outside camps, mean of counts", "persons", 775, 2600, "775–2600 in 2021–22",
                 lambda y: float(y.seen["outside_counted"].mean()))
DEATHS = Figure("recorded deaths per 10 000 registered", "deaths / 10 000", 2, 4, "about 3 recorded in 2022",
                lambda y: 1e4 * ratio(sum(y.seen[s.name].sum() for s in SERIES if s.name.startswith("deaths_")),
                                      y.seen["registered"].sum()))
PAIRS = {  # name: the two figures
    "peak and interceptions": (PEAK, PER_REGISTERED), "mean and interceptions": (MEAN, PER_REGISTERED),
    "moved at once and suspects": (MOVED, SUSPECTS), "moved in a year and suspects": (MOVED_YEAR, SUSPECTS),
    "moved in a year and arrested": (MOVED_YEAR, ARRESTED),
    "almost daily and the NGO's list": (DAILY, NGO), "almost daily and the press": (DAILY, PRESS),
    "almost daily in the press": (DAILY, PRESS_DAILY), "a thousand and 2350": (PRICE, QUOTE),
    "few outside and many attempts": (OUTSIDE, PER_REGISTERED), "deaths and interceptions": (DEATHS, PER_REGISTERED),
}


def analyse(folder: Path) -> str:
    """`observed_series.csv`, `agreement.csv` and the figure beside the runs of a study; returns tables to print."""
    from sim.figures.observation import caption, draw

    folder = Path(folder)
    runs = read(folder)
    agreement = [row for name, pair in PAIRS.items() for row in agreement_rows(name, pair, runs)]
    write_rows(series_rows(runs), folder / "observed_series.csv")
    write_rows(agreement, folder / "agreement.csv")
    write_figures({"observed": (lambda: draw(runs[0]), caption(runs[0], SAMPLES))}, folder)
    return f"{text(agreement)}\n\n{len(runs)} runs, each seen {SAMPLES} times; {NOTE}"


def read(folder: Path) -> list[Run]:
    """Every run of a study, observed; ConfigurationError, one line, where its tables are not there."""
    for name in ("nights.parquet", "config.yaml"):
        if not (folder / name).exists():
            raise ConfigurationError(f"{folder / name}: no such file; observe the folder of a finished study")
    configured = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))["parameters"]
    nights = pq.read_table(folder / "nights.parquet",
                           columns=["scenario", "replicate", "seed", *dict.fromkeys(("clashes", *COLUMNS))])
    data = {name: nights[name].to_numpy() for name in nights.column_names}
    runs = []
    for scenario in configured:
        for replicate in np.unique(data["replicate"][data["scenario"] == scenario]).tolist():
            here = (data["scenario"] == scenario) & (data["replicate"] == replicate)
            runs.append(see(scenario, replicate, {k: v[here] for k, v in data.items()}, configured[scenario]))
    return runs


def see(scenario: str, replicate: int, nights: dict, configured: dict) -> Run:
    """One run seen many times."""
    seed = int(nights["seed"][0])
    settings = SimpleNamespace(observation=SimpleNamespace(**configured["observation"]))
    seen = {"configured": [observe(nights, settings, seed, k) for k in range(SAMPLES)],
            "drawn": [observe(nights, drawn(settings.observation, seed, k), seed, k) for k in range(SAMPLES)]}
    return Run(scenario, replicate, nights, truths(nights), seen)


def drawn(configured, seed: int, sample: int):
    """Parameters of the observation, each drawn over its range."""
    entries = [e for e in registry().values() if e.key.startswith("observation.") and e.range]
    u = Draws(seed).uniform("observer", 0, np.arange(len(entries)), sample)
    values = {e.key.split(".")[1]: e.range[0] + (e.range[1] - e.range[0]) * x for e, x in zip(entries, u.tolist())}
    return SimpleNamespace(observation=SimpleNamespace(**{**vars(configured), **values}))


def years(run: Run, kind: str) -> list[Year]:
    """A run's observed years."""
    span = len(run.nights["date"]) / YEAR
    return [Year(run.nights, run.truth, seen, span) for seen in run.seen[kind]]


# tables ------------------------------------------------------------------------------------------------------------
def series_rows(runs: list[Run]) -> list[dict]:
    """A line a scenario and series: truth, what was seen (mean, central 95 % of observed years), share seen."""
    rows = []
    for scenario in dict.fromkeys(run.scenario for run in runs):
        here = [run for run in runs if run.scenario == scenario]
        for s in SERIES:
            rows.append({"scenario": scenario, "series": s.name, "unit": s.unit + ("" if s.stock else " / year"),
                         "truth": np.mean([level(run, run.truth, s.name, s.stock) for run in here])}
                        | seen_row(here, s.name, s.stock))
        for name in PRICES:
            true = ("" if name == "price_quotes" else np.mean([run.truth["price_quoted"].mean() for run in here]))
            rows.append({"scenario": scenario, "series": name, "unit": PRICES[name][0], "truth": true}
                        | seen_row(here, name, name != "price_quotes"))
    return rows


def level(run: Run, columns: dict, name: str, stock: bool) -> float:
    """A stock's or price's mean over months, a flow's sum a year."""
    values = np.asarray(columns[name], float)
    if stock:
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
    return float(values.sum() / (len(run.nights["date"]) / YEAR))


def seen_row(runs, name, stock) -> dict:
    """Mean and central 95 % of observed years, configured and drawn."""
    row = {}
    for kind in KINDS:
        values = np.array([level(run, seen, name, stock) for run in runs for seen in run.seen[kind]])
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, (0.025, 0.975)) if len(values) else (np.nan, np.nan)
        mean = values.mean() if len(values) else np.nan
        tail = "" if kind == "configured" else "_drawn"
        row |= {f"mean{tail}": mean, f"low{tail}": low, f"high{tail}": high}
    return row


def agreement_rows(name: str, pair, runs: list[Run]) -> list[dict]:
    """Two lines a scenario and pair: how often each figure holds, and both, over observed years."""
    rows = []
    for scenario in dict.fromkeys(run.scenario for run in runs):
        for kind in KINDS:
            values = np.array([[[figure.of(year) for year in years(run, kind)] for figure in pair]
                               for run in runs if run.scenario == scenario])  # runs × 2 × samples
            holds = np.stack([figure.holds(values[:, i]) for i, figure in enumerate(pair)], axis=1)
            both = holds.all(axis=1)
            _, share, low, high = interval(both.mean(axis=1))
            row = {"pair": name, "scenario": scenario, "observation": kind}
            for i, figure in enumerate(pair):
                finite = values[:, i][np.isfinite(values[:, i])]
                ends = np.quantile(finite, (0.025, 0.975)) if len(finite) else (np.nan, np.nan)
                tag = "first" if i == 0 else "second"
                row |= {tag: figure.said, f"{tag}_documents": figure.bounds(), f"{tag}_source": figure.source,
                        f"{tag}_mean": finite.mean() if len(finite) else np.nan, f"{tag}_low": ends[0],
                        f"{tag}_high": ends[1], f"{tag}_holds": holds[:, i].mean()}
            rows.append(row | {"both": share, "both_low": max(low, 0.0), "both_high": min(high, 1.0),
                               "verdict": verdict(*holds.mean(axis=(0, 2)), share)})
    return rows


def verdict(first: float, second: float, both: float) -> str:
    """Words chosen by the shares of observed years in which the figures hold."""
    if both >= RARE:
        return "can hold together"
    alone = [name for name, share in (("first", first), ("second", second)) if share < RARE]
    return f"the {' and the '.join(alone)} {'do' if len(alone) > 1 else 'does'} not arise" if alone else "not together"


def text(rows: list[dict]) -> str:
    """The pairs on the terminal."""
    shares = ("first_holds", "second_holds", "both")
    body = [[r["pair"], r["observation"], *(percent(r[k]) for k in shares), r["verdict"]] for r in rows]
    return table(["figures", "observation", "first holds", "second holds", "both", ""], body)


def documented(reference: Path) -> dict[str, str]:
    """The tables of docs/observation.md from the registry of series and the reference run."""
    from sim.documentation import markdown_table, reference_rows
    from sim.observation import observed_columns

    seen = {row["series"]: row for row in reference_rows("observed_series.csv", reference)}
    pairs = reference_rows("agreement.csv", reference)
    formulas = [[f"`{s.name}`", s.unit, s.meaning, f"`{s.truth}`" if s.truth != "outside" else
                 "`informal` + `flat` + `unsheltered`", s.formula(), s.spread, s.facts] for s in SERIES]
    levels = [[f"`{name}`", row["unit"], shown(row["truth"]), spanned(row, ""), spanned(row, "_drawn")]
              for name, row in seen.items()]
    figures = [[r["pair"], *(f"{r[t]}: {r[f'{t}_documents']} ({r[f'{t}_source']})" for t in ("first", "second"))]
               for r in pairs if r["observation"] == "configured"]
    found = [[r["pair"] if r["observation"] == "configured" else "", r["observation"], *(
        f"{shown(r[f'{t}_mean'])} ({shown(r[f'{t}_low'])} to {shown(r[f'{t}_high'])}), {percent(r[f'{t}_holds'])}"
        for t in ("first", "second")), f"{percent(r['both'])} ({percent(r['both_low'])} to {percent(r['both_high'])})",
        r["verdict"]] for r in pairs]
    return {
        "formulas": markdown_table(["series", "unit", "meaning", "truth", "coverage c", "ρ", "facts"], formulas),
        "prices": markdown_table(["column", "unit", "meaning"], [[f"`{n}`", *observed_columns()[n]] for n in PRICES]),
        "levels": markdown_table(["series", "unit", "truth", "seen, configured", "seen, drawn"], levels),
        "figures": markdown_table(["pair", "first figure", "second figure"], figures),
        "found": markdown_table(["pair", "observation", "first: mean (central 95 %), holds in",
                                 "second: mean (central 95 %), holds in", "both (95 % interval over runs)", "verdict"],
                                found),
        "samples": str(SAMPLES), "rare": percent(RARE),
    }


def shown(value) -> str:
    """A number of a table as people read it."""
    return number(float(value), digits(float(value))) if value not in ("", None) else ""


def spanned(row, tail) -> str:
    return f"{shown(row[f'mean{tail}'])} ({shown(row[f'low{tail}'])} to {shown(row[f'high{tail}'])})"


def percent(value) -> str:
    return f"{100 * float(value):.0f} %" if value not in ("", None) else ""
