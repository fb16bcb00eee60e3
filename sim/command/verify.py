"""`python -m sim verify [limit ...]`: the table, the figure, and exit code 1 if any limit fails."""

import time
from pathlib import Path

from sim.command.complain import Parser
from sim.registry.errors import ConfigurationError
from sim.registry.parameters import suggestion
from sim.runs.compile import prepare
from sim.runs.pool import each
from sim.verify import Check, evaluate, limits, quick_limits

FIGURE = Path("results") / "verify"


def main(words=None) -> int:
    """Check the named limits, or all that are quick; returns the exit code."""
    parser = Parser("verify", __doc__)
    parser.add_argument("limit", nargs="*", help=f"one or more of: {', '.join(limits())}")
    parser.add_argument("--figure", type=Path, default=FIGURE, help="where to write verify.pdf and verify.png")
    args = parser.parse_args(words)
    names = args.limit or quick_limits()
    for name in names:
        if name not in limits():
            raise ConfigurationError(f"no limit {name}{suggestion(name, limits())}")
    prepare()
    started = time.monotonic()
    checked = run(names)
    print(table(checked))
    failed = sum(not check.holds for checks in checked.values() for check in checks)
    count = sum(map(len, checked.values()))
    if not args.limit:
        from sim.verify.figures import draw_to

        print(f"\nfigure: {draw_to(args.figure, checked)}")
    print(f"\n{count - failed} of {count} checks hold, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


def run(names) -> dict[str, list[Check]]:
    """Checks of each limit by its name; several limits run in parallel."""
    if len(names) == 1:
        return {names[0]: evaluate(names[0])}
    return dict(zip(names, each(evaluate, names)))


def table(checked) -> str:
    """A table of all checks: limit, predicted and simulated value, tolerance and verdict."""
    width = max(len(check.what) for checks in checked.values() for check in checks)
    lines = [f"{'limit':<19} {'what':<{width}} {'predicted':>13} {'simulated':>13} {'tolerance':>11}  verdict"]
    lines.append("─" * len(lines[0]))
    for name, checks in checked.items():
        for check in checks:
            lines.append(f"{name:<19} {check.what:<{width}} {check.predicted:>13.6g} {check.simulated:>13.6g} "
                         f"{check.tolerance:>11.3g}  {'holds' if check.holds else 'FAILS'}")
    return "\n".join(lines)
