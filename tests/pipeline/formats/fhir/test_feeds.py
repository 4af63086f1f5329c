"""What is usual for each feed: which cells its rows have without a word of a profile."""

from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from include.definitions import contracts
from include.pipeline.formats import Asked, reader_of
from include.pipeline.formats.fhir.words import grammar
from include.pipeline.formats.fhir.words import usual as words
from include.pipeline.formats.interface import SameFiles
from tests.pipeline.formats.fhir.resources import (
    LOCAL,
    LOINC,
    Made,
    bundle,
    concept,
    deletion,
    ndjson,
    observation,
    quantity,
    read,
    usual,
)

SCT = "http://snomed.info/sct"
SUBJECT = {"reference": "Patient/f-9"}
ICDO = "http://terminology.hl7.org/CodeSystem/icd-o-3"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "d1",
    "status": "final",
    "result": [{"reference": "Observation/o1"}],
}

CASES: list[tuple[str, str, Made, dict[str, Any]]] = [
    (
        "patients",
        "",
        {"resourceType": "Patient", "id": "f-9", "gender": "female", "birthDate": "1950-01-01"},
        {"patient_id": "f-9", "sex": "female", "birth_date": "1950-01-01", "status": "final"},
    ),
    (
        "exams",
        "",
        {
            "resourceType": "ImagingStudy",
            "id": "i1",
            "status": "available",
            "subject": SUBJECT,
            "started": "2023-06-01T09:00:00+02:00",
            "modality": [{"system": "d", "code": "SR"}, {"system": "d", "code": "CT"}],
        },
        {
            "exam_id": "i1",
            "patient_id": "f-9",
            "exam_date": "2023-06-01T09:00:00+02:00",
            "modality": "CT",
            "status": "final",
        },
    ),
    (
        "lesions",
        "",
        {
            "resourceType": "Observation",
            "id": "l1",
            "status": "amended",
            "code": concept((SCT, "4147007")),
            "subject": SUBJECT,
            "derivedFrom": [{"reference": "DocumentReference/2"}, {"reference": "ImagingStudy/i1"}],
            "focus": [{"reference": "BodyStructure/L1"}],
            "component": [{"code": concept((LOINC, "33728-7")), "valueQuantity": quantity(2.5, "cm")}],
        },
        {
            "measurement_id": "l1",
            "patient_id": "f-9",
            "exam_id": "i1",
            "lesion_id": "L1",
            "longest_diameter_mm": "25",
            "status": "corrected",
        },
    ),
    (
        "procedures",
        "",
        {
            "resourceType": "Procedure",
            "id": "p1",
            "status": "stopped",
            "code": concept((LOCAL, "CEL")),
            "subject": SUBJECT,
            "performedPeriod": {"start": "2023-06-01T09:00:00+02:00", "end": "2023-06-01T10:00:00+02:00"},
            "bodySite": [concept((LOCAL, "FD"))],
        },
        {
            "procedure_id": "p1",
            "patient_id": "f-9",
            "performed_on": "2023-06-01T09:00:00+02:00",
            "started_at": "2023-06-01T09:00:00+02:00",
            "technique": "CEL",
            "territory": "FD",
            "status": "final",
        },
    ),
    (
        "reports",
        "",
        {
            "resourceType": "DiagnosticReport",
            "id": "r1",
            "status": "final",
            "code": concept((LOINC, "60568-3")),
            "subject": SUBJECT,
            "effectiveDateTime": "2023-06-01",
            "issued": "2023-06-03T09:00:00Z",
            "contained": [
                {
                    "resourceType": "Observation",
                    "id": "k",
                    "status": "final",
                    "code": concept((LOINC, "29593-1")),
                    "valueQuantity": quantity(2, "%", comparator="<"),
                }
            ],
        },
        {
            "report_id": "r1",
            "patient_id": "f-9",
            "reported_on": "2023-06-03T09:00:00Z",
            "ki67_percent": "<2",
            "status": "final",
        },
    ),
    (
        "treatments",
        "",
        {
            "resourceType": "MedicationAdministration",
            "id": "m1",
            "status": "completed",
            "subject": SUBJECT,
            "medicationReference": {"reference": "#drug"},
            "effectivePeriod": {"start": "2023-06-01", "end": "2023-06-30"},
            "contained": [{"resourceType": "Medication", "id": "drug", "code": concept((LOCAL, "OCTREO"))}],
        },
        {
            "treatment_id": "MedicationAdministration/m1",
            "patient_id": "f-9",
            "kind": "OCTREO",
            "started_on": "2023-06-01",
            "ended_on": "2023-06-30",
            "status": "final",
        },
    ),
    (
        "treatments",
        "Procedure",
        {
            "resourceType": "Procedure",
            "id": "m1",
            "status": "not-done",
            "code": concept((LOCAL, "RFA")),
            "subject": SUBJECT,
            "performedDateTime": "2023-06-01",
        },
        {
            "treatment_id": "Procedure/m1",
            "patient_id": "f-9",
            "kind": "RFA",
            "started_on": "2023-06-01",
            "status": "cancelled",
        },
    ),
    (
        "visits",
        "",
        {
            "resourceType": "Encounter",
            "id": "e1",
            "status": "finished",
            "class": {"system": ACT, "code": "IMP"},
            "subject": SUBJECT,
            "period": {"start": "2023-06-01", "end": "2023-06-09"},
            "hospitalization": {
                "dischargeDisposition": concept(("http://terminology.hl7.org/CodeSystem/discharge-disposition", "exp"))
            },
        },
        {
            "visit_id": "Encounter/e1",
            "patient_id": "f-9",
            "visit_date": "2023-06-01",
            "vital_status": "dead",
            "death_date": "2023-06-09",
            "status": "final",
        },
    ),
    (
        "visits",
        "Patient",
        {"resourceType": "Patient", "id": "f-9", "deceasedDateTime": "2023-07-01"},
        {
            "visit_id": "Patient/f-9",
            "patient_id": "f-9",
            "visit_date": "2023-07-01",
            "vital_status": "dead",
            "death_date": "2023-07-01",
            "status": "final",
        },
    ),
    (
        "visits",
        "Observation",
        {
            "resourceType": "Observation",
            "id": "w1",
            "status": "final",
            "code": concept((LOINC, "29463-7")),
            "subject": SUBJECT,
            "effectiveDateTime": "2023-06-01",
            "valueQuantity": quantity(70.5, "kg"),
        },
        {
            "visit_id": "Observation/w1",
            "patient_id": "f-9",
            "visit_date": "2023-06-01",
            "weight_kg": "70.5",
            "vital_status": "alive",
            "status": "final",
        },
    ),
    (
        "adverse_events",
        "",
        {
            "resourceType": "AdverseEvent",
            "id": "a1",
            "actuality": "actual",
            "event": concept((LOCAL, "FEVER")),
            "subject": SUBJECT,
            "date": "2023-06-02",
            "seriousness": concept(("http://terminology.hl7.org/CodeSystem/adverse-event-seriousness", "Serious")),
            "suspectEntity": [{"instance": {"reference": "Device/1"}}, {"instance": {"reference": "Procedure/p1"}}],
        },
        {
            "event_id": "a1",
            "patient_id": "f-9",
            "procedure_id": "p1",
            "onset_date": "2023-06-02",
            "term": "FEVER",
            "serious": "Serious",
            "status": "final",
        },
    ),
]


