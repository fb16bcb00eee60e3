"""The figure of the experiment `history`: documented months as dots, simulated ones as lines with bands."""

import numpy as np
from matplotlib.dates import DateFormatter, MonthLocator

from sim.figures.style import DOUBLE, letter, look, new
from sim.findings import Figure
from sim.studies.history.study import BAND, NOTES, PAIRS, published


def figures(compared: dict) -> dict[str, Figure]:
    """The figure and its caption."""
    return {"history": Figure(lambda: draw(compared), caption(compared), basis(compared),
                              alternative(compared))}


def draw(compared: dict):
    """Draw one panel for each series; `compared` as returned by `sim.studies.history.study.compare`."""
    figure, axes = new(DOUBLE, 175, 3, 2)
    for ax, pair in zip(axes.flat, PAIRS):
        panel(ax, pair, compared)
    shares(axes.flat[len(PAIRS)], compared)
    letter(axes.flat)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def panel(ax, pair, compared) -> None:
    """Draw one series: a line and a band for each model of arrivals."""
    for scenario, series in compared.items():
        _, colour, line, _ = look(scenario)
        dates, simulated = series[pair.observed]
        if pair.events:
            after = dates >= min(published(pair))
            dates, simulated = dates[after], np.cumsum(simulated[:, after], axis=1)
        if not len(dates):
            continue
        middle = dates.astype("datetime64[D]") + np.timedelta64(30 if "end of" in pair.label else 0, "D")
        ax.fill_between(middle, *np.percentile(simulated, BAND, axis=0), color=colour, alpha=0.22, linewidth=0)
        ax.plot(middle, simulated.mean(axis=0), line, color=colour, label=f"Simulated, {NOTES.get(scenario, scenario)}")
    known = published(pair)
    if pair.events:
        known = dict(zip(known, np.cumsum(list(known.values()))))
    first = np.array(list(known)).astype("datetime64[D]") + np.timedelta64(30 if "end of" in pair.label else 0, "D")
    ax.plot(first, list(known.values()), "o", color="black", markersize=2.6, linestyle="", label="Documented")
    unit = "clashes, cumulated" if pair.events else pair.unit
    ax.set_ylabel(f"{pair.label}\n({unit})", fontsize=7)
    found = ratios(pair, compared)
    if np.isfinite(list(found.values())).any():
        ax.set_title(f"simulated ÷ documented: {in_words(found)}", fontsize=6.5, fontweight="normal", loc="right")
    ax.set_ylim(bottom=0)
    half_years(ax)


def ratios(pair, compared) -> dict[str, float]:
    """Simulated over documented sums of one series in the documented months, by model of arrivals."""
    known, found = published(pair), {}
    for scenario, series in compared.items():
        dates, simulated = series[pair.observed]
        at = [k for k, date in enumerate(dates) if date in known]
        total = sum(known[dates[k]] for k in at)
        found[scenario] = float(simulated[:, at].mean(axis=0).sum() / total) if total else float("nan")
    return found


def in_words(by_scenario: dict[str, float]) -> str:
    """Ratios by model of arrivals, in the order of the legend."""
    return " and ".join(f"{ratio:.2f}" if np.isfinite(ratio) else "–" for ratio in by_scenario.values())


def half_years(ax) -> None:
    """Set ticks with the year each January and July."""
    ax.xaxis.set_major_locator(MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(DateFormatter("%b\n%Y"))


def shares(ax, compared) -> None:
    """Draw detections relative to their mean over all months."""
    pair = PAIRS[0]
    for scenario, series in compared.items():
        _, colour, line, _ = look(scenario)
        dates, simulated = series[pair.observed]
        relative = simulated / np.maximum(simulated.mean(axis=1, keepdims=True), 1e-9)
        ax.fill_between(dates.astype("datetime64[D]"), *np.percentile(relative, BAND, axis=0), color=colour, alpha=0.22,
                        linewidth=0)
        ax.plot(dates.astype("datetime64[D]"), relative.mean(axis=0), line, color=colour)
    known = published(pair)
    values = np.array(list(known.values()), float)
    ax.plot(np.array(list(known)).astype("datetime64[D]"), values / values.mean(), "o", color="black", markersize=2.6)
    ax.set_ylabel("Detections, level taken out\n(month / mean month)", fontsize=7)
    ax.set_ylim(bottom=0)
    half_years(ax)


def caption(compared) -> str:
    """Caption of the figure."""
    n = len(next(iter(compared.values()))[PAIRS[0].observed][1])
    return ("The panels show reported series by month from January 2021 to September 2023: simulated ones as lines, "
            "documented ones as dots (sources in sim/registry/series.csv). The lines are means over "
            f"{n} replicates, and the bands hold 95 % of them, which shows chance in the simulation and in the "
            "reporting and, where arrivals are latent by nationality, the uncertainty of these arrivals. Arrivals come "
            "from the model's season with one growth between two yearly totals, from registrations month by month (for "
            "2023, from detections), or from detections by nationality and registrations as two noisy sights. Clashes "
            "are cumulated from the first documented one. Police operations start on documented days.")


def basis(compared) -> str:
    """Sample and intervals, for the foot of the figure."""
    n = len(next(iter(compared.values()))[PAIRS[0].observed][1])
    return (f"n: {n} replicates for each model of arrivals. Lines: means; bands: 95 % of replicates. Numbers above "
            "panels: "
            "sum of simulated over sum of documented values in the documented months, in the order of the legend.")


def alternative(compared) -> str:
    """The alternative text, with the ratios of simulated to documented sums."""
    lines = "; ".join(f"{pair.label} {in_words(ratios(pair, compared))}" for pair in PAIRS)
    return ("Six panels of documented months as dots and simulated ones as lines. Simulated over documented sums: "
            f"{lines}.")
