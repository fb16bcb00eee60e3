"""The text of `python -m sim --help`; this module imports no heavy library."""

import textwrap

from sim.command.verbs import VERBS
from sim.registry import extensions
from sim.registry.config_files import names, searched
from sim.registry.parameters import registry

HEAD = """\
An agent-based model of a border smuggling market: centralised control against fragmented competition.

usage
  python -m sim                               run one year of status_quo and print its table
  python -m sim scenario=dossier              run one year of another scenario
  python -m sim +experiment=centralisation    run the main comparison: four scenarios, paired years
  python -m sim KEY=VALUE ...                 change any key; docs/parameters.md lists all keys
  python -m sim -m KEY=A,B,C ...              sweep all combinations into one table; continues a stopped sweep
  python -m sim +design=points.csv            sweep over the rows of a file (CSV, Parquet), one column per key
  python -m sim VERB --help                   explain one of the verbs below
                                              (launchers and clusters: docs/sweeps.md; Hydra's options: --hydra-help)
"""
FOOT = """\
Results are written to results/<study>/<date_time>/ or, with hydra.run.dir=..., to another folder; the link `latest`
points to the newest.  The files are runs.parquet, nights.parquet, groups.parquet, observed.parquet, summary.csv,
figures/, report.html, config.yaml and manifest.json.  The same command with hydra.run.dir=<folder> continues a stopped
run.  The environment variable SIM_LOOPS=numpy switches compiled loops off; results are the same.  All results are
simulated under stated assumptions and are no estimate for any place, group or person.
"""


def listed(title: str, rows: list[tuple[str, str]], width: int) -> str:
    """A list of names and texts in two columns below a title; `width` is that of the first column."""
    lines = [title]
    for name, text in rows:
        first, *more = textwrap.wrap(text, 112 - width) or [""]
        lines.append(f"  {name:<{width}} {first}")
        lines += [f"  {'':<{width}} {line}" for line in more]
    return "\n".join(lines) + "\n"


def shown(value) -> str:
    """A default value as it is typed on the command line; of a long list, its length."""
    if isinstance(value, list) and len(str(value)) > 20:
        return f"{len(value)} entries"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def outside() -> str:
    """A list of the rules, outcomes and studies that other installed packages add; empty if there are none."""
    rows = [(word.format(*e.name.split(".")), f"package {e.package} {e.version}")
            for kind, word in (("rules", "rules.{}={}"), ("outcomes", "outcomes=[{}]"), ("studies", "analysis={}"))
            for e in extensions.found(kind).values()]
    return listed("from other installed packages", rows, 48) + "\n" if rows else ""


def text(words=()) -> str:
    """The complete help; `words` of the command line may name a search path of scenarios."""
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
