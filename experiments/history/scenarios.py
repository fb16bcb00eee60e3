"""The scenarios of 2021 to 2023, from the documented series.

    python -m sim history     writes configs/scenario/history_growth.yaml and history_registered.yaml
"""

from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.files import write_text
from sim.registry.parameters import registry
from sim.studies.history.arrivals import FIRST, NIGHTS, WARMUP, WINDOW, before, days, growth, registered, steps

SCENARIOS = ("history_growth", "history_registered")
DISPLAY = {  # by scenario: its appearance in figures
    "history_growth": '{name: "History: season and growth", colour: "#D55E00", line: "--", marker: "^"}',
    "history_registered": '{name: "History: fed from registrations", colour: "#0072B2", line: "-", marker: "s"}',
    "prediction": '{name: "Prediction: last year repeated", colour: "#009E73", line: ":", marker: "D"}'}
FLAT = ["  season_year: 0.0", "  season_half: 0.0"]  # arrivals by month include the season already


def operations() -> list[str]:
    """Dates on which documented operations began."""
    return sorted({figure.date for figure in series.of("operation_found")})


def dated() -> list[str]:
    """Lines of the police section of a scenario with operations on documented days only."""
    return ["  heat_threshold: 1000000.0 # operations on documented days only", "  operations:",
            *(f"    - {{date: \"{day}\"}}" for day in operations())]


def scenario(name: str, parameters, registered_share: float) -> str:
    """The text of a scenario's file."""
    if name == "history_growth":
        arrivals, factors = growth(parameters, registered_share)
        sentence, seasonal = "arrivals by the model's season and one growth between two yearly totals", []
    else:
        arrivals = before(registered_share)
        factors = registered(parameters) / registered_share / days(WINDOW) / arrivals
        sentence, seasonal = "arrivals fed from registrations by month", FLAT
    return text(name, f"status_quo, January 2021 to September 2023; {sentence}", "history", f"{FIRST}-01",
                NIGHTS, WARMUP, dated(), arrivals, seasonal, steps(factors))


def text(name, sentence, verb, start, nights, warmup, police, arrivals, seasonal, shocks) -> str:
    """The text of a scenario's file: calendar, lines on police and season, arrivals and their shocks.

    verb: the verb of `python -m sim` that writes the file.
    """
    written = [f"    - {{date: \"{row['date']}\", nights: {row['nights']}, factor: {row['factor']}}}" for row in shocks]
    return "\n".join([
        "# @package _global_", f"# {name}: {sentence}",
        f"# Written by `python -m sim {verb}` from sim/registry/series.csv; do not edit.",
        f"scenario: {name}", f"display: {DISPLAY[name]}", f'start_date: "{start}"', f"nights: {nights}",
        f"warmup: {warmup}", "camps:", "  capacity: 480 # 8 155 places (2022, official) in 17 camps",
        "police:", *police, "migrants:", f"  arrivals: {arrivals:.2f}", *seasonal, "  shocks:", *written]) + "\n"


def main() -> None:
    """Write both scenarios."""
    share = registry()["observation.registered"].default
    for name in SCENARIOS:
        write_text(config_dir() / "scenario" / f"{name}.yaml", scenario(name, configure(), share))


if __name__ == "__main__":
    main()
