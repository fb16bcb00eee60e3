"""Can public series tell control from branding?  Worlds of each kind, reduced to what the public could see.

Every group of worlds shares parameters and seed and differs in scenario alone.  Each world is observed
(`sim.observation`), its monthly series become a stated set of numbers (`sim.statistics.features`), and classifiers are
cross-validated on pairs of kinds (`sim.statistics.classify`), with no pair split over folds.  The same is done with the
latent truth, without the columns that say by definition who controls whom: what could be told if everything were seen.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq

from sim.observation import COLUMNS, SERIES, Months, draw_settings, observe, truths
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import read_plan
from sim.statistics.classify import CLASSIFIERS, CLEAR, FOLDS, REPEATS, SHUFFLES, Told, Worlds, tell
from sim.statistics.features import features, price_features

CONTRASTS = (  # first kind (a high score stands for it), second kind, the question
    ("dossier_brand", "branding", "control, where names are borrowed in both worlds"),
    ("dossier", "branding", "control without names against names without control"),
    ("dossier", "status_quo", "control against neither"),
    ("branding", "status_quo", "borrowed names against neither"),
)
REFERENCE = "attempts_published"  # series that `together` looks at
FLOWS = {s.name for s in SERIES if not s.stock}
LATENT = {  # further latent series: unit does not matter, numbers are standardised; True: a flow
    "clashes": True, "abductions_predatory": True, "attempts_unaided": True, "unserved": True, "bribed_passages": True,
    "flow_fee": True, "flow_ransom": True, "flow_wages": True, "flow_arms": True, "flow_decoys": True,
    "price_mean": False, "price_p10": False, "price_p90": False, "hhi_clients": False, "hhi_turf": False,
    "pairs_at_war": False, "fighters": False, "guides": False, "weapons": False, "intensity": False, "heat": False,
}
BY_DEFINITION = ("controlled", "hhi_owners", "takeovers", "defections", "flow_skim", "flow_administration",
                 "pipeline_arrivals", "balance_organisations", "belief_abuse")  # not used, or nothing would be asked
LEAST = 6  # groups below which nothing is told


def read(folder: Path) -> dict[tuple, Told]:
    """How well each classifier tells pairs of worlds apart, by (variant, what is seen, first kind, second kind, it)."""
    need_sklearn()
    return {(variant, seen, *pair, kind): tell(worlds, kind, SHUFFLES if seen == "public" else 0, seen == "public")
            for (variant, seen, *pair), worlds in read_worlds(Path(folder)).items() for kind in CLASSIFIERS}


def need_sklearn() -> None:
    """ConfigurationError, one line, without the extra library."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise ConfigurationError("the analysis `discriminate` needs scikit-learn: pip install -e '.[analysis]'; "
                                 "finished runs are kept") from None


# reading -----------------------------------------------------------------------------------------------------------
def read_worlds(folder: Path) -> dict[tuple, Worlds]:
    """Pairs of worlds by (variant, what is seen, first kind, second kind)."""
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
    found = {}
    for k, tag in enumerate(tags):
        here = {name: column[k * length:(k + 1) * length] for name, column in data.items()}
        if here["scenario"][0] != tag["scenario"] or here["replicate"][-1] != tag["replicate"]:
            raise ConfigurationError(f"{nights}: is not in the order of {runs}")
        variant = "drawn" if drawn_key and tag[drawn_key] is not None else "defaults"
        group = found.setdefault((variant, tag["seed"]), {})
        group[tag["scenario"]] = world(here, observer(folder, tag["seed"], variant), tag["seed"])
    return paired(found)


def wanted() -> list[str]:
    """Nightly columns that are read."""
    return list(dict.fromkeys([*(c for c in COLUMNS if c != "date"), *LATENT]))


def drawn_column(folder: Path) -> str | None:
    """A key that is empty in points at the defaults, where the design draws any."""
    names = pq.read_schema(folder / "runs.parquet").names
    keys = [name for name in names[1:names.index("scenario")] if name != "seed"]
    return keys[0] if keys else None


