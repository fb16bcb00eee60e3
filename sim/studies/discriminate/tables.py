"""Findings of the study `discriminate`: which kinds of worlds can be told apart, and by which public series."""

import yaml

from sim.findings import Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.registry.configuration import config_dir
from sim.statistics.classify import CLASSIFIERS, CLEAR
from sim.statistics.features import PARTS, PRICE_PARTS
from sim.studies.discriminate.study import BY_DEFINITION, CONTRASTS, note

MOST = 5  # series named in a row
WORDS = {"cannot tell": "cannot tell them apart", "hardly tells": "hardly tell them apart",
         "can tell": "tell them apart"}
VARIANTS = {"drawn": "with parameters drawn over their ranges", "defaults": "at the defaults"}


def present(tables) -> Findings:
    """How well each contrast is told, and the series that tell."""
    rows, series = tables["discriminate"], tables["discriminate_series"]
    groups = {row["variant"]: row["groups"] for row in rows}
    return Findings({"contrasts": contrast_table(rows), "series": series_table(series)}, (note(groups),),
                    quoted(rows, groups))


def contrast_table(rows) -> Table:
    """A row a contrast, variant, what is seen and classifier."""
    body = tuple((kinds(row), row["variant"], row["seen"], row["classifier"], with_ends(row, ("auc", "low", "high"), 2),
                  with_ends(row, ("shuffled_mean", "shuffled_low", "shuffled_high"), 2) if row["shuffled_mean"] else "",
                  Number(value_of(row, "brier"), 2), row["verdict"]) for row in rows)
    head = ("kinds", "parameters", "seen", "classifier", "AUC (95 %)", "shuffled labels", "Brier score", "")
    return Table("How well kinds of worlds are told apart", head, body)


def kinds(row) -> str:
    """Both kinds of a contrast."""
    return f"{row['first']} / {row['second']}"


def series_table(rows) -> Table:
    """A row a variant, contrast and classifier: series whose permutation surely lowers the AUC."""
    order = {contrast[:2]: k for k, contrast in enumerate(CONTRASTS)}
    places = {}
    for row in rows:
        places.setdefault((row["variant"], row["first"], row["second"], row["classifier"]), []).append(row)
    variants = list(dict.fromkeys(variant for variant, *_ in places))
    body = tuple((kinds(here[0]), variant, classifier, telling(here)) for (variant, first, second, classifier), here
                 in sorted(places.items(), key=lambda item: (variants.index(item[0][0]), order[item[0][1:3]])))
    return Table("Which public series tell",
                 ("kinds", "parameters", "classifier", "fall of the AUC when the series is permuted"), body,
                 f"At most {MOST} a row, whose interval excludes 0; not corrected for the number of series.")


def telling(rows) -> str:
    """The series that surely tell, the largest fall first."""
    sure = sorted((row for row in rows if row["tells"] == "True"), key=lambda row: -float(row["fall"]))
    falls = (f"`{row['series']}` {with_ends(row, ('fall', 'low', 'high'), 3)}" for row in sure[:MOST])
    return ", ".join(falls) or "none"


# for the page --------------------------------------------------------------------------------------------------------
def quoted(rows, groups: dict[str, str]) -> dict[str, str]:
    """What the page quotes: contrasts and answers in words, numbers of groups, and what the classifiers see."""
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
    """One sentence a contrast, in words chosen by the numbers."""
    here, parts = [row for row in rows if (row["first"], row["second"]) == (first, second)], []
    for variant, words in VARIANTS.items():
        public, everything = ([row["verdict"] for row in here if (row["variant"], row["seen"]) == (variant, seen)]
                              for seen in ("public", "everything"))
        if public:
            parts.append(f"{words}, public series {summed(public)} (if everything were seen: {summed(everything)})")
    return f"**{question[0].upper()}{question[1:]}** (`{first}` against `{second}`): {'; '.join(parts)}."


def summed(verdicts: list[str]) -> str:
    """The verdicts of the classifiers in one phrase."""
    if len(set(verdicts)) == 1:
        return WORDS[verdicts[0]]
    return ", ".join(f"{WORDS[verdict]} by {kind}" for kind, verdict in zip(CLASSIFIERS, verdicts))
