"""Findings of the study of emergence, from its table of signs."""

from sim.findings import Cell, Findings, Number, Table
from sim.findings.rows import value_of

REMARK = ("Every parameter with a plausible range is drawn at once. Shares need not add up to 100 %: in other draws "
          "nothing differs. The last column numbers the draw in which the rarer sign is clearest; "
          "other_signs_design.csv plays these draws again: python -m sim +design=FOLDER/other_signs_design.csv.")


def present(tables) -> Findings:
    """Which signs are premises and which can go either way."""
    body = tuple((row["label"], row["draws"], share(row, "rises"), share(row, "falls"), row["verdict"],
                  row["draw_of_the_other_sign"]) for row in tables["emergence"])
    head = ("outcome", "draws", "rises in", "falls in", "verdict", "draw with the other sign")
    return Findings({"signs": Table("Signs of the differences over all draws", head, body)}, (REMARK,))


def share(row: dict, field: str) -> Cell:
    """A share in per cent; a dash where there is none."""
    return Number(100 * value_of(row, field), 1, unit="%") if row[field] else "–"
