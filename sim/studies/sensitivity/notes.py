"""What stands at the foot of the figures of sensitivity, their alternative texts, and whether indices tell anything."""

import numpy as np

from sim.registry.outcomes import outcomes, primary

TOLD = 0.5  # share of total indices that must exceed the half-width of their interval for a figure to be drawn


def telling(shares: list) -> bool:
    """Whether at least the share `TOLD` of all total indices is larger than the half-width of its interval."""
    if not shares:
        return False
    totals, halves = (np.concatenate([getattr(each, part) for each in shares]) for part in ("total", "total_half"))
    return bool((totals > halves).mean() >= TOLD)


def basis(contrast: str, size: str) -> str:
    """Sample and reference, for the foot of a figure."""
    return f"{contrast}. {size}"


def of_screening(results, contrast: str) -> str:
    """The alternative text of elementary effects, with the parameter of the largest effect by outcome."""
    keys, lines = results.designs.morris.keys, []
    here = {q.outcome: screening for q, screening in results.screened.items() if q.contrast == contrast}
    for name in primary():
        if here[name] is not None:
            lines.append(f"{outcomes()[name].label}: {keys[int(np.argmax(here[name].mu_star))]}")
    return f"Scatter plots of the size and spread of every parameter's effects. Largest effects: {'; '.join(lines)}."


def of_indices(shares: list, names) -> str:
    """The alternative text of indices, with the names of the largest total index in each panel."""
    largest = ", ".join(dict.fromkeys(names[int(np.argmax(each.total))] for each in shares))
    return f"Horizontal bars of first-order and total indices, one panel for each outcome. Largest totals: {largest}."
