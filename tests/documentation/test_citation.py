"""What is needed to cite and keep the project is there, valid and current, and blanks are blank."""

import json
import re
from datetime import date

import pytest
import yaml
from blocks import ROOT

import sim
from conftest import needed
from experiments.constraints import FILE, declared, normal

CITATION = yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "cite.md").read_text(encoding="utf-8")
COLLECTIVE = "The border-market-sim developers"
TERMS = {  # of CodeMeta 3.0, those used here or left blank
    "@context", "type", "name", "description", "version", "dateModified", "datePublished", "license", "author",
    "keywords", "programmingLanguage", "runtimePlatform", "operatingSystem", "developmentStatus", "readme",
    "applicationCategory", "softwareRequirements", "codeRepository", "issueTracker", "identifier",
}


def test_versions_and_dates_agree():
    assert CITATION["version"] == CODEMETA["version"] == sim.__version__
    assert CITATION["date-released"] == CODEMETA["dateModified"]
    date.fromisoformat(CITATION["date-released"])
    assert f"version {sim.__version__}" in PAGE
    assert f"## {sim.__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert CITATION["license"] == "MIT" and CODEMETA["license"].endswith("/MIT")
    assert CITATION["keywords"] == CODEMETA["keywords"]


@pytest.mark.long
def test_the_citation_is_valid_by_its_schema():
    needed("jsonschema")
    import jsonschema

    schema = json.loads((ROOT / "tests" / "documentation" / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(CITATION)


def test_codemeta_has_known_terms_of_the_right_kinds():
    """No validator of CodeMeta 3.0 can be installed; these are the rules that its generator applies."""
    assert CODEMETA["@context"] == "https://w3id.org/codemeta/3.0" and CODEMETA["type"] == "SoftwareSourceCode"
    assert set(CODEMETA) <= TERMS
    assert all(each["type"] in ("Person", "Organization") and each["name"] for each in CODEMETA["author"])
    required = {normal(each["name"]) for each in CODEMETA["softwareRequirements"]}
    assert required <= {normal(each.name) for each in declared()}


def test_blanks_are_listed_and_blank():
    rows = re.findall(r"^\| `([\w.]+)` \| `([\w-]+)` \|", PAGE, flags=re.M)
    assert rows
    for file, field in rows:
        content = {"CITATION.cff": CITATION, "codemeta.json": CODEMETA}[file]
        if field in ("authors", "author"):
            assert [each["name"] for each in content[field]] == [COLLECTIVE], f"{file}: names are known now"
        else:
            assert field not in content, f"{file}: {field} is known now; take it off the list of blanks"
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^#   ([\w-]+):", text, flags=re.M) == [field for file, field in rows if file == "CITATION.cff"]


def test_constraints_are_exact_without_addresses_and_allowed():
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    versions = dict(line.split("==") for line in lines)
    assert all(re.fullmatch(r"[a-z0-9-]+==[a-zA-Z0-9.]+", line) for line in lines) and len(versions) == len(lines)
    for need in declared():
        assert need.specifier.contains(versions[normal(need.name)], prereleases=True), need


def test_the_container_installs_these_versions_of_what_it_copies():
    recipe = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert "-c constraints.txt" in recipe
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", recipe, flags=re.M) for name in line.split()]
    assert copied and all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8")
    assert ignored == (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert set(copied) == set(re.findall(r"^!(.+)$", ignored, flags=re.M))
