"""ro-crate-metadata.json says what RO-Crate 1.1 demands, and names the files that are there."""

import json
from urllib.parse import unquote

import pytest

from conftest import compared
from sim.runs.crate import CONTEXT, NAME, PROFILE, write_crate
from sim.runs.results import write_manifest


def finished(folder, *names):
    """A folder with a manifest and files of these names, and its entities by identifier."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"12345")
    write_manifest(folder, "centralisation", [1, 2], True, 1.0, "python -m sim +experiment=centralisation", "0" * 8)
    write_crate(folder)
    content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert content["@context"] == CONTEXT
    return {entity["@id"]: entity for entity in content["@graph"]}


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crate") / "a study"
    return folder, finished(folder, "runs.parquet", "summary.csv", "config.yaml", "report.html", "figures/2 a.png",
                            "journal/1.txt")


def references(value):
    """Identifiers to which a value refers."""
    if isinstance(value, list):
        return [found for each in value for found in references(each)]
    return [value["@id"]] if isinstance(value, dict) else []


def test_the_descriptor_and_the_root_are_as_the_specification_demands(crate):
    _, entities = crate
    descriptor, root = entities[NAME], entities["./"]
    assert descriptor["@type"] == "CreativeWork" and descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": PROFILE}
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))


def test_it_lists_the_files_that_are_there_with_their_sizes(crate):
    folder, entities = crate
    files = {name: entity for name, entity in entities.items() if entity["@type"] == "File"}
    assert {part["@id"] for part in entities["./"]["hasPart"]} == set(files)
    assert set(files) == {"runs.parquet", "summary.csv", "config.yaml", "report.html", "manifest.json",
                          "figures/2%20a.png"}
    for name, entity in files.items():
        assert int(entity["contentSize"]) == (folder / unquote(name)).stat().st_size


def test_every_reference_leads_to_an_entity_and_the_graph_is_flat(crate):
    _, entities = crate
    for entity in entities.values():
        for key, value in entity.items():
            if key == "conformsTo":
                continue
            assert all(place in entities for place in references(value)), (entity["@id"], key)
            nested = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
            assert all(set(each) == {"@id"} for each in nested), (entity["@id"], key)


def test_it_says_what_made_the_tables(crate):
    folder, entities = crate
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    run, program = entities["#run"], entities["#border-market-sim"]
    assert run["@type"] == "CreateAction" and run["name"] == manifest["command"]
    assert {"@id": "config.yaml"} in run["object"] and {"@id": "runs.parquet"} in run["result"]
    assert program["version"] == manifest["version"] and entities["#numpy"]["version"] == manifest["libraries"]["numpy"]


def test_a_folder_without_a_manifest_gets_none(tmp_path):
    (tmp_path / "runs.parquet").write_bytes(b"")
    write_crate(tmp_path)
    assert not (tmp_path / NAME).exists()


def test_a_sweep_has_its_plan_as_input(tmp_path):
    entities = finished(tmp_path, "plan-0.json", "runs.parquet")
    assert entities["#run"]["object"] == [{"@id": "plan-0.json"}]


@pytest.mark.long
def test_a_real_folder_is_described_completely(tmp_path):
    folder = compared(tmp_path / "real", "scenarios=[fragmented,centralised]", "scale=0.05", "nights=3", "warmup=2",
                      "workers=1")
    content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    listed = {entity["@id"] for entity in content["@graph"] if entity["@type"] == "File"}
    assert listed == {path.name for path in folder.iterdir() if path.is_file()} - {NAME} >= {"runs.parquet"}
