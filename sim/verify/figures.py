"""The figure of all verification checks: distance of simulation from theory in units of the tolerance."""

from pathlib import Path

from sim.figures.style import DOUBLE, in_style, new, save

FLOOR = 1e-3  # smaller distances, and exact checks (tolerance 0), are drawn here


def distance(check) -> float:
    """|simulated − predicted| / tolerance; for exact checks 0, or 10 (beyond the axis) if they fail."""
    if check.tolerance:
        return check.off / check.tolerance
    return 0.0 if check.off <= 0 else 10.0


def draw(by_limit: dict):
    """Draw one row for each check; a check holds left of 1.  by_limit: checks by name of the limit."""
    rows = [(name, check) for name, checks in by_limit.items() for check in checks]
    figure, axes = new(DOUBLE, 14 + 3.6 * len(rows))
    ax = axes[0, 0]
    ax.axvspan(FLOOR / 2, 1, color="0.92", linewidth=0)
    ax.axvline(1, color="black", linewidth=0.8)
    for y, (_, check) in enumerate(reversed(rows)):
        x = min(max(distance(check), FLOOR), 10.0)
        good = check.holds
        ax.plot(x, y, "o" if good else "X", color="#0072B2" if good else "#D55E00", markersize=3.5 if good else 6)
    ax.set_xscale("log")
    ax.set_xlim(FLOOR / 2, 12)
    ax.set_ylim(-1, len(rows))
    ax.set_yticks(range(len(rows)), [f"{check.what}  ({name})" for name, check in reversed(rows)], fontsize=5.5)
    ax.set_xlabel("Distance of simulation from theory, in tolerances\n"
                  "(log scale; up to 1 holds; exact hits at the left edge)")
    return figure


def draw_to(folder: Path, by_limit: dict) -> Path:
    """Write verify.pdf and verify.png and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with in_style():
        save(draw(by_limit), folder / "verify")
    return folder
