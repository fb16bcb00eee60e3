"""Two ways to drive arrivals from January 2021 to September 2023, and the scenarios they make.

    python -m experiments.history.write_scenarios     writes history_growth.yaml and history_registered.yaml

`history_growth`: the model's own season, and one growth: the rate is level until June 2021, grows by the same factor
each month until July 2022 and is level again, so that both yearly totals of registrations come out.  It knows two
numbers of the data, no month.
`history_registered`: registrations in centres month by month; gaps between published months hold the published total of
the gap, spread by the season.  For 2023 no registrations are published up to September: there detections per
registration are taken as in 2022, so that detections of 2023 are no test of this arm.
"""

import numpy as np
from scipy.optimize import brentq

from sim.registry import series
from sim.registry.configuration import config_dir, configure
from sim.registry.files import write_text
from sim.registry.parameters import registry
from sim.studies.history.arrivals import (
    FIRST,
    FLAT,
    NIGHTS,
    WARMUP,
    WINDOW,
    before,
    dated,
    days,
    registered,
    season,
    steps,
    text,
)

MODULE = "experiments.history.write_scenarios"
SCENARIOS = ("history_growth", "history_registered")
GROWS = (np.datetime64("2021-06"), np.datetime64("2022-07"))  # last month before and first month after the growth


def growth(parameters, registered_share: float) -> tuple[float, np.ndarray]:
    """Arrivals a night before the growth, and the factor on them by month (`history_growth`)."""
    shape, length = season(parameters), days(WINDOW)
    months = np.clip((WINDOW - GROWS[0]).astype(int) / (GROWS[1] - GROWS[0]).astype(int), 0, 1)
    of_year = {number: WINDOW.astype("datetime64[Y]") == np.datetime64(str(number)) for number in (2021, 2022)}

    def total(number, factor):
        return float((length * shape * factor**months)[of_year[number]].sum())

    totals = {number: series.year("registered_year", number) / registered_share for number in of_year}
    factor = brentq(lambda f: total(2022, f) / total(2021, f) - totals[2022] / totals[2021], 0.5, 10)
    return totals[2021] / total(2021, factor), factor**months


def scenario(name: str, parameters, registered_share: float) -> str:
    """The text of a scenario's file."""
    if name == "history_growth":
        arrivals, factors = growth(parameters, registered_share)
        description, seasonal = "arrivals by the model's season and one growth between two yearly totals", []
    else:
        arrivals = before(registered_share)
        factors = registered(parameters) / registered_share / days(WINDOW) / arrivals
        description, seasonal = "arrivals fed from registrations by month", FLAT
    return text(name, f"status_quo, January 2021 to September 2023; {description}", MODULE, f"{FIRST}-01", NIGHTS,
                WARMUP, dated(), arrivals, seasonal, steps(factors))


def main() -> None:
    """Write both scenarios."""
    share = registry()["observation.registered"].default
    for name in SCENARIOS:
        write_text(config_dir() / "scenario" / f"{name}.yaml", scenario(name, configure(), share))


if __name__ == "__main__":
    main()
