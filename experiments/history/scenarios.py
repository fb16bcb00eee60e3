"""The scenarios of 2021 to 2023, from the documented series.

    python -m sim history             writes configs/scenario/history_growth.yaml, history_registered.yaml and
                                      history_nationality.yaml, and latent_arrivals.csv and latent_draws.csv in
                                      sim/registry/
    python -m sim history FOLDER      the same, given the finished run of `+experiment=history` in FOLDER, from which it
                                      writes sim/registry/latent_shown.csv first: one round of the fixed point of
                                      `sim.studies.history.latent`
"""

import sys
from functools import cache
from pathlib import Path

from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.files import write_rows, write_text
from sim.registry.parameters import registry
from sim.studies.history import shown
from sim.studies.history.arrivals import FIRST, NIGHTS, WARMUP, WINDOW, before, days, growth, registered, steps
from sim.studies.history.latent import MONTHS, WITHIN, Latent, estimate, table, table_of_draws, visa_factor, visas
from sim.studies.history.study import DRAWS

SCENARIOS = ("history_growth", "history_registered", "history_nationality")
DISPLAY = {  # by scenario: its appearance in figures
    "history_growth": '{name: "History: season and growth", colour: "#D55E00", line: "--", marker: "^"}',
    "history_registered": '{name: "History: fed from registrations", colour: "#0072B2", line: "-", marker: "s"}',
    "history_nationality": '{name: "History: latent by nationality", colour: "#009E73", line: "-.", marker: "D"}',
    "prediction": '{name: "Prediction: last year repeated", colour: "#009E73", line: ":", marker: "D"}'}
FLAT = ["  season_year: 0.0", "  season_half: 0.0"]  # arrivals by month include the season already
STAYS = {"migrants.first_delay": 11.0, "migrants.delay_thickness": 1.2}  # with the reason in `stays`


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
    usual, earlier = parameters.migrants.arrivals, before(registered_share)
    if name == "history_growth":
        level, factors = growth(parameters, registered_share)
        factors = level * factors
        sentence, seasonal = "arrivals by the model's season and one growth between two yearly totals", []
    else:
        factors = registered(parameters) / registered_share / days(WINDOW)
        sentence, seasonal = "arrivals fed from registrations by month", FLAT
    shocks = steps([earlier / usual] * int((~WITHIN).sum()) + list(factors / usual), MONTHS)
    return text(name, f"status_quo, January 2021 to September 2023; {sentence}", "history", f"{FIRST}-01",
                NIGHTS, WARMUP, dated(), usual, [*seasonal, *stays()], shocks) + supply()


def by_nationality(name: str, parameters, registered_share: float) -> str:
    """The scenario whose arrivals are latent by nationality and answer, and whose visa-free origin meets dated visas.

    Shocks are those who would come at unchanged news; the observed share of registered arrivals is the estimate's.
    """
    seen, latent = estimated()
    share, records = visas(latent)
    arrivals = parameters.migrants.arrivals
    factors = (latent.arrivals.sum(axis=0) / seen.answer / days(MONTHS) / arrivals
               / (1 - share + share * visa_factor(records)))
    calendar = ["  calendar: # the visa-free origin before its rise, and since Serbia asked visas", *(
        f'    - {{kind: visas, nationality: E, from: "{first}", until: "{last}", strength: {factor}}}'
        for first, last, factor in records)]
    shares = [round(s * (1 - share), 3) for s in parameters.migrants.origin_shares]
    seasonal = ["  origins: [A, B, C, D, E] # E: nationals who fly in without a visa",
                f"  origin_shares: {[*shares, round(1 - sum(shares), 3)]}",
                f"  brand_appeal: {[*parameters.migrants.brand_appeal, parameters.migrants.brand_appeal[-1]]}", *FLAT]
    written = text(name, "status_quo, January 2021 to September 2023; latent arrivals by nationality", "history",
                   f"{FIRST}-01", NIGHTS, WARMUP, [*dated(), *calendar], arrivals, [*seasonal, *stays()],
                   steps(factors, MONTHS, 3))
    seen_share = f"  registered: {registered_of(latent):.3f} # of those who try on this route\n"
    return written + supply() + f"observation:\n{seen_share}"


@cache
def estimated() -> tuple[shown.Shown, Latent]:
    """What runs have shown, and the latent arrivals given that."""
    seen = shown.stored()
    return seen, estimate(configure("status_quo", [f"{key}={value}" for key, value in STAYS.items()]), seen)


def registered_of(latent: Latent) -> float:
    """Registrations per arrival over all groups and months, at most 1: a run registers nobody who does not come."""
    return min(float((latent.registered @ latent.arrivals).sum() / latent.arrivals.sum()), 1.0)


def stays() -> list[str]:
    """Lines of the migrants section on the first delay."""
    return [f"  {key.removeprefix('migrants.')}: {value}" for key, value in STAYS.items()]


def supply() -> str:
    """The section on groups: as many people become ready to join a night as Hungary arrested in 2022."""
    inflow = series.year("smugglers_arrested_year", 2022) / 365
    return f"gangs:\n  labour_inflow: {inflow:.1f} # as many as were arrested in 2022\n"


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


def main(words=None) -> None:
    """Write all scenarios and the tables of latent arrivals; with the folder of a run, what it shows first."""
    words = sys.argv[1:] if words is None else words
    if words:
        write_rows(shown.table(Path(words[0])), shown.TABLE)
    _, latent = estimated()
    write_rows(table(latent), shown.ESTIMATE)
    write_rows(table_of_draws(latent), DRAWS)
    share = registry()["observation.registered"].default
    for name in SCENARIOS:
        write_text(config_dir() / "scenario" / f"{name}.yaml", scenario(name, configure(), share))