def observer(folder: Path, seed: int, variant: str):
    """Parameters of the observation: the plan's, or drawn over their ranges, the same for all worlds of a group."""
    base = read_plan(sorted(folder.glob("plan-*.json"))[0])[1][0].base
    configured = {key.split(".")[1]: value for key, value in base.items() if key.startswith("observation.")}
    settings = SimpleNamespace(observation=SimpleNamespace(**configured))
    return draw_settings(settings.observation, seed, 0) if variant == "drawn" else settings


def world(nights: dict, settings, seed: int) -> dict[str, dict[str, float]]:
    """Numbers of one run, as the public sees it and as it is."""
    seen = observe(nights, settings, seed)
    public = features(seen["month"], rates(seen), REFERENCE)
    public |= price_features("price", seen["price_quoted"], seen["price_as_high_as"], seen["price_quotes"])
    months, true = Months(nights["date"]), truths(nights)
    more = {name: np.bincount(months.place, nights[name].astype(float)) / months.lengths for name in LATENT}
    return {"public": public, "everything": features(true["month"], rates(true) | more, REFERENCE)}


def rates(columns: dict) -> dict[str, np.ndarray]:
    """Flows a night, stocks as they are."""
    return {s.name: columns[s.name] / (columns["nights"] if s.name in FLOWS else 1) for s in SERIES}


def paired(found: dict) -> dict[tuple, Worlds]:
    """Worlds in pairs, for every contrast that was run in at least `LEAST` groups."""
    sets = {}
    for variant in dict.fromkeys(v for v, _ in found):
        groups = [g for (v, _), g in found.items() if v == variant]
        for first, second, _ in CONTRASTS:
            here = [g for g in groups if first in g and second in g]
            if len(here) < LEAST:
                continue
            for seen in ("public", "everything"):
                names = list(here[0][first][seen])
                matrix = [np.array([[g[kind][seen][name] for name in names] for g in here]) for kind in (first, second)]
                sets[variant, seen, first, second] = Worlds(names, *matrix)
    if not sets:
        raise ConfigurationError(f"no contrast has at least {LEAST} groups of worlds; give more draws")
    return sets


# tables ------------------------------------------------------------------------------------------------------------
def rows(told: dict) -> dict[str, list[dict]]:
    """The study's tables: contrasts, and what permuting a public series costs."""
    return {"discriminate": contrast_rows(told), "discriminate_series": series_rows(told)}


def contrast_rows(told: dict) -> list[dict]:
    """A line a variant, what is seen, contrast and classifier."""
    rows = []
    for (variant, seen, first, second, kind), t in told.items():
        low, high = np.quantile(t.shuffled, (0.025, 0.975)) if len(t.shuffled) else (np.nan, np.nan)
        rows.append({
            "variant": variant, "seen": seen, "first": first, "second": second, "classifier": kind,
            "groups": len(t.first), "auc": t.auc, "low": t.low, "high": t.high,
            "shuffled_mean": t.shuffled.mean() if len(t.shuffled) else np.nan, "shuffled_low": low,
            "shuffled_high": high, "brier": t.brier, "verdict": t.verdict})
    return rows


def series_rows(told: dict) -> list[dict]:
    """A line a variant, contrast, classifier and public series: how much of the AUC goes when it is permuted."""
    return [{"variant": variant, "first": first, "second": second, "classifier": kind, "series": name,
             "fall": t.importance[name][0], "low": t.importance[name][1], "high": t.importance[name][2],
             "tells": t.importance[name][1] > 0}
            for (variant, _, first, second, kind), t in told.items() for name in t.importance]


def note(groups: dict[str, int]) -> str:
    """How the numbers come about; groups: number of groups of worlds by variant."""
    counted = ", ".join(f"{n} groups of worlds ({variant})" for variant, n in groups.items())
    return (f"{counted}; {FOLDS}-fold cross-validation × {REPEATS}, pairs never split; intervals over groups. AUC 0.5 "
            f"is chance; told apart: interval above 0.5 and AUC from {CLEAR}.")
