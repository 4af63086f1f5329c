"""Whom a resource is about, and what is kept of him."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from tests.pipeline.formats.fhir.resources import Made, bundle, cell, concept, ndjson, observation, read, without

PATIENT: Made = {
    "resourceType": "Patient",
    "id": "f-9",
    "identifier": [{"system": "urn:ipp", "value": "800123"}],
    "gender": "female",
    "birthDate": "1950-01-01",
}


@pytest.mark.parametrize(
    ("subject", "patient"),
    [
        ({"reference": "Patient/f-9"}, "f-9"),
        ({"reference": "Patient/f-9/_history/4"}, "f-9"),
        ({"reference": "https://h.example/fhir/Patient/f-9"}, "f-9"),
        ({"reference": "Patient?identifier=urn:ipp|800123"}, "800123"),
        ({"reference": "#p", "identifier": {"value": "other"}}, "800123"),
        ({"reference": "#gone", "identifier": {"value": "800123"}}, "800123"),
        ({"identifier": {"system": "urn:ipp", "value": "800123"}}, "800123"),
        ({"reference": "urn:uuid:5"}, "urn:uuid:5"),
        ({"reference": "Group/f-9"}, None),
        ({"reference": 5}, None),
        ({}, None),
    ],
)
def test_the_patient_of_a_reference(tmp_path: Path, subject: Made, patient: str | None) -> None:
    made = observation(subject=subject, contained=[{**PATIENT, "id": "p"}])

    assert cell(tmp_path, made, "patient") == patient


@pytest.mark.parametrize("order", [1, -1])
def test_entries_refer_to_one_another(tmp_path: Path, order: int) -> None:
    patient = {"fullUrl": "urn:uuid:5", "resource": PATIENT}
    unnumbered = {"fullUrl": "urn:uuid:6", "resource": without(PATIENT, "id")}
    results = [
        {"resource": observation("o1", subject={"reference": "urn:uuid:5"})},
        {"resource": observation("o2", subject={"reference": "urn:uuid:6"})},
    ]
    content = bundle(*[patient, unnumbered, *results][::order])
    found = read(tmp_path, content, ("key", "patient", "patient.birthDate"), kind="fhir_bundle")

    assert sorted(found.rows) == [("o1", "f-9", "1950-01-01"), ("o2", "800123", "1950-01-01")]
    keys = read(tmp_path, content, ("key", "patient"), feed="patients", kind="fhir_bundle")
    assert sorted(keys.rows) == [("800123", "800123"), ("f-9", "f-9")]


def test_what_stands_in_the_patient(tmp_path: Path) -> None:
    columns = ("key", "patient.identifier[system=urn:ipp].value", "patient.gender")
    found = read(
        tmp_path, ndjson(observation(), PATIENT, observation("o2", subject={"reference": "Patient/x"})), columns
    )

    assert found.rows == [("o1", "800123", "female"), ("o2", None, None)]


def link(kind: str, other: str) -> Made:
    """A patient's link."""
    return {"type": kind, "other": {"reference": f"Patient/{other}"}}


def test_links_say_who_is_one_person(tmp_path: Path) -> None:
    when = "2023-05-10T00:00:00Z"
    old = {**PATIENT, "id": "old", "meta": {"lastUpdated": when}, "link": [link("replaced-by", "new")]}
    new = {
        **PATIENT,
        "id": "new",
        "meta": {"lastUpdated": when},
        "link": [link("seealso", "z"), link("replaces", "old")],
    }
    found = read(tmp_path, ndjson(old, new, PATIENT), ("key", "merged", "surviving", "time", "status"), feed="merges")

    assert found == ([("old>new", "old", "new", when, "final")] * 2, [], {"no_merge": 1})