@pytest.mark.parametrize(("feed", "each", "resource", "row"), CASES, ids=[f"{one[0]} {one[1]}" for one in CASES])
def test_a_row_of_each_feed(tmp_path: Path, feed: str, each: str, resource: Made, row: dict[str, Any]) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    sources = usual(feed)
    paths = dict.fromkeys(path for source in sources.values() for path in source)
    found = read(tmp_path, ndjson(resource), paths, feed=feed, each=each)
    cells = dict(zip(paths, found.rows[0], strict=True))

    said = {name: next((cells[path] for path in source if cells[path]), None) for name, source in sources.items()}
    assert said == dict.fromkeys(sources) | row


def test_usual_columns_are_those_of_the_contracts() -> None:
    assert set(words()) == set(contracts.FEEDS)
    for feed, given in words().items():
        assert set(given["columns"]) <= set(contracts.read(feed).names)


def test_every_word_is_one_of_the_contract_or_a_reason_that_is_described() -> None:
    known = {"preliminary", "final", "corrected", "cancelled", *grammar()["left_out"]}
    for kind in grammar()["types"].values():
        assert set(kind["words"].values()) <= known


TOLD = {"lastUpdated": "2024-05-06T07:08:09Z"}


@pytest.mark.parametrize(
    ("died", "expected"),
    [
        ({"deceasedDateTime": "2024-03-04"}, ("2024-03-04", "dead", "2024-03-04")),
        ({"deceasedDateTime": "2024"}, (TOLD["lastUpdated"], "dead", "2024")),
        ({"deceasedBoolean": True}, (TOLD["lastUpdated"], "dead", None)),
    ],
)
def test_a_file_of_several_types_tells_visits_and_deaths(tmp_path: Path, died: Made, expected: tuple[str]) -> None:
    encounter = {"resourceType": "Encounter", "id": "e1", "status": "finished", "period": {"start": "2024-01-02"}}
    alive, dead = (
        {"resourceType": "Patient", "id": key, "meta": TOLD, **more} for key, more in (("a", {}), ("b", died))
    )
    columns = ("reference", "visit_date", "vital_status", "death_date")
    found = read(tmp_path, ndjson(encounter, alive, dead), columns, feed="visits")
    assert found.rows == [("Encounter/e1", "2024-01-02", "alive", None), ("Patient/b", *expected)]
    assert found.left_out == {"no_death": 1}


