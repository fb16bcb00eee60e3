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

from sim.figures import write_figures
from sim.findings.text import number, table
from sim.observation import COLUMNS, SERIES, Months, observe, truths
from sim.registry.files import write_rows
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import read_plan
from sim.statistics.classify import CLASSIFIERS, CLEAR, FOLDS, REPEATS, SHUFFLES, Worlds, tell
from sim.statistics.features import PARTS, PRICE_PARTS, features, price_features
from sim.studies.observation.study import drawn

NIGHTS = True  # nightly tables are kept by the sweep
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


def analyse(folder: Path) -> str:
    """`discriminate.csv`, `discriminate_series.csv` and the figure beside the runs; returns tables to print."""
    from sim.studies.discriminate.figures import caption, draw

    folder = Path(folder)
    need_sklearn()
    sets = read(folder)
    told = {(variant, seen, *pair, kind): tell(worlds, kind, SHUFFLES if seen == "public" else 0, seen == "public")
            for (variant, seen, *pair), worlds in sets.items() for kind in CLASSIFIERS}
    write_rows(rows_of(told), folder / "discriminate.csv")
    write_rows(series_rows(told) or [dict.fromkeys(("variant",), "")], folder / "discriminate_series.csv")
    write_figures({"discriminate": (lambda: draw(told), caption(told))}, folder)
    return text(told)


def need_sklearn() -> None:
    """ConfigurationError, one line, without the extra library."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise ConfigurationError("the analysis `discriminate` needs scikit-learn: pip install -e '.[analysis]'; "
                                 "finished runs are kept") from None


# reading -----------------------------------------------------------------------------------------------------------
def read(folder: Path) -> dict[tuple, Worlds]:
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
    return drawn(settings.observation, seed, 0) if variant == "drawn" else settings


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
def rows_of(told: dict) -> list[dict]:
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


def text(told: dict) -> str:
    """The table on the terminal."""
    body = [[variant, seen, f"{first} / {second}", kind, f"{t.auc:.2f} ({t.low:.2f} to {t.high:.2f})",
             f"{t.shuffled.mean():.2f}" if len(t.shuffled) else "", number(t.brier, 2), t.verdict]
            for (variant, seen, first, second, kind), t in told.items()]
    return (table(["parameters", "seen", "kinds", "classifier", "AUC (95 %)", "shuffled", "Brier", ""], body)
            + f"\n\n{note(told)}")


def note(told: dict) -> str:
    """How the numbers come about."""
    groups = {variant: len(t.first) for (variant, *_), t in told.items()}
    said = ", ".join(f"{n} groups of worlds ({variant})" for variant, n in groups.items())
    return (f"{said}; {FOLDS}-fold cross-validation × {REPEATS}, pairs never split; intervals over groups. AUC 0.5 is "
            f"chance; told apart: interval above 0.5 and AUC from {CLEAR}.")


# documentation -----------------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Tables and sentences of docs/discriminate.md from the reference run."""
    from experiments.pages import markdown_table, reference_rows

    rows, series = (reference_rows(f"{name}.csv", reference) for name in ("discriminate", "discriminate_series"))
    body = [[f"{r['first']} / {r['second']}", r["variant"], r["seen"], r["classifier"],
             f"{float(r['auc']):.2f} ({float(r['low']):.2f} to {float(r['high']):.2f})",
             f"{float(r['shuffled_mean']):.2f} ({float(r['shuffled_low']):.2f} to {float(r['shuffled_high']):.2f})"
             if r["shuffled_mean"] else "", f"{float(r['brier']):.2f}", r["verdict"]] for r in rows]
    groups = {r["variant"]: r["groups"] for r in rows}
    run = [c for c in CONTRASTS if any((r["first"], r["second"]) == c[:2] for r in rows)]
    kinds = sorted({kind for contrast in run for kind in contrast[:2]})
    head = ["kinds", "parameters", "seen", "classifier", "AUC (95 %)", "shuffled labels", "Brier score", ""]
    return {"table": markdown_table(head, body), "series": telling(series),
            "groups_drawn": groups.get("drawn", "0"), "groups_defaults": groups.get("defaults", "0"),
            "answers": "\n".join(f"- {answer(rows, *contrast)}" for contrast in run),
            "contrasts": "\n".join(f"- `{a}` against `{b}`: {said}" for a, b, said in run),
            "only": "" if len(run) == len(CONTRASTS) else f" 'scenarios=[{','.join(kinds)}]'",
            "clear": str(CLEAR), "keys": ", ".join(f"`{key}`" for key in drawn_keys()),
            "parts": ", ".join(PARTS), "price_parts": ", ".join(PRICE_PARTS),
            "left_out": ", ".join(f"`{name}`" for name in BY_DEFINITION)}


def drawn_keys() -> list[str]:
    """Keys that the experiment draws."""
    from sim.registry.configuration import compose

    return compose(["+experiment=discriminate"])["design"]["over"]


def answer(rows: list[dict], first: str, second: str, said: str) -> str:
    """One sentence a contrast, in words chosen by the numbers."""
    here = [r for r in rows if (r["first"], r["second"]) == (first, second)]
    parts = []
    for variant, words in (("drawn", "with parameters drawn over their ranges"), ("defaults", "at the defaults")):
        verdicts = {seen: [r["verdict"] for r in here if r["variant"] == variant and r["seen"] == seen]
                    for seen in ("public", "everything")}
        if verdicts["public"]:
            parts.append(f"{words}, public series {summed(verdicts['public'])} (if everything were seen: "
                         f"{summed(verdicts['everything'])})")
    return f"**{said[0].upper()}{said[1:]}** (`{first}` against `{second}`): {'; '.join(parts)}."


def summed(verdicts: list[str]) -> str:
    """The verdicts of the classifiers in one phrase."""
    words = {"cannot tell": "cannot tell them apart", "hardly tells": "hardly tell them apart",
             "can tell": "tell them apart"}
    if len(set(verdicts)) == 1:
        return words[verdicts[0]]
    return ", ".join(f"{words[v]} by {kind}" for kind, v in zip(CLASSIFIERS, verdicts))


def telling(rows: list[dict]) -> str:
    """Series whose permutation surely lowers the AUC, by contrast."""
    from experiments.pages import markdown_table

    body = []
    for variant in dict.fromkeys(r["variant"] for r in rows):
        for first, second, _ in CONTRASTS:
            for kind in CLASSIFIERS:
                here = [r for r in rows if (r["variant"], r["first"], r["second"], r["classifier"])
                        == (variant, first, second, kind)]
                sure = sorted((r for r in here if r["tells"] == "True"), key=lambda r: -float(r["fall"]))
                said = ", ".join(f"`{r['series']}` {float(r['fall']):.3f} ({float(r['low']):.3f} to "
                                 f"{float(r['high']):.3f})" for r in sure[:5])
                if here:
                    body.append([f"{first} / {second}", variant, kind, said or "none"])
    return markdown_table(["kinds", "parameters", "classifier", "fall of the AUC when the series is permuted"], body)
