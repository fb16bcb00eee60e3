"""Findings of the study `discriminate`: the kinds of worlds that classifiers separate, and the informative series."""

import yaml

from sim.findings import Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.registry.config_files import config_dir
from sim.statistics.classify import CLASSIFIERS, CLEAR
from sim.statistics.features import PARTS, PRICE_PARTS
from sim.studies.discriminate.study import BY_DEFINITION, CONTRASTS, note

MOST = 5  # series named in each row
WORDS = {"cannot tell": "cannot separate them", "hardly tells": "hardly separate them",
         "can tell": "separate them"}
VARIANTS = {"drawn": "with parameters drawn over their ranges", "defaults": "at the defaults"}


def present(tables) -> Findings:
    """Return the table of contrasts and that of informative series."""
    rows, series = tables["discriminate"], tables["discriminate_series"]
    groups = {row["variant"]: row["groups"] for row in rows}
    return Findings({"contrasts": contrast_table(rows), "series": series_table(series)}, (note(groups),),
                    quoted(rows, groups))


def contrast_table(rows) -> Table:
    """Table with one row for each contrast, variant, view and classifier."""
    body = tuple((kinds(row), row["variant"], row["seen"], row["classifier"], with_ends(row, ("auc", "low", "high"), 2),
                  with_ends(row, ("shuffled_mean", "shuffled_low", "shuffled_high"), 2) if row["shuffled_mean"] else "",
                  Number(value_of(row, "brier"), 2), row["verdict"]) for row in rows)
    head = ("kinds", "parameters", "seen", "classifier", "AUC (95 %)", "shuffled labels", "Brier score", "")
    return Table("Separation of kinds of worlds by classifiers", head, body)


def kinds(row) -> str:
    """The two kinds of a contrast."""
    return f"{row['first']} / {row['second']}"


def series_table(rows) -> Table:
    """Table with one row for each variant, contrast and classifier: series whose permutation significantly lowers
    AUC."""
    order = {contrast[:2]: k for k, contrast in enumerate(CONTRASTS)}
    places = {}
    for row in rows:
        places.setdefault((row["variant"], row["first"], row["second"], row["classifier"]), []).append(row)
    variants = list(dict.fromkeys(variant for variant, *_ in places))
    body = tuple((kinds(here[0]), variant, classifier, informative(here)) for (variant, first, second, classifier), here
                 in sorted(places.items(), key=lambda item: (variants.index(item[0][0]), order[item[0][1:3]])))
    return Table("Informative public series",
                 ("kinds", "parameters", "classifier", "fall of the AUC when the series is permuted"), body,
                 f"At most {MOST} series in each row, whose interval excludes 0; not corrected for the number of "
                 "series.")


def informative(rows) -> str:
    """The series with an interval above 0, the largest fall first."""
    significant = sorted((row for row in rows if row["tells"] == "True"), key=lambda row: -float(row["fall"]))
    falls = (f"`{row['series']}` {with_ends(row, ('fall', 'low', 'high'), 3)}" for row in significant[:MOST])
    return ", ".join(falls) or "none"


# for the page --------------------------------------------------------------------------------------------------------
def quoted(rows, groups: dict[str, str]) -> dict[str, str]:
    """Values of the page: contrasts and answers in words, numbers of groups, and the features of the classifiers."""
    played = [contrast for contrast in CONTRASTS if any((row["first"], row["second"]) == contrast[:2] for row in rows)]
    scenarios = sorted({kind for contrast in played for kind in contrast[:2]})
    return {"groups_drawn": groups.get("drawn", "0"), "groups_defaults": groups.get("defaults", "0"),
            "answers": "\n".join(f"- {answer(rows, *contrast)}" for contrast in played),
            "contrasts": "\n".join(f"- `{first}` against `{second}`: {question}" for first, second, question in played),
            "only": "" if len(played) == len(CONTRASTS) else f" 'scenarios=[{','.join(scenarios)}]'",
            "clear": str(CLEAR), "keys": ", ".join(f"`{key}`" for key in drawn_keys()), "parts": ", ".join(PARTS),
            "price_parts": ", ".join(PRICE_PARTS), "left_out": ", ".join(f"`{name}`" for name in BY_DEFINITION)}


def drawn_keys() -> list[str]:
    """Keys that the experiment draws by its own settings."""
    settings = yaml.safe_load((config_dir() / "experiment" / "discriminate.yaml").read_text(encoding="utf-8"))
    return settings["design"]["over"]


def answer(rows, first: str, second: str, question: str) -> str:
    """One sentence on a contrast, chosen by the verdicts."""
    here, parts = [row for row in rows if (row["first"], row["second"]) == (first, second)], []
    for variant, words in VARIANTS.items():
        public, everything = ([row["verdict"] for row in here if (row["variant"], row["seen"]) == (variant, seen)]
                              for seen in ("public", "everything"))
        if public:
            parts.append(f"{words}, public series {summed(public)} (with full observation: {summed(everything)})")
    return f"**{question[0].upper()}{question[1:]}** (`{first}` against `{second}`): {'; '.join(parts)}."


def summed(verdicts: list[str]) -> str:
    """The verdicts of the classifiers in one phrase."""
    if len(set(verdicts)) == 1:
        return WORDS[verdicts[0]]
    return ", ".join(f"{WORDS[verdict]} by {kind}" for kind, verdict in zip(CLASSIFIERS, verdicts))