def test_a_path_of_one_of_several_types_is_empty_of_the_others(tmp_path: Path) -> None:
    medicine = {"resourceType": "MedicationAdministration", "id": "1", "status": "completed"}
    procedure = {"resourceType": "Procedure", "id": "2", "status": "completed", "code": {"text": "RFA"}}
    each, columns = ["MedicationAdministration", "Procedure"], ("reference", "Procedure.code.text")
    found = read(tmp_path, ndjson(medicine, procedure), columns, feed="treatments", each=each)
    assert found.rows == [("MedicationAdministration/1", None), ("Procedure/2", "RFA")]


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ({"resourceType": "AllergyIntolerance"}, {"unknown_rows: AllergyIntolerance": 1}),
        ({"resourceType": "Patient", "link": []}, {"unknown_rows: Patient": 1}),
        ({"resourceType": "Patient", "deceasedBoolean": True}, {"unknown_rows: Patient": 1}),
        ({"resourceType": "Zabulon" * 10}, {"unknown_rows": 1}),
        ({"resourceType": "Patient", "deceasedBoolean": False}, {}),
        ({"resourceType": "Practitioner"}, {}),
        ({"resourceType": "Encounter"}, {}),
        ({"resourceType": "Condition"}, {}),
    ],
)
def test_a_resource_that_no_feed_takes_is_told_by_the_first(tmp_path: Path, resource: Made, told: Made) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(ndjson(observation(), resource))
    beside = SameFiles({"results": "", "visits": ["Encounter"]}, ignored={"resourceType": ["Condition"]})
    for feed, expected in (("results", told), ("visits", {})):
        rows = reader_of("fhir_ndjson").read(file, Asked(feed, ("key",), beside.feeds[feed], beside=beside), tmp_path)
        assert rows.left_out == expected


@pytest.mark.parametrize(
    ("feeds", "spoken", "told"),
    [
        (("patients", "results"), (), {"deceasedDateTime", "link"}),
        (("results", "patients"), ("link",), {"deceasedDateTime"}),
        (("patients", "visits"), (), {"link"}),
        (("patients", "visits", "merges"), (), set()),
    ],
)
def test_a_death_and_a_link_that_no_feed_takes_are_told_once(
    tmp_path: Path, feeds: tuple[str, ...], spoken: tuple[str, ...], told: set[str]
) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(ndjson({"resourceType": "Patient", "deceasedDateTime": "2024-01-02", "link": [{}]}))
    beside = SameFiles(dict.fromkeys(feeds, ""), frozenset(spoken))
    for feed in feeds:
        rows = reader_of("fhir_ndjson").read(file, Asked(feed, ("key",), beside=beside), tmp_path)
        assert rows.unasked == (told if feed == "patients" else set())


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        (REPORT | {"status": "entered-in-error"}, {"unknown_rows: withdrawn DiagnosticReport": 1}),
        (REPORT | {"status": "entered-in-error", "result": []}, {}),
        (REPORT, {}),
    ],
)
def test_a_withdrawn_report_is_told_to_the_results_that_it_refers_to(
    tmp_path: Path, resource: Made, told: Made
) -> None:
    beside = SameFiles({"reports": "", "results": ""})
    file = tmp_path / "a.ndjson"
    file.write_bytes(ndjson(resource))
    rows = reader_of("fhir_ndjson").read(file, Asked("results", ("key",), beside=beside), tmp_path)
    assert rows.left_out == told


def test_a_withdrawn_report_is_not_told_where_reports_are_ignored(tmp_path: Path) -> None:
    beside = SameFiles({"results": ""}, ignored={"resourceType": ["DiagnosticReport"]})
    file = tmp_path / "a.ndjson"
    file.write_bytes(ndjson(REPORT | {"status": "entered-in-error"}))
    rows = reader_of("fhir_ndjson").read(file, Asked("results", ("key",), beside=beside), tmp_path)
    assert rows.left_out == {}


def test_a_deleted_report_is_told_to_the_results(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(bundle(deletion("DiagnosticReport/d1")))
    asked = Asked("results", ("key",), beside=SameFiles({"reports": "", "results": ""}))
    found = reader_of("fhir_bundle").read(file, asked, tmp_path)
    assert found.left_out == {"unknown_rows: withdrawn DiagnosticReport": 1}
