"""The code blocks of a page of the documentation, and how they are carried out."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", flags=re.M | re.S)


def environment() -> dict[str, str]:
    """The environment of a user who has installed the package: `python` is this one, and it finds the model."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                         "MPLBACKEND": "Agg", "SIM_LOOPS": "numpy"}


def blocks(page: Path) -> list[tuple[str, str]]:
    """(language, text) of every block that is to be carried out, in order."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def carry_out(page: Path, folder: Path) -> str:
    """Carry out the blocks of a page in order in a folder; returns what was printed.

    Shell blocks stop at the first command that fails.  Python blocks of a page share their names.
    """
    said, names = [], {"__name__": "page"}
    for language, text in blocks(page):
        if language == "python":
            exec(compile(text, page.name, "exec"), names)
            continue
        ended = subprocess.run(["bash", "-e", "-c", text], cwd=folder, env=environment(), capture_output=True,
                               text=True)
        assert ended.returncode == 0, f"{page.name}: {text}\n{ended.stdout}\n{ended.stderr}"
        said.append(ended.stdout)
    return "\n".join(said)
