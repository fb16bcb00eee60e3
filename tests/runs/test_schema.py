"""Every column says what it is, in the files and in the data package."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import SMALL, needed, swept
from sim.registry.outcomes import outcomes
from sim.registry.parameters import registry
from sim.runs.results import write_package
from sim.runs.schema import columns, described, meaning
from sim.runs.table import POINT_SEED
from sim.statistics.summary import FIELDS
from sim.world.ledger import FLOWS

pytestmark = pytest.mark.long

PAGE = (Path(__file__).parents[2] / "docs" / "read_results.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder in which the page's command has been run, cut down."""
    path = tmp_path_factory.mktemp("place")
    subprocess.run([sys.executable, "-m", "sim", "+experiment=centralisation", *SMALL, "nights=5", "warmup=3",
                    "scale=0.05", "replicates=2"], check=True, cwd=path, capture_output=True)
    return path


def test_the_examples_of_the_page_run(place, capsys, monkeypatch):
    monkeypatch.chdir(place)
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.S):
        exec(compile(block, "read_results.md", "exec"), {})
    said = capsys.readouterr().out
    assert "EUR Fees collected from clients, divided by the crossings that groups sold." in said
    assert "nights.parquet" in said


@pytest.mark.parametrize("table", ["runs", "nights", "groups", "observed"])
def test_no_column_without_unit_and_meaning(place, table):
    for field in pq.read_schema(place / f"results/centralisation/latest/{table}.parquet"):
        assert field.metadata and field.metadata[b"unit"] and field.metadata[b"description"], field.name


def test_the_registry_describes_what_there_is_and_nothing_else(place):
    folder = place / "results/centralisation/latest"
    there = {table: set(pq.read_schema(folder / f"{table}.parquet").names) for table in ("runs", "nights", "groups")}
    there["summary"] = set(FIELDS)
    there["every"] = set.union(*there.values(), {"arm", POINT_SEED})  # of designs, and of sweeps over `seed`
    for table, rows in columns().items():
        for name in rows:
            assert any(re.fullmatch(name.replace("*", ".+"), column) for column in there[table]), f"{table}: {name}"
    assert {f"flow_{name}" for name in FLOWS} <= set(columns()["nights"])
    assert all(meaning("summary", name) for name in FIELDS)
    assert all(meaning("runs", name) for name in [*outcomes(), *registry()])


def test_the_description_changes_no_value():
    data = pa.table({"night": [0, 1], "price_mean": [1.5, float("nan")], "nobody_knows": ["a", "b"]})
    same = described("nights", data)
    assert same.schema.names == data.schema.names and same.schema.equals(data.schema)
    assert repr(same.to_pylist()) == repr(data.to_pylist())
    assert same.schema.field("nobody_knows").metadata is None


def test_the_data_package_names_columns_as_they_are(place):
    folder = place / "results/centralisation/latest"
    package = json.loads((folder / "datapackage.json").read_text())
    names = ["runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet", "summary.csv"]
    assert [r["path"] for r in package["resources"]] == names
    for resource in package["resources"]:
        assert all(f["unit"] and f["description"] for f in resource["schema"]["fields"])
        if resource["format"] == "parquet":
            assert [f["name"] for f in resource["schema"]["fields"]] == pq.read_schema(folder / resource["path"]).names


def test_the_data_package_of_a_sweep_describes_swept_keys(tmp_path):
    folder = swept(tmp_path, "police.patrols=40,80", "camps.by_region=[5,6,6],[6,5,6]", "nights=3")
    write_package(folder, "single")
    (resource,) = json.loads((folder / "datapackage.json").read_text())["resources"]
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["police.patrols"]["type"] == "integer" and fields["police.patrols"]["unit"] == "units"
    assert all(field["unit"] and field["description"] for field in fields.values())


def test_frictionless_finds_it_valid(place, monkeypatch):
    needed("frictionless")
    import frictionless

    monkeypatch.chdir(place / "results/centralisation/latest")
    report = frictionless.Package("datapackage.json").validate()
    assert report.valid, report.flatten(["message"])[:5]
    assert {task.type for task in report.tasks} == {"table"} and all(task.stats["rows"] for task in report.tasks)
