"""Features of monthly series: a small fixed set of numbers for each series.

A series is x_m = log(1 + rate per night) in month m; with t in years and the phase φ of the calendar year,

    x_m = level + trend (t − mean t) + a cos φ + b sin φ + residual        (least squares)

level: mean of x; trend: change per year; season: √(a² + b²); spread: standard deviation of the residuals; together:
correlation of the series with the reference series over months (0 if either is constant).  Prices, which most months
lack, give the logarithm of the mean of all quotes and of the highest quote.
"""

import numpy as np

PARTS = ("level", "trend", "season", "spread", "together")
PRICE_PARTS = ("level", "highest")


def features(months: np.ndarray, series: dict, reference: str) -> dict[str, float]:
    """Features by name "series.part", for every part in `PARTS`.

    months: first days of M months; series: rates per night or levels by name, each (M,) without NaN; reference: name of
    the series with which `together` correlates the others, and which itself has no such part.
    """
    phase, years = calendar(months)
    design = np.column_stack([np.ones(len(years)), years, np.cos(phase), np.sin(phase)])
    x = {name: np.log1p(np.asarray(values, float)) for name, values in series.items()}
    fitted = np.linalg.lstsq(design, np.column_stack(list(x.values())), rcond=None)[0]
    numbers = {}
    for k, (name, values) in enumerate(x.items()):
        _, trend, a, b = fitted[:, k]
        residuals = values - design @ fitted[:, k]
        parts = (values.mean(), trend, np.hypot(a, b), residuals.std(), correlation(values, x[reference]))
        numbers |= {f"{name}.{part}": float(v) for part, v in zip(PARTS, parts)
                    if not (name == reference and part == "together")}
    return numbers


def calendar(months) -> tuple[np.ndarray, np.ndarray]:
    """Phase of the calendar year [radians] and years since the middle of the record, by month (M,) each."""
    number = np.asarray(months, "datetime64[M]").astype(int)
    return 2 * np.pi * (number % 12) / 12, (number - number.mean()) / 12


def correlation(x, y) -> float:
    """Pearson's correlation; 0 if either series is constant."""
    x, y = x - x.mean(), y - y.mean()
    size = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / size) if size > 1e-12 else 0.0


def price_features(name: str, means, highest, counts) -> dict[str, float]:
    """Features of quoted prices by name "series.part", for every part in `PRICE_PARTS`; NaN without any quote.

    means, highest: mean and highest quote of each month [EUR]; counts: number of quotes of each month.
    """
    counts = np.asarray(counts, float)
    if not counts.sum():
        return dict.fromkeys((f"{name}.{part}" for part in PRICE_PARTS), float("nan"))
    mean = np.nansum(np.where(counts > 0, means, 0.0) * counts) / counts.sum()
    return {f"{name}.level": float(np.log(mean)), f"{name}.highest": float(np.log(np.nanmax(highest)))}


def series_of(names) -> dict[str, list[int]]:
    """Positions of the features of each series in a list of feature names."""
    places = {}
    for k, name in enumerate(names):
        places.setdefault(name.rpartition(".")[0], []).append(k)
    return places
