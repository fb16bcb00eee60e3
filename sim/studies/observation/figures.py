"""Figure of the study `observation`: one run's latent truth by month and its observations."""

import numpy as np
from matplotlib.ticker import FuncFormatter

from sim.figures.style import DOUBLE, letter, months, new
from sim.findings import Figure
from sim.findings.text import brief
from sim.studies.observation.study import SAMPLES

CLOSE, WIDE, DOT = "#7FB3D5", "#F3DDB3", "#0072B2"  # opaque, so that the legend shows what is drawn; differ in grey
PANELS = (  # series, label, logarithmic above 1
    ("attempts_published", "Attempts a month", False),
    ("detections_route", "Interceptions\nand detections a month", False),
    ("outside_counted", "People outside camps", False),
    ("clashes_ngo", "Clashes a month\n(logarithmic above 1)", True),
    ("abductions_known", "Abductions a month\n(logarithmic above 1)", True), ("price_quoted", "Price (EUR)", False),
)
LATENT = {"clashes_ngo": "clashes"}  # latent column shown for a series that observes reports instead of events


def figures(runs) -> dict[str, Figure]:
    """Return the figure of the first run by name."""
    return {"observed": Figure(lambda: draw(runs[0]), caption(runs[0], SAMPLES), basis(runs[0], SAMPLES),
                               alternative(runs[0]))}


def draw(run):
    """Draw six series of one run: truth as a line, observations as bands (central 95 %) or, for prices, as points."""
    figure, axes = new(DOUBLE, 100, 2, 3, sharex=True)
    dates = run.truth["month"].astype("datetime64[D]")
    for ax, (name, label, logarithmic) in zip(axes.flat, PANELS):
        ax.plot(dates, truth(run, name), "-", color="black", linewidth=1.2, label="Simulated truth")
        if name == "price_quoted":
            points(ax, run, dates)
        else:
            for kind, colour, word in (("drawn", WIDE, "Seen, parameters drawn over their ranges"),
                                       ("configured", CLOSE, "Seen, parameters as configured")):
                low, high = np.quantile([seen[name] for seen in run.seen[kind]], (0.025, 0.975), axis=0)
                ax.fill_between(dates, low, high, color=colour, linewidth=0, label=word)
        if logarithmic:
            ax.set_yscale("symlog", linthresh=1)
            ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.set_ylim(bottom=0)
        ax.set_ylabel(label)
        months(ax, dates, every=3)
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    dots, names = axes.flat[5].get_legend_handles_labels()
    figure.legend([*handles, dots[-1]], [*labels, names[-1]], loc="outside lower center", ncols=2)
    return figure


def truth(run, name) -> np.ndarray:
    """Latent truth of a series by month."""
    if name not in LATENT:
        return run.truth[name]
    months = np.asarray(run.nights["date"], "datetime64[M]")
    return np.array([run.nights[LATENT[name]][months == m].sum() for m in np.unique(months)])


def points(ax, run, dates) -> None:
    """Draw mean quotes of the first four observations."""
    for k, seen in enumerate(run.seen["configured"][:4]):
        ax.plot(dates, seen["price_quoted"], "o", color=DOT, markersize=3, alpha=0.8, linestyle="none",
                label="Mean of quotes heard" if not k else None)


def basis(run, samples: int) -> str:
    """Sample, for the foot of the figure."""
    return (f"One run ({run.scenario.replace('_', ' ')}, replicate {run.replicate}) as an example, observed {samples} "
            "times. "
            "Bands: central 95 % of observations of that run. Panels d and e: axis linear below 1, logarithmic above.")


def alternative(run) -> str:
    """The alternative text, with mean monthly values of the simulated truth."""
    each = ", ".join(f"{label.partition(chr(10))[0].lower()} {brief(np.nanmean(truth(run, name)))}"
                     for name, label, _ in PANELS)
    return f"Six panels over the months of one run: simulated truth as a line, observations as bands. Means: {each}."


def caption(run, samples: int) -> str:
    """Caption of the figure."""
    return (f"The panels show one run ({run.scenario.replace('_', ' ')}, replicate {run.replicate}) and its "
            f"observations. The lines show the latent truth by calendar month. The bands hold the central 95 % of "
            f"{samples} observations of the same run, with the configured parameters of the observation (dark) and "
            "with parameters drawn over their ranges (light); in panel a the configured observer misses nothing. The "
            "band of clashes is an NGO's list, and that of interceptions (panel b) the detections on the route. The "
            "points show means of the prices that four observers heard in a month; most months have none. Axes of "
            "clashes and abductions are logarithmic above 1.")
