"""Files that appear whole or not at all, and tables of rows as CSV."""

import csv
import io
import math
import os
import secrets
import socket
from contextlib import contextmanager
from pathlib import Path

HOST = socket.gethostname()


@contextmanager
def whole(path: Path):
    """Yields a path to write to; the file takes its own name only when it is complete and on disk."""
    aside = path.with_name(f".{path.name}.part-{secrets.token_hex(8)}")  # hosts and containers may share a folder
    try:
        yield aside
        with open(aside, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """A text file, whole or not at all."""
    with whole(path) as aside:
        aside.write_text(text, encoding="utf-8")


def write_rows(rows: list[dict], path: Path) -> None:
    """A CSV file, whole or not at all; NaN is an empty cell."""
    write_text(path, as_csv(rows))


def as_csv(rows: list[dict]) -> str:
    """Rows as the text of a CSV file; NaN is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def read_rows(path: Path) -> list[dict]:
    """Rows of a CSV file; every cell is the text that stands there."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
