"""Designs in experiment files and on the command line: a bad row is refused in one line."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.design import read_design
from sim.runs.plan import make_plan
from sim.studies import needs


@pytest.mark.parametrize("design, said", [
    ("[{police.patrols:20},{police.patrolls:40}]", "unknown key `police.patrolls`"),
    ("[{police.patrols:20},{police.patrols:x}]", "design, row 2: police.patrols=x"),
    ("[{scenario:dossier}]", "design, row 1: scenario=dossier: must be one of the scenarios compared"),
    ("[20]", "design has 20: a row must be a mapping"),
])
def test_a_bad_row_of_a_design_is_one_line(design, said):
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse(["scenario=status_quo", f"design={design}"]), needs)
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("text, said", [
    ('border.sectors\n"[a, b]"\n', "row 1: border.sectors=[a, b]: must be a list of whole numbers"),
    ('border.sectors\n"[1, 2"\n', "row 1: border.sectors=[1, 2: must be a list of whole numbers"),
    ("outcomes\n\"['x']\"\n", "row 1: outcomes=['x']: must be a list of texts"),
    ("scenario,seed\n1,1\n", "scenario=1: no such scenario"),
    ('scenario,seed\n"[x]",1\n', "scenario=[x]: no such scenario"),
    ("scenario,seed\n\"a'b\",1\n", "scenario=a'b: no such scenario"),
    ("scenario\ndosier\n", "did you mean `dossier`"),
    (",police.patrols\n0,10\n", "is the index of a pandas table"),
    ("Unnamed: 0,police.patrols\n0,10\n", "is the index of a pandas table"),
    ("police.patrols,police.patrols\n10,20\n", "column `police.patrols` stands there 2 times"),
    ("police.patrols;scenario\n10;dossier\n", "separated by semicolons"),
    ("police.patrols\tscenario\n10\tdossier\n", "separated by tabs"),
    ("police.patrols\n20\nx\n", "row 2: police.patrols=x: must be a number"),
    ("police.patrols\n20\nnan\n", "row 2: police.patrols=nan: must be a number"),
    ("police.patrols\n1_000\n", "row 1: police.patrols=1_000: must be a number"),
    ("seed\n1.5\n", "row 1: seed=1.5: must be a whole number"),
    ("checks\nyes\n", "row 1: checks=yes: must be true or false"),
    ("start_date\n2023-05-01 12:00\n", "row 1: start_date=2023-05-01 12:00: must be a date"),
    ("police.patrols,scenario\n20\n", "row 1 has 1 cells, the first line has 2"),
    ("police.patrols\n", "holds no rows"),
    ("", "is empty"),
    ('police.patrols\n"20\n', "cannot be read as CSV"),
    ("police.patrols,arm\n10,café\n".encode("latin-1"), "line 2 is not UTF-8 text"),
    ("police.patrols\n10\n".encode("utf-16"), "line 1 is not UTF-8 text"),
])
def test_a_file_that_is_no_design_is_refused_in_one_line(text, said, tmp_path):
    path = tmp_path / "D.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse([f"design='{path}'"]), needs)
    assert said in str(refused.value) and str(path) in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("text, rows", [
    ("seed\n9007199254740993.0\n", [{"seed": 9007199254740993}]),
    ("seed\n1e3\n007\n", [{"seed": 1000}, {"seed": 7}]),
    ("police.patrols\n10\n\n1.5\n", [{"police.patrols": 10}, {"police.patrols": 1.5}]),
    ("police.patrols,scenario\r\n,dossier\r\nNA,\r\n", [{"scenario": "dossier"}, {}]),
    ("\ufeffchecks,start_date\nTRUE,2023-05-01\n0,2023-05-02 00:00:00\n",
     [{"checks": True, "start_date": "2023-05-01"}, {"checks": False, "start_date": "2023-05-02"}]),
    ('border.sectors,rules.stages\n"[6, 3, 3]",3\n', [{"border.sectors": [6, 3, 3], "rules.stages": "3"}]),
])
def test_cells_are_read_as_their_keys_want_them(text, rows, tmp_path):
    path = tmp_path / "D.csv"
    path.write_bytes(text.encode())
    assert read_design(path) == rows


def test_parquet_is_known_by_its_content_and_dates_may_be_timestamps(tmp_path):
    from datetime import datetime

    for name in ("POINTS.PARQUET", "points"):
        pq.write_table(pa.table({"start_date": [datetime(2023, 5, 1)], "police.patrols": [None]}), tmp_path / name)
        assert read_design(tmp_path / name) == [{"start_date": "2023-05-01"}]
    for column, said in (({"scenario": [b"dossier"]}, "must be a text"), ({"__index_level_0__": [1]}, "index")):
        pq.write_table(pa.table(column), tmp_path / "bad.parquet")
        with pytest.raises(ConfigurationError, match=said):
            read_design(tmp_path / "bad.parquet")


def test_a_swept_seed_stands_in_the_table_and_equal_rows_have_a_row_each(tmp_path):
    from conftest import swept

    (tmp_path / "s").mkdir()
    (tmp_path / "D.csv").write_text("police.patrols,seed\n10,1\n10,1\n20,2\n20,\n")
    table = pq.read_table(swept(tmp_path / "s", f"design='{tmp_path / 'D.csv'}'") / "runs.parquet")
    assert table["point_seed"].to_pylist() == [1, 1, 2, None]
    first, second, third, last = table["seed"].to_pylist()
    assert first == second == last and third not in (first, 2)
