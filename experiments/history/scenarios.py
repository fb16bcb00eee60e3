"""The scenarios of 2021 to 2023, from the documented series.

    python -m sim history     writes configs/scenario/history_growth.yaml, history_registered.yaml and
                              history_nationality.yaml, and sim/registry/latent_arrivals.csv
"""

from pathlib import Path

from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.files import write_rows, write_text
from sim.registry.parameters import registry
from sim.studies.history.arrivals import FIRST, NIGHTS, WARMUP, WINDOW, before, days, growth, registered, steps
from sim.studies.history.latent import Latent, estimate, table, visa_factor, visas

SCENARIOS = ("history_growth", "history_registered", "history_nationality")
LATENT = Path(series.REGISTRY) / "latent_arrivals.csv"
DISPLAY = {  # by scenario: its appearance in figures
    "history_growth": '{name: "History: season and growth", colour: "#D55E00", line: "--", marker: "^"}',
    "history_registered": '{name: "History: fed from registrations", colour: "#0072B2", line: "-", marker: "s"}',
    "history_nationality": '{name: "History: latent by nationality", colour: "#009E73", line: "-.", marker: "D"}',
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
    if name == "history_nationality":
        return by_nationality(name, parameters, registered_share)
    if name == "history_growth":
        arrivals, factors = growth(parameters, registered_share)
        sentence, seasonal = "arrivals by the model's season and one growth between two yearly totals", []
    else:
        arrivals = before(registered_share)
        factors = registered(parameters) / registered_share / days(WINDOW) / arrivals
        sentence, seasonal = "arrivals fed from registrations by month", FLAT
    return text(name, f"status_quo, January 2021 to September 2023; {sentence}", "history", f"{FIRST}-01",
                NIGHTS, WARMUP, dated(), arrivals, seasonal, steps(factors))


def by_nationality(name: str, parameters, registered_share: float) -> str:
    """The scenario whose arrivals are latent by nationality and whose visa-free origin meets dated visas.

    Those who came have answered already, so the answer of arrivals is off; the observed share of registered arrivals is
    that of the estimate.
    """
    latent = estimate(parameters)
    share, records = visas(latent)
    arrivals = before(registered_share)
    factors = latent.arrivals.sum(axis=0) / days(WINDOW) / arrivals / (1 - share + share * visa_factor(records))
    calendar = ["  calendar: # the visa-free origin before its rise, and since Serbia asked visas", *(
        f'    - {{kind: visas, nationality: E, from: "{first}", until: "{last}", strength: {factor}}}'
        for first, last, factor in records)]
    shares = [round(s * (1 - share), 4) for s in parameters.migrants.origin_shares]
    seasonal = ["  origins: [A, B, C, D, E] # E: nationals who fly in without a visa",
                f"  origin_shares: {[*shares, round(1 - sum(shares), 4)]}",
                f"  brand_appeal: {[*parameters.migrants.brand_appeal, parameters.migrants.brand_appeal[-1]]}",
                "  arrival_response: 0.0 # those who came have answered already", "  arrival_network: 0.0", *FLAT]
    written = text(name, "status_quo, January 2021 to September 2023; latent arrivals by nationality", "history",
                   f"{FIRST}-01", NIGHTS, WARMUP, [*dated(), *calendar], arrivals, seasonal, steps(factors))
    return written + f"observation:\n  registered: {registered_of(latent):.4f} # of those who try on this route\n"


def registered_of(latent: Latent) -> float:
    """Registrations per arrival over all groups and months."""
    return float((latent.registered @ latent.arrivals).sum() / latent.arrivals.sum())


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
    """Write all scenarios and the table of latent arrivals."""
    write_rows(table(estimate(configure())), LATENT)
    share = registry()["observation.registered"].default
    for name in SCENARIOS:
        write_text(config_dir() / "scenario" / f"{name}.yaml", scenario(name, configure(), share))


if __name__ == "__main__":
    main()
