"""Which resources of a file become rows, what is told of the others, and in which order versions stand."""

from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from tests.pipeline.formats.fhir.resources import (
    LOCAL,
    LOINC,
    Made,
    bundle,
    cell,
    concept,
    deletion,
    ndjson,
    observation,
    quantity,
    read,
    without,
)

STATE = ("key", "status")


BARE = without(observation(), "valueQuantity")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("registered", "preliminary"),
        ("preliminary", "preliminary"),
        ("final", "final"),
        ("amended", "corrected"),
        ("corrected", "corrected"),
        ("entered-in-error", "cancelled"),
        ("cancelled", "cancelled"),
        ("unknown", "unknown"),
    ],
)
def test_the_state_of_a_result(tmp_path: Path, state: str, word: str) -> None:
    assert cell(tmp_path, observation(status=state), "status") == word


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (BARE, "no_result"),
        ({**BARE, "status": "registered"}, "no_result"),
        ({**BARE, "dataAbsentReason": {"text": "hemolysed"}}, "no_result"),
        ({**BARE, "hasMember": [{"reference": "Observation/2"}]}, "panel"),
        ({**BARE, "component": [{"code": concept((LOCAL, "x"))}]}, "panel"),
    ],
)
def test_an_observation_without_value_is_counted(tmp_path: Path, resource: Made, reason: str) -> None:
    found = read(tmp_path, ndjson(resource, observation("o2")), STATE)

    assert (found.rows, found.left_out) == ([("o2", "final")], {reason: 1})


def test_a_correction_without_value_withdraws_the_result(tmp_path: Path) -> None:
    assert cell(tmp_path, {**BARE, "status": "corrected"}, "status") == "cancelled"
    assert cell(tmp_path, {**BARE, "status": "entered-in-error"}, "status") == "cancelled"


def test_an_observation_of_another_feed_needs_no_value(tmp_path: Path) -> None:
    assert read(tmp_path, ndjson(BARE), STATE, feed="lesions").rows == [("o1", "final")]


@pytest.mark.parametrize(
    ("feed", "kind", "state", "reason"),
    [
        ("reports", "DiagnosticReport", "preliminary", "preliminary"),
        ("exams", "ImagingStudy", "registered", "preliminary"),
        ("procedures", "Procedure", "in-progress", "not_done_yet"),
        ("visits", "Encounter", "planned", "not_done_yet"),
    ],
)
def test_what_is_not_final_is_no_row_of_a_feed_of_final_rows(
    tmp_path: Path, feed: str, kind: str, state: str, reason: str
) -> None:
    unfinished = {"resourceType": kind, "id": "1", "status": state}

    assert read(tmp_path, ndjson(unfinished), STATE, feed=feed) == ([], [], {reason: 1})


def test_resources_of_other_types_are_not_the_feeds(tmp_path: Path) -> None:
    found = read(tmp_path, ndjson({"resourceType": "Patient", "id": "p"}, observation()), STATE)

    assert found == ([("o1", "final")], [], {})


COMPONENTS = observation(
    component=[
        {"code": concept((LOCAL, "a")), "valueQuantity": quantity(1), "referenceRange": [{"high": quantity(9)}]},
        {"code": concept((LOINC, "b")), "valueQuantity": quantity(2, comparator="<")},
        {"code": concept((LOCAL, "a")), "valueQuantity": quantity(3)},
    ]
)


PART = ("key", "patient", "time", "code", "value", "unit", "high", "status", "Observation.value")


def test_components_are_rows_of_their_own(tmp_path: Path) -> None:
    found = read(tmp_path, ndjson(COMPONENTS), PART, each="Observation.component")
    time = "2023-05-09T08:10:00+02:00"

    assert found.rows == [
        ("o1|a", "f-9", time, "a", "1", "U/L", "9", "final", "62"),
        ("o1|b", "f-9", time, "b", "<2", "U/L", None, "final", "62"),
        ("o1|a|2", "f-9", time, "a", "3", "U/L", None, "final", "62"),
    ]


@pytest.mark.parametrize("kind", ["fhir_ndjson", "fhir_bundle"])
def test_a_deletion_withdraws_a_row(tmp_path: Path, kind: str) -> None:
    content = bundle(
        deletion("Observation/o1"), deletion("https://h/fhir/Observation/o2/_history/3"), deletion("Patient/p")
    )

    found = read(tmp_path, content, ("key", "patient", "status", "value"), kind=kind)
    assert found == ([("o1", None, "cancelled", None), ("o2", None, "cancelled", None)], [], {})

    patients = read(tmp_path, content, ("key", "patient", "status"), feed="patients", kind=kind)
    assert patients.rows == [("p", "p", "cancelled")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (deletion("Observation/o1"), "unknown_rows: withdrawn Observation"),
        ({"resource": {**observation(), "status": "entered-in-error"}}, "unknown_rows: withdrawn Observation"),
        ({"resource": observation()}, "no_part"),
    ],
)
def test_a_resource_without_the_parts_that_are_rows_is_told(tmp_path: Path, content: Made, reason: str) -> None:
    found = read(tmp_path, bundle(content), PART, each="Observation.component", kind="fhir_bundle")

    assert (found.rows, found.left_out) == ([], {reason: 1})


