"""Which signs are imposed and which can go either way: a prior-predictive sweep of centralised minus fragmented.

    python -m sim.studies.emergence.study              512 draws over the registry's ranges; some minutes on two cores
    python -m sim.studies.emergence.study --draws 64   fewer

Every parameter with a plausible range is drawn at once (Latin hypercube); each draw plays both scenarios with the same
seed.  Where nearly all draws give one sign, that sign is a premise of the model's ranges and not a finding.
"""

import argparse
import csv
import io
import sys
from pathlib import Path

import numpy as np

from sim.command.complain import complain
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.registry.files import write_text
from sim.registry.outcomes import outcomes
from sim.registry.parameters import Parameters, flatten, nest, validate
from sim.registry.ranges import left_open, values_at, varied
from sim.runs.compile import prepare
from sim.runs.pool import each
from sim.runs.run import simulate
from sim.world.draws import Draws, replicate_seed

SCENARIOS = ("fragmented", "centralised")
HEADLINES = ("price_mean", "clashes", "abductions_per_10k", "bribes_per_gross", "deaths_per_10k", "crossed_within_30",
             "outlay_per_arrival", "joint_surplus")
PREMISE = 0.05  # a sign that fewer draws than this contradict is a premise


def design(draws: int, seed: int) -> list[dict]:
    """Latin hypercube over the ranges: one mapping of key to value per draw."""
    keyed, entries = Draws(seed), varied()
    cube = np.empty((draws, len(entries)))
    for k in range(len(entries)):
        order = np.argsort(keyed.uniform("strata", 0, np.arange(draws), k))
        cube[:, k] = (order + keyed.uniform("within", 0, np.arange(draws), k)) / draws
    return [values_at(entries, point) for point in cube.tolist()]


def parameters_for(scenario: str, row: dict, settings: list[str]) -> Parameters:
    """A scenario's parameters at one draw; what the scenario itself sets stays as it sets it."""
    base = flatten(configure(scenario, settings).as_dict())
    return validate(nest(base | left_open(base, row)))


def one_draw(task) -> dict:
    """Centralised minus fragmented at one draw."""
    number, row, settings, seed = task
    runs = [simulate(parameters_for(s, row, settings), replicate_seed(seed, number)).run for s in SCENARIOS]
    return {name: runs[1][name] - runs[0][name] for name in HEADLINES}


def signs(differences: list[dict]) -> list[dict]:
    """Share of draws with a rise and with a fall, and what that makes of each headline."""
    rows = []
    for name in HEADLINES:
        values = np.array([d[name] for d in differences])
        finite = np.isfinite(values)
        up, down = (values[finite] > 0).mean(), (values[finite] < 0).mean()
        verdict = "premise" if min(up, down) < PREMISE else "either way"
        other = np.where(finite, -values if up >= down else values, -np.inf)  # largest where the rarer sign is clearest
        rows.append({"outcome": name, "label": outcomes()[name].label, "draws": int(finite.sum()),
                     "rises": round(float(up), 4), "falls": round(float(down), 4),
                     "median": float(np.median(values[finite])), "verdict": verdict,
                     "draw_of_the_other_sign": int(other.argmax()) if other.max() > 0 else ""})
    return rows


def other_signs(table: list[dict], rows: list[dict]) -> list[dict]:
    """The configurations that show the rarer sign most clearly: a row a key, a column a headline."""
    shown = {line["outcome"]: rows[line["draw_of_the_other_sign"]] for line in table
             if line["draw_of_the_other_sign"] != ""}
    return [{"key": e.key, "default": e.default, **{name: row[e.key] for name, row in shown.items()}} for e in varied()]


def main(words=None) -> int:
    """Run the sweep, print the table, write it, the draws and those that show the other sign."""
    parser = argparse.ArgumentParser(prog="python -m sim.studies.emergence.study", description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=512)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--nights", type=int, default=120)
    parser.add_argument("--warmup", type=int, default=80)
    parser.add_argument("--show", type=int, metavar="DRAW", help="play one draw only and print its configuration")
    parser.add_argument("--to", type=Path, default=Path("results/emergence"))
    asked = parser.parse_args(words)
    try:
        prepare()
    except ConfigurationError as error:
        return complain(error)
    settings = [f"scale={asked.scale}", f"nights={asked.nights}", f"warmup={asked.warmup}"]
    rows = design(asked.draws, asked.seed)
    tasks = [(k, row, settings, asked.seed) for k, row in enumerate(rows)]
    if asked.show is not None:
        return show(tasks, asked.show)
    differences = []
    for k, found in enumerate(each(one_draw, tasks, chunk=4), start=1):
        differences.append(found)
        if k % 32 == 0:
            print(f"sim.studies.emergence.study: {k} of {len(tasks)} draws", file=sys.stderr, flush=True)
    table = signs(differences)
    asked.to.mkdir(parents=True, exist_ok=True)
    write_text(asked.to / "emergence.csv", as_csv(table))
    write_text(asked.to / "draws.csv", as_csv([{**row, **d} for row, d in zip(rows, differences)]))
    write_text(asked.to / "other_signs.csv", as_csv(other_signs(table, rows)))
    print(f"centralised minus fragmented, {asked.draws} draws of {len(varied())} parameters over their ranges")
    for line in table:
        print(f"  {line['label']:<34} rises in {100 * line['rises']:5.1f} %, falls in {100 * line['falls']:5.1f} %   "
              f"{line['verdict']}")
    return 0


def show(tasks, number) -> int:
    """Print one draw: its configuration and what it gives."""
    if not 0 <= number < len(tasks):
        print(f"sim.studies.emergence.study: error: --show {number}: there are draws 0 to {len(tasks) - 1}", file=sys.stderr)
        return 2
    print("\n".join(f"{key}={value}" for key, value in tasks[number][1].items()))
    print("\ncentralised minus fragmented")
    print("\n".join(f"  {name:<20} {value:+.4g}" for name, value in one_draw(tasks[number]).items()))
    return 0


def as_csv(rows: list[dict]) -> str:
    """Rows as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    from sim.studies.emergence.study import main as run

    sys.exit(run())
