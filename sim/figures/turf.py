"""Figure 3: who controls which sector through the year."""

import numpy as np
from matplotlib.patches import Patch

from sim.figures.style import DOUBLE, ORGANISATION, ORIGINS, look, months, new

NAME = "turf"
STEP = 7  # nights between points


def draw(tables):
    """One panel a scenario; one band a sector, stacked by owner; the first replicate."""
    sectors = tables.sectors()
    if not sectors:
        return None
    columns = min(4, len(tables.scenarios))
    rows = -(-len(tables.scenarios) // columns)
    figure, axes = new(DOUBLE, 14 + 96 * rows, rows, columns, sharey=True)
    seen = {}
    for ax, scenario in zip(axes.flat, tables.scenarios):
        panel(ax, tables, scenario, sectors, seen)
        ax.set_title(look(scenario)[0].replace(" (", "\n("), fontsize=8)
    for ax in axes.flat[len(tables.scenarios):]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel("Sector; height of a band = all of its turf")
    handles = [Patch(facecolor=colour, edgecolor="white", hatch=hatch_of(name), label=name)
               for name, colour in sorted(seen.items(), key=lambda item: (item[0][:5], item[0]))]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def panel(ax, tables, scenario, sectors, seen) -> None:
    """Stacked shares of each sector."""
    replicate = tables.runs["replicate"][0].as_py()
    data = tables.groups(scenario, replicate, ["night", "group", "origin", "owner", *sectors])
    nights = np.unique(data["night"])
    dates = tables.dates()
    points = np.unique(np.r_[np.arange(0, len(nights), STEP), len(nights) - 1])
    count = len(data["night"]) // len(nights)
    owner = data["owner"].reshape(-1, count)[points]
    origin = data["origin"].reshape(-1, count)[points]
    layers = stack_order(owner, origin, count)
    for s, sector in enumerate(sectors):
        share = data[sector].reshape(-1, count)[points]
        base = np.full(len(points), len(sectors) - 1 - s, float)
        for label, colour, belongs in layers:
            height = 0.92 * (share * belongs).sum(axis=1)
            if height.max() <= 0:
                continue
            hatch = hatch_of(label)
            ax.fill_between(dates[points], base, base + height, facecolor=colour, edgecolor="white", linewidth=0.2,
                            hatch=hatch)
            seen.setdefault(label, colour)
            base = base + height
    ax.set_yticks(np.arange(len(sectors)) + 0.46, [name.removeprefix("turf_") for name in reversed(sectors)])
    ax.set_ylim(0, len(sectors))
    ax.margins(x=0)
    months(ax, dates, every=3)
    ax.tick_params(axis="y", length=0)


def hatch_of(label: str) -> str | None:
    """Hatches tell organisations and origins apart in grey print."""
    if label.startswith("Organ"):
        return "//"
    return {"B": "....", "C": "\\\\\\\\"}.get(label.removeprefix("Groups of origin ")[:1])


def stack_order(owner, origin, count):
    """(legend label, colour, points × groups mask) of each layer: organisations first, then groups by origin."""
    layers = [(f"Organisation {name}", colour, owner == name) for name, colour in ORGANISATION.items()]
    shade = dict.fromkeys(ORIGINS, 0)
    for j in range(count):
        letter = origin[-1, j]
        colours = ORIGINS.get(letter, ["0.5"])
        colour = colours[shade.get(letter, 0) % len(colours)]
        shade[letter] = shade.get(letter, 0) + 1
        mask = np.zeros(owner.shape, bool)
        mask[:, j] = ~np.char.startswith(owner[:, j].astype(str), "O")
        layers.append((f"Groups of origin {letter}, independent", colour, mask))
    return layers


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("Each band shows the turf shares in one sector (S01–S06 lie in the first corridor, then three in each), "
            "stacked by the owner of the price decision; shades are single groups. The panels show the first replicate "
            f"of each scenario with a point every {STEP} nights. Steps are caused by clashes, splits and entries.")