def test_rows_may_be_resources_and_their_parts(tmp_path: Path) -> None:
    panel = without({**COMPONENTS, "id": "o2"}, "valueQuantity")
    content = ndjson(observation(), panel, {**observation("o3"), "status": "entered-in-error"})
    found = read(tmp_path, content, ("key", "status"), each=["Observation", "Observation.component"])

    parts = [(f"o2|{code}", "final") for code in ("a", "b", "a|2")]
    assert found.rows == [("o1", "final"), *parts, ("o3", "cancelled")]
    assert found.left_out == {"panel": 1}


def test_a_deletion_by_search_is_told(tmp_path: Path) -> None:
    content = bundle(deletion("Observation?code=1920-8"), observation())
    found = read(tmp_path, content, STATE, kind="fhir_bundle")

    assert found.rows == [("o1", "final")]
    assert [number for number, _ in found.rejected] == ["1"]


def version(value: int, when: str | None, key: str = "o1") -> Made:
    """A version of a result."""
    return observation(key, valueQuantity=quantity(value), **({"meta": {"lastUpdated": when}} if when else {}))


def test_versions_stand_in_the_order_of_their_time_then_of_the_file(tmp_path: Path) -> None:
    lines = ndjson(
        version(3, "2023-05-10T10:00:00+02:00"),
        version(1, "2023-05-10T07:59:59.999Z", "o2\n"),
        version(4, "2023-05-10T08:00:00Z"),
        version(0, None),
        version(5, "2023-05-11T00:00:00Z"),
        version(2, "2023-05-10T07:59:59.999999Z"),
    )

    values = [value for value, _ in read(tmp_path, lines, ("value", "key")).rows]
    assert values == ["0", "1", "2", "3", "4", "5"]


def test_a_history_of_which_the_newest_stands_first(tmp_path: Path) -> None:
    gone = deletion("Observation/o1", response={"lastModified": "2023-05-12T00:00:00Z"})
    content = bundle(gone, version(2, "2023-05-11T00:00:00Z"), version(1, "2023-05-10T00:00:00Z"), type="history")

    found = read(tmp_path, content, ("value", "status"), kind="fhir_bundle")
    assert found.rows == [("1", "final"), ("2", "final"), (None, "cancelled")]


def test_a_name_that_is_new_whenever_it_is_sent_is_no_key(tmp_path: Path) -> None:
    entries = [
        {"fullUrl": url, "resource": without(observation(), "id")} for url in ("urn:uuid:9", "https://h/Observation/9")
    ]
    found = read(tmp_path, bundle(*entries), ["key", "value"], kind="fhir_bundle")
    assert [key for key, _ in found.rows] == [None, "https://h/Observation/9"]


@pytest.mark.parametrize(("path", "rows"), [("status", 1), ("modifierExtension[url=urn:not].valueBoolean", 2)])
def test_a_modifier_that_nobody_names_is_set_aside(tmp_path: Path, path: str, rows: int) -> None:
    negated = {**observation("o2"), "modifierExtension": [{"url": "urn:not", "valueBoolean": True}]}

    found = read(tmp_path, ndjson(observation(), negated), ("key", path))

    assert (len(found.rows), len(found.rejected)) == (rows, 2 - rows)


@pytest.mark.parametrize(("path", "rows"), [("status", 1), ("implicitRules", 2)])
def test_a_resource_of_rules_that_nobody_names_is_set_aside(tmp_path: Path, path: str, rows: int) -> None:
    ruled = {**observation("o2"), "implicitRules": "urn:rules"}

    found = read(tmp_path, ndjson(observation(), ruled), ("key", path))

    assert (len(found.rows), len(found.rejected)) == (rows, 2 - rows)


def test_a_bundle_of_rules_that_nobody_knows_is_set_aside_or_held(tmp_path: Path) -> None:
    ruled = bundle(observation(), implicitRules="urn:rules")

    found = read(tmp_path, ndjson(observation("o2")) + ruled, ("key",))
    assert (found.rows, len(found.rejected)) == ([("o2",)], 1)
    with pytest.raises(RegistryError, match="implicitRules"):
        read(tmp_path, ruled, ("key",), kind="fhir_bundle")


def test_a_modifier_of_a_part_is_set_aside_as_well(tmp_path: Path) -> None:
    negated = {**COMPONENTS["component"][0], "modifierExtension": [{"url": "urn:not", "valueBoolean": True}]}
    made = {**COMPONENTS, "id": "o2", "component": [negated]}

    found = read(tmp_path, ndjson(COMPONENTS, made), ("key",), each="Observation.component")

    assert (len(found.rows), len(found.rejected)) == (3, 1)


def test_no_modifier_keeps_a_resource_from_being_withdrawn(tmp_path: Path) -> None:
    wrong = {**observation("o2"), "status": "entered-in-error", "modifierExtension": [{"url": "urn:not"}]}
    deleted = {"request": {"method": "DELETE", "url": "Observation/o3"}, "resource": {**wrong, "id": "o3"}}

    found = read(tmp_path, bundle({"resource": wrong}, deleted), ["key", "status"], kind="fhir_bundle")

    assert (found.rows, found.rejected) == ([("o2", "cancelled"), ("o3", "cancelled")], [])
