"""The text of `python -m sim --help`; imports nothing heavy."""

import textwrap

from sim.command.verbs import VERBS
from sim.registry import extensions
from sim.registry.configuration import names, searched
from sim.registry.parameters import registry

HEAD = """\
An agent-based model of a border smuggling market: centralised control against fragmented competition.

usage
  python -m sim                               one status_quo year; prints its table
  python -m sim scenario=dossier              one year of another scenario
  python -m sim +experiment=centralisation    the main comparison: four scenarios, paired years
  python -m sim KEY=VALUE ...                 change any key; all keys: docs/parameters.md
  python -m sim -m KEY=A,B,C ...              sweep: every combination, one table; stopped sweeps go on
  python -m sim +design=points.csv            sweep over the rows of a file (CSV, Parquet), a column a key
  python -m sim VERB --help                   what a verb below does
                                              (launchers and clusters: docs/sweeps.md; --hydra-help: Hydra's options)
"""
FOOT = """\
Results go to results/<study>/<date_time>/ (another place: hydra.run.dir=...), `latest` points to the newest:
runs.parquet, nights.parquet, groups.parquet, observed.parquet, summary.csv, figures/, report.html, config.yaml,
manifest.json.
The same command with hydra.run.dir=<folder> takes up a run that was stopped.  SIM_LOOPS=numpy in the environment does
without compiled loops (same results).  All results are simulated under stated assumptions and are no estimate for any
place, group or person.
"""


def listed(title: str, rows: list[tuple[str, str]], width: int) -> str:
    """A titled two-column list."""
    lines = [title]
    for name, text in rows:
        first, *more = textwrap.wrap(text, 112 - width) or [""]
        lines.append(f"  {name:<{width}} {first}")
        lines += [f"  {'':<{width}} {line}" for line in more]
    return "\n".join(lines) + "\n"


def shown(value) -> str:
    """A default as one would type it."""
    if isinstance(value, list) and len(str(value)) > 20:
        return f"{len(value)} entries"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def outside() -> str:
    """What other installed packages add to rules, outcomes and studies, if anything."""
    rows = [(word.format(*e.name.split(".")), f"package {e.package} {e.version}")
            for kind, word in (("rules", "rules.{}={}"), ("outcomes", "outcomes=[{}]"), ("studies", "analysis={}"))
            for e in extensions.found(kind).values()]
    return listed("from other installed packages", rows, 48) + "\n" if rows else ""


def text(words=()) -> str:
    """The whole help; `words` of the command line may name a search path of scenarios."""
    folders = searched(words)
    keys = [(f"{e.key}={shown(e.default)}" + (f" [{e.unit}]" if e.unit else ""), e.help)
            for e in registry().values() if e.help]
    return "\n".join([
        HEAD,
        listed("verbs (python -m sim VERB ...)", [(verb.name, verb.sentence) for verb in VERBS.values()], 15),
        listed("scenarios (scenario=...)", list(names("scenario", folders).items()), 15),
        listed("experiments (+experiment=...)", list(names("experiment", folders).items()), 21),
        listed("keys most often changed, with defaults", keys, 48),
        outside() + FOOT,
    ])