PERSONAL: Made = {
    **PATIENT,
    "meta": {"lastUpdated": "2023-05-10T00:00:00Z"},
    "text": {"status": "generated", "div": "<div>SECRET</div>"},
    "name": [{"family": "SECRET"}],
    "_name": [{"id": "SECRET"}],
    "telecom": [{"value": "SECRET"}],
    "address": [{"line": ["SECRET"], "city": "SECRET"}],
    "contact": [{"name": {"text": "SECRET"}}],
    "photo": [{"data": "SECRET"}],
    "identifier": [
        {"system": "urn:ipp", "value": "800123"},
        {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "SECRET"},
        {"type": concept(("http://terminology.hl7.org/CodeSystem/v2-0203", "SS")), "value": "SECRET"},
    ],
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": "SECRET"}},
        {"url": "urn:site:weight", "valueDecimal": "@"},
    ],
    "managingOrganization": {"reference": "Organization/1", "display": "SECRET"},
}
RESULT = observation(
    subject={"reference": "Patient/f-9", "display": "SECRET"},
    note=[{"text": "SECRET"}],
    presentedForm=[{"contentType": "application/pdf", "data": "SECRET", "title": "report"}],
    contained=[{**PERSONAL, "id": "p"}],
    category=[{"text": "Laboratory"}],
)


@pytest.mark.parametrize(("kind", "written"), [("fhir_ndjson", ndjson), ("fhir_bundle", bundle)])
@pytest.mark.parametrize("ending", [".json", ".json.gz"])
def test_what_names_a_person_is_not_copied(tmp_path: Path, kind: str, written: Any, ending: str) -> None:
    file, target = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    content = written(PERSONAL, RESULT).replace(b'"@"', b"1.10e1")
    file.write_bytes(gzip.compress(content) if ending.endswith("gz") else content)

    assert reader_of(kind).without_personal(file, target, (), Dialect())
    copy = gzip.decompress(target.read_bytes()) if ending.endswith("gz") else target.read_bytes()
    assert b"SECRET" not in copy
    assert copy.count(b"1.10e1") == 2
    assert b'"Laboratory"' in copy
    columns = ("key", "birthDate", "gender", "identifier[system=urn:ipp].value")
    assert read(tmp_path, copy, columns, feed="patients", kind=kind).rows == [("f-9", "1950-01-01", "female", "800123")]
    assert read(tmp_path, copy, ("key", "patient", "value"), kind=kind).rows == [("o1", "f-9", "62")]


def test_a_copy_keeps_the_numbers_of_lines_and_what_is_no_resource(tmp_path: Path) -> None:
    file, target = tmp_path / "a.json", tmp_path / "b.json"
    file.write_bytes(b"\n" + ndjson(PERSONAL) + b"\n\nno JSON\n")

    assert reader_of("fhir_ndjson").without_personal(file, target, (), Dialect())
    lines = target.read_bytes().split(b"\n")
    assert [bool(line) for line in lines] == [False, True, False, False, True, False]
    assert lines[4] == b"no JSON"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("fhir_ndjson", ndjson(observation())),
        ("fhir_bundle", bundle(observation())),
        ("fhir_bundle", bundle(PERSONAL)[:-2]),
        ("fhir_bundle", b"no JSON"),
    ],
)
def test_nothing_is_written_where_nothing_is_taken_away(tmp_path: Path, kind: str, content: bytes) -> None:
    file, target = tmp_path / "a.json", tmp_path / "b.json"
    file.write_bytes(content)

    assert not reader_of(kind).without_personal(file, target, (), Dialect())
    assert not target.exists()


@pytest.mark.parametrize(
    "path", ["identifier[system=urn:ipp]", "Patient.identifier[system=urn:ipp]", "identifier[system=urn:ipp].value"]
)
def test_a_profile_says_what_else_names_a_person(tmp_path: Path, path: str) -> None:
    file, target = tmp_path / "a.json", tmp_path / "b.json"
    file.write_bytes(ndjson(PATIENT))

    assert reader_of("fhir_ndjson").without_personal(file, target, [path], Dialect())
    assert b"800123" not in target.read_bytes()
    assert json.loads(target.read_bytes())["birthDate"] == "1950-01-01"


def test_of_another_type_nothing_is_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(ndjson(PATIENT))

    assert not reader_of("fhir_ndjson").without_personal(file, tmp_path / "b", ["Observation.gender"], Dialect())
