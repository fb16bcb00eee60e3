"""Figures of the experiment `prediction`: fan charts of monthly predictive distributions, one column for each arm."""

from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, new
from sim.findings import Figure
from sim.studies.prediction.forecast import Forecast
from sim.studies.prediction.scenario import label_of
from sim.studies.prediction.scores import LEVELS, finite
from sim.studies.prediction.study import documented_months, split

ROWS = (("detections_route", "Detections on the route\n(detections / month)"),
        ("moved_announced", "Found and moved,\nannounced (persons / month)"),
        ("deaths_recorded", "Deaths, recorded\n(persons / month)"), ("price_mean", "Mean posted price\n(EUR)"),
        ("share_", "Attempts by corridor\n(share)"))
MODEL = "#0072B2"
CORRIDORS = (("#0072B2", "-", "o"), ("#D55E00", "--", "s"), ("#009E73", ":", "^"))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def figures(prediction) -> dict[str, Figure]:
    """Return the figures of the predictions and of the hindcasts."""
    ahead, behind = split(prediction.forecasts)
    return {name: figure(part, documented_months()) for name, part in (("prediction", ahead), ("hindcast", behind))
            if part}


def figure(by_arm: dict[str, Forecast], seen: dict) -> Figure:
    """Return the figure of some arms beside reported months; seen: {(series, month): Observation}."""
    return Figure(partial(draw, by_arm, seen), caption(by_arm), basis(by_arm), alternative(by_arm))


def draw(by_arm: dict[str, Forecast], seen: dict):
    """Draw arms side by side; seen: {(series, month): Observation}."""
    figure, axes = new(DOUBLE, 215, len(ROWS), len(by_arm), sharey="row")
    for column, forecast in enumerate(by_arm.values()):
        for row, (name, label) in enumerate(ROWS):
            ax = axes[row, column]
            (shares if name == "share_" else fan)(ax, forecast, name, seen)
            months(ax, forecast.months)
            if not column:
                ax.set_ylabel(label, fontsize=7)
    for ax in axes[:, 0]:  # the row shares its axis
        ax.set_ylim(bottom=0)
    letter(axes.flat)
    for ax, arm in zip(axes[0], by_arm):
        ax.set_title(label_of(arm).capitalize(), fontsize=7.5, fontweight="normal", loc="right")
    handles = dict(zip(*reversed(axes[0, 0].get_legend_handles_labels())))
    for ax in axes.flat:
        handles |= dict(zip(*reversed(ax.get_legend_handles_labels())))
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=5)
    return figure


def fan(ax, forecast, name, seen) -> None:
    """Draw median and central 50 and 95 % of the model, the baselines, and reported values."""
    place, members = np.arange(len(forecast.months)), forecast.members["model"][name]
    for level, alpha in (("95", 0.18), ("50", 0.35)):
        low, high = quantiles(members, LEVELS[level])
        ax.fill_between(place, low, high, color=MODEL, alpha=alpha, linewidth=0, label=f"Model, central {level} %")
    ax.plot(place, quantiles(members, (0.5,))[0], color=MODEL, label="Model, median")
    ax.plot(place, quantiles(forecast.members["mean_field"][name], (0.5,))[0], ":", color="black", linewidth=1,
            label="Mean field, median")
    if name in forecast.members["seasonal_naive"]:
        low, middle, high = quantiles(forecast.members["seasonal_naive"][name], (0.025, 0.5, 0.975))
        ax.errorbar(place + 0.12, middle, [middle - low, high - middle], color=GREY, fmt="_", markersize=5,
                    elinewidth=0.7, label="Seasonal naive, median and 95 %")
    reported(ax, forecast.months, name, seen, "o", "Reported")


def reported(ax, months, name, seen, marker, label="") -> None:
    """Draw reported values with their intervals."""
    shown = {k: seen[name, month] for k, month in enumerate(months) if (name, month) in seen}
    if shown:
        values, low, high = np.array(list(shown.values()), float).T
        ax.errorbar(list(shown), values, [values - low, high - values], fmt=marker, color="black", markersize=3,
                    elinewidth=0.8, zorder=5, label=label)
    elif label:
        ax.annotate("nothing reported by month", (0.02, 0.98), xycoords="axes fraction", fontsize=6, va="top",
                    color="0.35")


def shares(ax, forecast, prefix, seen) -> None:
    """Draw median and central 95 % of each corridor's share of attempts."""
    place = np.arange(len(forecast.months))
    names = [name for name in forecast.names() if name.startswith(prefix)]
    for (colour, line, marker), name in zip(CORRIDORS, names):
        low, middle, high = quantiles(forecast.members["model"][name], (0.025, 0.5, 0.975))
        ax.fill_between(place, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(place, middle, line, color=colour, marker=marker, markersize=2.5,
                label=name.removeprefix(prefix).upper().replace("_", "–"))
        reported(ax, forecast.months, name, seen, marker)


def quantiles(members, levels) -> list[np.ndarray]:
    """Quantiles by month over finite members; NaN if there are none."""
    columns = [finite(column) for column in np.asarray(members, float).T]
    return [np.array([np.quantile(column, q) if len(column) else np.nan for column in columns]) for q in levels]


def months(ax, names) -> None:
    """Set ticks with the name of each month, and the year below its first month."""
    years = names.astype("datetime64[Y]")
    number = names.astype(int) % 12
    texts = [MONTHS[n] + (f"\n{years[k]}" if not k or years[k] != years[k - 1] else "") for k, n in enumerate(number)]
    ax.set_xticks(range(len(names)), texts, fontsize=6)


def basis(by_arm) -> str:
    """Sample and intervals, for the foot of the figure."""
    members = len(next(iter(by_arm.values())).members["model"]["interceptions"])
    return (f"n: {members} runs in each column, each with its own draw of parameters, level of arrivals and chance. "
            "Bands: central 50 and 95 % of runs. Bars of reported values: their own intervals.")


def alternative(by_arm) -> str:
    """The alternative text, with the predicted detections of the first and last month by arm."""
    lines = []
    for arm, forecast in by_arm.items():
        low, high = (quantiles(forecast.members["model"]["detections_route"], (q,))[0] for q in (0.025, 0.975))
        lines.append(f"{label_of(arm)}: {low[0]:.0f} to {high[0]:.0f} in the first month, {low[-1]:.0f} to "
                     f"{high[-1]:.0f} in the last")
    return ("Fan charts of five monthly series, one column for each arm. Central 95 % of detections on the route, "
            f"{'; '.join(lines)}.")


def caption(by_arm) -> str:
    """Caption of the figure."""
    first = next(iter(by_arm.values()))
    members = len(first.members["model"]["interceptions"])
    return (f"The panels show monthly predictive distributions of {members} runs in each arm; each run has its own "
            "draw of the parameters, of the level of arrivals and of chance. The bands hold the central 50 and 95 % of "
            "the runs, and the lines are medians. The dotted line is the mean field (identical persons, no market). "
            "The seasonal naive baseline (grey) is shown with median and 95 % where months or years are documented: it "
            "is the same month a year before, multiplied and divided by past changes, or for recorded deaths a twelfth "
            "of past years. The dots show reported values (sources in sim/registry/series.csv, or the file given).")
