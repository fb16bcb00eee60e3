"""The fact ledger is complete, and nothing in it or in the registry hangs in the air."""

import re
from pathlib import Path

import pytest
import yaml

import sim
from experiments.registries import facts_page
from sim.registry.claims import DISPUTED, LEDGER, STATUSES, documents, load

FACTS = [f"F{number}" for number in range(1, 41)]
MECHANISMS = {f"M{number}" for number in range(1, 22)}
REGISTRY = Path(sim.__file__).with_name("registry") / "parameters.yaml"

each_claim = pytest.mark.parametrize("claim", load(), ids=lambda claim: claim.id)


@pytest.fixture(scope="module")
def registry():
    """Rows of the parameter registry by key."""
    return {row["key"]: row for row in yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))}


def test_every_fact_stands_exactly_once():
    assert [claim.id for claim in load()] == FACTS


@each_claim
def test_a_claim_says_who_what_when_and_where(claim):
    for field in ("statement", "date", "place", "claimant"):
        assert isinstance(getattr(claim, field), str) and getattr(claim, field).strip(), field
    assert claim.value is not None and isinstance(claim.unit, str)
    assert claim.documents
    assert set(claim.documents) <= {f"{name} {source['file']}" for name, source in documents().items()}
    assert claim.status in STATUSES


@each_claim
def test_a_claim_is_used_or_says_why_not(claim):
    assert claim.used != bool(claim.unused_because), "either a use or a reason, not both and not neither"
    assert set(claim.mechanisms) <= MECHANISMS


@each_claim
def test_a_disputed_claim_says_who_disputes_it(claim):
    if claim.status in DISPUTED:
        assert claim.disputed_by
    else:
        assert claim.disputed_by is None


@each_claim
def test_a_number_lies_in_its_interval_and_has_a_unit(claim):
    if not isinstance(claim.value, (int, float)):
        assert claim.interval is None
        return
    low, high = claim.interval
    assert low <= claim.value and (high is None or claim.value <= high)
    assert claim.unit


@each_claim
def test_every_key_named_is_in_the_registry(claim, registry):
    assert [key for key in claim.keys if key not in registry] == []


def test_a_reported_parameter_names_its_fact_and_the_fact_names_it(registry):
    used = {claim.id: claim.keys for claim in load()}
    for key, row in registry.items():
        if row["status"] != "reported":
            continue
        named = re.findall(r"\bF\d+\b", str(row["source"]))
        assert named and set(named) <= set(FACTS), f"{key}: a reported default names the fact it comes from"
        assert any(key in used[fact] for fact in named), f"{key}: none of {named} lists it"


def test_names_stand_in_the_ledger_only():
    """Names of groups, movements and persons in the ledger are found in no other source or configuration file."""
    names = re.compile("|".join(rf"\b{re.escape(name)}\b" for claim in load() for name in claim.names), re.IGNORECASE)
    package = Path(sim.__file__).parent
    files = [*package.rglob("*.py"), *package.rglob("*.yaml"), *(package.parent / "configs").rglob("*.yaml")]
    assert [path.name for path in files
            if path != LEDGER and names.search(path.read_text(encoding="utf-8"))] == []


def test_the_page_has_a_row_per_fact():
    lines = facts_page().splitlines()
    assert [line.split(" | ")[0].strip("| ") for line in lines if line.startswith("| F")] == FACTS
    assert {line.count(" | ") for line in lines if line.startswith("| F")} == {6}
