"""A code is no number: as a result's value one that looks like a number is told, whatever unit is assumed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.formats.fhir.resources import LOCAL, concept, ndjson, observation, quantity
from tests.pipeline.formats.hl7v2.messages import results
from tests.pipeline.mapping.conftest import profile
from tests.support.extracts import row
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry", "profile"]

SNOMED = "http://snomed.info/sct"
PART = {"code": {"text": "c"}, "valueCodeableConcept": concept((LOCAL, "1"))}
MEASURED = {"code": {"text": "c"}, "valueQuantity": quantity(62, "1")}


def load(registry: Registry, profile: Callable[..., Path], name: str, content: bytes, form: str, value: Any) -> None:
    columns = {"value": value, "unit": {"from": "unit", "default": "1"}, "status": {"value": "final"}}
    profile({"feed": "results", "files": name.replace("1", "{date:%Y%m%d}"), "format": form, "columns": columns})
    registry.deliver("patients", "2023-06-01", *(row("patients", patient_id=f"chx:{one}") for one in ("A-301", "f-9")))
    file = registry.extracts / "chx" / name.replace("1", "20230601")
    file.parent.mkdir()
    file.write_bytes(content)
    registry.load()


@pytest.mark.parametrize(
    ("observation_", "value", "expected"),
    [
        ("1|CWE|X^Virus^L||260373001^Detected^SCT||||||F", "value", None),
        ("1|CWE|X^Virus^L||^^^2^Trace^L||||||F", "value", None),
        ("1|CE|X^Virus^L||<5^Few^L||||||F", "value", None),
        ("1|IS|X^Virus^L||1||||||F", {"from": "OBX[X]"}, None),
        ("1|CWE|X^Virus^L||1^Few^L||||||F", {"from": "value", "map": {"code 1": "0.5"}}, "0.5"),
        ("1|CWE|X^Virus^L||^62||||||F", "value", "62"),
        ("1|NM|X^Virus^L||260373001||||||F", "value", "260373001"),
    ],
)
def test_of_hl7v2(
    duckdb_registry: Registry, profile: Callable[..., Path], observation_: str, value: Any, expected: str | None
) -> None:
    load(duckdb_registry, profile, "oru_1.hl7", results(observation_).encode(), "hl7v2", value)

    check(duckdb_registry, expected)


@pytest.mark.parametrize(
    ("given", "value", "expected"),
    [
        ({"valueCodeableConcept": concept((SNOMED, "260373001"))}, "value", None),
        ({"valueCodeableConcept": concept((LOCAL, "2"), text="trace")}, {"first": ["value"]}, None),
        ({"component": [PART], "valueString": "see below"}, "component[code=c].value", None),
        ({"valueCodeableConcept": {"text": "62"}}, "value", "62"),
        ({"valueQuantity": quantity(62, "1")}, "value", "62"),
        ({"valueQuantity": quantity(62, "1")}, {"first": ["valueInteger", "valueQuantity.value"]}, "62"),
        ({"component": [MEASURED], "valueString": "see below"}, "component[code=c].valueQuantity.value", "62"),
        ({"valueQuantity": {"value": 62, "comparator": "<"}}, "valueQuantity.value", "<62"),
        ({"referenceRange": [{"low": {"value": 62}}], "valueString": "see below"}, "referenceRange.low.value", "62"),
    ],
)
def test_of_fhir(
    duckdb_registry: Registry, profile: Callable[..., Path], given: dict[str, Any], value: Any, expected: str | None
) -> None:
    resource = {**observation(code=concept((LOCAL, "X"))), "valueQuantity": None, **given}
    content = ndjson({name: said for name, said in resource.items() if said})
    load(duckdb_registry, profile, "obs_1.ndjson", content, "fhir_ndjson", value)

    check(duckdb_registry, expected)


def check(registry: Registry, expected: str | None) -> None:
    """The value of the one current result; without one it is set aside as unreadable."""
    told = [] if expected else ["results.value.unreadable"]
    assert [rules for _, rules, _ in registry.quarantine()] == told
    assert registry.states("results", "value") == ([(expected, "current")] if expected else [])
