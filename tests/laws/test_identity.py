"""The identity of a run follows every file that can decide its result, and no other."""

import ast
import shutil

import pytest

from sim.identity import PACKAGE, code_digest, identity, imported, model_digest, model_files
from sim.registry.configuration import configure

DECIDES = [path.relative_to(PACKAGE).as_posix() for path in model_files()]
ELSEWHERE = [path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.rglob("*.py"))
             if path not in model_files()]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the package."""
    return shutil.copytree(PACKAGE, tmp_path_factory.mktemp("copy") / "sim",
                           ignore=shutil.ignore_patterns("__pycache__"))


def altered_digest(package, file, line="altered = True"):
    """The digest after a line is added to a file; the file is as before afterwards."""
    path = package / file
    before = path.read_bytes()
    try:
        path.write_bytes(before + f"\n{line}\n".encode())
        return code_digest(package)
    finally:
        path.write_bytes(before)


def test_a_copy_has_the_digest_of_the_package(copied):
    assert code_digest(copied) == model_digest()


@pytest.mark.parametrize("file", DECIDES)
def test_each_file_that_decides_results_counts(copied, file):
    assert altered_digest(copied, file) != model_digest()


@pytest.mark.long
def test_files_that_decide_nothing_do_not_count(copied):
    assert [file for file in ELSEWHERE if altered_digest(copied, file) != model_digest()] == []
    rooms = {file.split("/")[0] for file in ELSEWHERE}
    assert {"figures", "statistics", "report", "studies", "runs", "command", "verify", "view"} <= rooms


def test_what_the_night_plays_counts():
    named = {"market.py", "night.py", "record.py", "world/accounts.py", "world/loops.py", "world/draws.py"}
    rules = {f"rules/{path.name}" for path in (PACKAGE / "rules").glob("*.py")}
    assert named | rules <= set(DECIDES)


def test_a_new_import_brings_its_file_in(copied):
    first = altered_digest(copied, "night.py", "from sim.figures import style")
    path = copied / "figures" / "style.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert altered_digest(copied, "night.py", "from sim.figures import style") != first
    assert code_digest(copied) == model_digest()


def test_imports_are_found_wherever_they_stand():
    code = "import sim.a.b\ndef f():\n    from sim.c import d\n    from other import e\n"
    assert {"sim.a.b", "sim.a", "sim.c", "sim.c.d"} <= set(imported(code)) and "other" not in imported(code)


def test_no_import_is_relative_so_that_the_closure_sees_all():
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level], path.name


def test_identity_knows_values_but_not_how_they_are_computed():
    plain = identity(configure())
    assert identity(configure(overrides=["workers=2", "checks=true", "replicates=3"])) == plain
    assert identity(configure(overrides=["seed=2"])) != plain != identity(configure(overrides=["gangs.count=3"]))
