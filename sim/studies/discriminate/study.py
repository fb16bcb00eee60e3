"""Identifiability of control from public series: classification of worlds reduced to what the public could see.

The worlds of a group share parameters and seed and differ only in the scenario.  Each world is observed
(`sim.observation`), its monthly series are reduced to features (`sim.statistics.features`), and classifiers are
cross-validated on pairs of kinds (`sim.statistics.classify`), with no pair split over folds.  The same is done with the
latent truth, without the columns that name the controller by definition, as an upper bound for full observation.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq

from sim.observation import COLUMNS, SERIES, Months, draw_settings, observe, truths
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import read_plan
from sim.statistics.classify import CLASSIFIERS, CLEAR, FOLDS, REPEATS, SHUFFLES, Classification, Worlds, assess
from sim.statistics.features import features, price_features

CONTRASTS = (  # first kind (indicated by a high score), second kind, description
    ("dossier_brand", "branding", "control, where names are borrowed in both worlds"),
    ("dossier", "branding", "control without names against names without control"),
    ("dossier", "status_quo", "control against neither"),
    ("branding", "status_quo", "borrowed names against neither"),
)
REFERENCE = "attempts_published"  # series with which the feature `together` correlates every other series
FLOWS = {s.name for s in SERIES if not s.stock}
LATENT = {  # further latent series and whether each is a flow; features are standardised, so units do not matter
    "clashes": True, "abductions_predatory": True, "attempts_unaided": True, "unserved": True, "bribed_passages": True,
    "flow_fee": True, "flow_ransom": True, "flow_wages": True, "flow_arms": True, "flow_decoys": True,
    "price_mean": False, "price_p10": False, "price_p90": False, "hhi_clients": False, "hhi_turf": False,
    "pairs_at_war": False, "fighters": False, "guides": False, "weapons": False, "intensity": False, "heat": False,
}
BY_DEFINITION = ("controlled", "hhi_owners", "takeovers", "defections", "flow_skim", "flow_administration",
                 "pipeline_arrivals", "balance_organisations", "belief_abuse")  # left out: they would give the answer
LEAST = 6  # fewest groups of worlds for a contrast


def read(folder: Path) -> dict[tuple, Classification]:
    """Cross-validate each classifier on each contrast; keys: (variant, view, first kind, second kind, classifier)."""
    need_sklearn()
    return {(variant, seen, *pair, kind): assess(worlds, kind, SHUFFLES if seen == "public" else 0, seen == "public")
            for (variant, seen, *pair), worlds in read_worlds(Path(folder)).items() for kind in CLASSIFIERS}


def need_sklearn() -> None:
    """Raise ConfigurationError if scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise ConfigurationError("the analysis `discriminate` needs scikit-learn: pip install -e '.[analysis]'; "
                                 "finished runs are kept") from None


# reading -----------------------------------------------------------------------------------------------------------
def read_worlds(folder: Path) -> dict[tuple, Worlds]:
    """Pairs of worlds by (variant, view, first kind, second kind); the view is `public` or `everything`."""
    runs, nights = (folder / f"{name}.parquet" for name in ("runs", "nights"))
    for path in (runs, nights):
        if not path.exists():
            raise ConfigurationError(f"{path}: no such file; the sweep is not complete")
    drawn_key = drawn_column(folder)
    columns = ["experiment", "scenario", "replicate", "seed", *([drawn_key] if drawn_key else [])]
    tags = pq.read_table(runs, columns=columns).to_pylist()
    data = pq.read_table(nights, columns=["scenario", "replicate", "date", *wanted()])
    data = {name: data[name].to_numpy() for name in data.column_names}
    length, rest = divmod(len(data["date"]), len(tags))
    if rest:
        raise ConfigurationError(f"{nights}: does not hold the same nights of every run")
    groups = {}
    for k, tag in enumerate(tags):
        here = {name: column[k * length:(k + 1) * length] for name, column in data.items()}
        if here["scenario"][0] != tag["scenario"] or here["replicate"][-1] != tag["replicate"]:
            raise ConfigurationError(f"{nights}: is not in the order of {runs}")
        variant = "drawn" if drawn_key and tag[drawn_key] is not None else "defaults"
        group = groups.setdefault((variant, tag["seed"]), {})
        group[tag["scenario"]] = world(here, observer(folder, tag["seed"], variant), tag["seed"])
    return paired(groups)


def wanted() -> list[str]:
    """Names of the nightly columns that are read."""
    return list(dict.fromkeys([*(c for c in COLUMNS if c != "date"), *LATENT]))


