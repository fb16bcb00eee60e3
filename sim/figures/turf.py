"""Figure 3: who controls which sector through the year."""

import numpy as np
from matplotlib.patches import Patch

from sim.figures.style import DOUBLE, ORGANISATION, ORIGINS, look, months, new

NAME = "turf"
STEP = 7  # nights between points


def possible(tables) -> bool:
    """Whether the tables allow the figure: the folder has the turf of groups by sector."""
    return bool(tables.sectors())


def draw(tables):
    """One panel a scenario; one band a sector, stacked by owner; the first replicate."""
    sectors = tables.sectors()
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
        ax.set_ylabel("Sector and corridor; a band is all turf of a sector", fontsize=7)
    handles = [Patch(facecolor=colour, edgecolor="white", hatch=hatch_of(name), label=name)
               for name, colour in sorted(seen.items(), key=lambda item: (item[0][:5], item[0]))]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def panel(ax, tables, scenario, sectors, seen) -> None:
    """Stacked shares of each sector."""
    replicate = first_replicate(tables)
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
            height = (share * belongs).sum(axis=1)
            if height.max() <= 0:
                continue
            hatch = hatch_of(label)
            ax.fill_between(dates[points], base, base + height, facecolor=colour, edgecolor="white", linewidth=0.2,
                            hatch=hatch)
            seen.setdefault(label, colour)
            base = base + height
        ax.axhline(len(sectors) - 1 - s, color="black", linewidth=0.8)
    ax.set_yticks(np.arange(len(sectors)) + 0.5, labels(tables, scenario, sectors)[::-1], fontsize=6.5)
    ax.set_ylim(0, len(sectors))
    ax.margins(x=0)
    months(ax, dates, every=3)
    ax.tick_params(axis="y", length=0)


def first_replicate(tables) -> int:
    """The replicate that the figure shows."""
    return tables.runs["replicate"][0].as_py()


def labels(tables, scenario, sectors) -> list[str]:
    """Names of the sectors with their corridor, where the folder says which corridor has how many."""
    names = [name.removeprefix("turf_") for name in sectors]
    corridors, counts = (tables.parameter(scenario, "border", key) or () for key in ("corridors", "sectors"))
    where = [corridor.upper().replace("_", "–") for corridor, count in zip(corridors, counts) for _ in range(count)]
    return [f"{name} {place}" for name, place in zip(names, where)] if len(where) == len(names) else names


def hatch_of(label: str) -> str | None:
    """Hatches tell organisations and origins apart in grey print."""
    if label.startswith("Organ"):
        return "//"
    return {"B": "....", "C": "\\\\\\\\"}.get(label.removeprefix("Groups of origin ")[:1])


def stack_order(owner, origin, count):
    """(legend label, colour, points × groups mask) of each layer: organisations first, then groups by origin."""
    layers = [(f"Organisation {name}", colour, owner == name) for name, colour in ORGANISATION.items()]
    for j in range(count):
        mask = np.zeros(owner.shape, bool)
        mask[:, j] = ~np.char.startswith(owner[:, j].astype(str), "O")
        letter = origin[-1, j]
        layers.append((f"Groups of origin {letter}, independent", ORIGINS.get(letter, "0.5"), mask))
    return layers


def basis(tables) -> str:
    """Sample, for the foot of the figure."""
    return (f"One replicate (number {first_replicate(tables)} of {tables.replicates}) as an example; no mean and no "
            f"interval. One point every {STEP} nights. White lines part groups, black lines sectors; an organisation "
            "is one owner. One colour alone: one owner holds all.")


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("Each band shows the turf shares in one sector, stacked by the owner of the price decision; white lines "
            "part single groups. The panels show the first replicate of each scenario with a point every "
            f"{STEP} nights, as an example without interval. Steps are caused by clashes, splits and entries.")


def alternative(tables) -> str:
    """The alternative text."""
    return ("Stacked areas over the recorded nights, one panel for each of "
            f"{', '.join(look(s)[0] for s in tables.scenarios)} and one band for each sector: the shares of turf of "
            "independent groups, by origin, and of organisations in one example replicate.")
