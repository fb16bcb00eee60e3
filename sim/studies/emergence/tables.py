"""Findings of the study of prior-predictive sign robustness (`emergence`), from its table of signs."""

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import value_of

REMARK = ("All parameters with a plausible range are drawn jointly. Shares need not add up to 100 %, because in some "
          "draws "
          "nothing differs. The last column is the number of the draw with the clearest rarer sign; "
          "other_signs_design.csv repeats these draws: python -m sim +design=FOLDER/other_signs_design.csv.")


def present(tables) -> Findings:
    """Return the table of signs, each a premise or one that can go either way."""
    body = tuple((row["label"], row["draws"], share(row, "rises"), share(row, "falls"), row["verdict"],
                  row["draw_of_the_other_sign"]) for row in tables["emergence"])
    head = ("outcome", "draws", "rises in", "falls in", "verdict", "draw with the other sign")
    return Findings({"signs": Table("Signs of the differences over all draws", head, body)}, (REMARK,))


def share(row: dict, field: str) -> Cell:
    """A share in per cent; a dash for an empty cell."""
    return Number(100 * value_of(row, field), 1, unit="%") if row[field] else "–"