def drawn_column(folder: Path) -> str | None:
    """A key that is empty in points at the defaults, if the design draws any."""
    names = pq.read_schema(folder / "runs.parquet").names
    keys = [name for name in names[1:names.index("scenario")] if name != "seed"]
    return keys[0] if keys else None


def observer(folder: Path, seed: int, variant: str):
    """Settings of the observation: the plan's, or drawn over their ranges and equal for all worlds of a group."""
    base = read_plan(sorted(folder.glob("plan-*.json"))[0])[1][0].base
    configured = {key.split(".")[1]: value for key, value in base.items() if key.startswith("observation.")}
    settings = SimpleNamespace(observation=SimpleNamespace(**configured))
    return draw_settings(settings.observation, seed, 0) if variant == "drawn" else settings


def world(nights: dict, settings, seed: int) -> dict[str, dict[str, float]]:
    """Features of one run, from public series and from the latent truth."""
    seen = observe(nights, settings, seed)
    public = features(seen["month"], rates(seen), REFERENCE)
    public |= price_features("price", seen["price_quoted"], seen["price_as_high_as"], seen["price_quotes"])
    months, true = Months(nights["date"]), truths(nights)
    more = {name: np.bincount(months.place, nights[name].astype(float)) / months.lengths for name in LATENT}
    return {"public": public, "everything": features(true["month"], rates(true) | more, REFERENCE)}


def rates(columns: dict) -> dict[str, np.ndarray]:
    """Series by month: flows per night, stocks unchanged."""
    return {s.name: columns[s.name] / (columns["nights"] if s.name in FLOWS else 1) for s in SERIES}


def paired(worlds: dict) -> dict[tuple, Worlds]:
    """Pairs of worlds for every contrast that was run in at least `LEAST` groups; ConfigurationError for none."""
    sets = {}
    for variant in dict.fromkeys(name for name, _ in worlds):
        groups = [group for (name, _), group in worlds.items() if name == variant]
        for first, second, _ in CONTRASTS:
            here = [group for group in groups if first in group and second in group]
            if len(here) < LEAST:
                continue
            for seen in ("public", "everything"):
                names = list(here[0][first][seen])
                matrix = [np.array([[group[kind][seen][name] for name in names] for group in here])
                          for kind in (first, second)]
                sets[variant, seen, first, second] = Worlds(names, *matrix)
    if not sets:
        raise ConfigurationError(f"no contrast has at least {LEAST} groups of worlds; give more draws")
    return sets


# tables ------------------------------------------------------------------------------------------------------------
def rows(results: dict) -> dict[str, list[dict]]:
    """Rows of the tables of contrasts and of the importance of public series."""
    return {"discriminate": contrast_rows(results), "discriminate_series": series_rows(results)}


def contrast_rows(results: dict) -> list[dict]:
    """Rows of `discriminate.csv`, one for each variant, view, contrast and classifier."""
    rows = []
    for (variant, seen, first, second, kind), result in results.items():
        low, high = np.quantile(result.shuffled, (0.025, 0.975)) if len(result.shuffled) else (np.nan, np.nan)
        rows.append({
            "variant": variant, "seen": seen, "first": first, "second": second, "classifier": kind,
            "groups": len(result.first), "auc": result.auc, "low": result.low, "high": result.high,
            "shuffled_mean": result.shuffled.mean() if len(result.shuffled) else np.nan, "shuffled_low": low,
            "shuffled_high": high, "brier": result.brier, "verdict": result.verdict})
    return rows


def series_rows(results: dict) -> list[dict]:
    """Rows of `discriminate_series.csv`, one for each variant, contrast, classifier and public series: the fall of the
    AUC when the series is permuted."""
    return [{"variant": variant, "first": first, "second": second, "classifier": kind, "series": name,
             "fall": result.importance[name][0], "low": result.importance[name][1], "high": result.importance[name][2],
             "tells": result.importance[name][1] > 0}
            for (variant, _, first, second, kind), result in results.items() for name in result.importance]


def note(groups: dict[str, int]) -> str:
    """A note on cross-validation and intervals; groups: number of groups of worlds by variant."""
    counted = ", ".join(f"{n} groups of worlds ({variant})" for variant, n in groups.items())
    return (f"There are {counted}. The {FOLDS}-fold cross-validation is repeated {REPEATS} times and never splits "
            "pairs; intervals are over groups. An AUC of 0.5 is chance, and the verdict `can tell` needs an interval "
            f"above 0.5 and an AUC of at least {CLEAR}.")
