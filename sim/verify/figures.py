"""The figure of all verification checks: distance of simulation from theory in units of the tolerance."""

from pathlib import Path

from sim.figures.style import DOUBLE, footed, in_style, new, save

FLOOR = 1e-3  # smaller distances, and exact checks (tolerance 0), are drawn here


def distance(check) -> float:
    """|simulated − predicted| / tolerance; for exact checks 0, or 10 (beyond the axis) if they fail."""
    if check.tolerance:
        return check.off / check.tolerance
    return 0.0 if check.off <= 0 else 10.0


def draw(by_limit: dict):
    """Draw one row for each limit: all its checks as marks; a check holds left of 1.

    by_limit: checks by name of the limit.
    """
    figure, axes = new(DOUBLE, 16 + 3.6 * len(by_limit))
    ax = axes[0, 0]
    ax.axvspan(FLOOR / 2, 1, color="0.92", linewidth=0)
    ax.axvline(1, color="black", linewidth=0.8)
    for y, checks in enumerate(reversed(by_limit.values())):
        for check in checks:
            x = min(max(distance(check), FLOOR), 10.0)
            good = check.holds
            ax.plot(x, y, "o" if good else "X", color="#0072B2" if good else "#D55E00", markersize=3.5 if good else 6,
                    markeredgewidth=0, alpha=0.7)
    ax.set_xscale("log")
    ax.set_xlim(FLOOR / 2, 12)
    ax.set_ylim(-1, len(by_limit))
    names = [f"{name} ({sum(check.holds for check in checks)} of {len(checks)} hold)"
             for name, checks in by_limit.items()]
    ax.set_yticks(range(len(names)), names[::-1], fontsize=6)
    ax.set_xlabel("Distance of simulation from theory, in tolerances\n"
                  f"(log scale; left of 1 holds; exact hits and distances below {FLOOR:g} at the left edge)")
    return footed(figure, f"n: {sum(map(len, by_limit.values()))} checks of {len(by_limit)} limits; each mark is a "
                          "check. Reference: the prediction of theory.")


def draw_to(folder: Path, by_limit: dict) -> Path:
    """Write verify.pdf and verify.png and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with in_style():
        save(draw(by_limit), folder / "verify")
    return folder
