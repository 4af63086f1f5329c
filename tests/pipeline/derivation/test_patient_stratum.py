"""The groups of a patient; a group that is not known gives no row."""

from datetime import date, timedelta

from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows

FIRST = date(2020, 1, 1)


def sessions(patient: str, count: int) -> list[Row]:
    days = [FIRST + timedelta(days=40 * n) for n in range(count)]
    return [{"patient_id": patient, "performed_on": d, "technique": "ctace", "territory": "whole_liver"} for d in days]


def numbered(feed: str, given: list[Row]) -> list[Row]:
    return [{**row, f"{feed}_id": f"{feed}-{n}"} for n, row in enumerate(given)]


def test_the_groups_of_a_patient(warehouse: Warehouse) -> None:
    known = {"liver_metastases_timing": "metachronous", "primary_resected": "no", "sex": "male"}
    exam = {"modality": "CT", "liver_tumour_burden_percent": 50, "extrahepatic_disease": "yes"}
    fill(
        warehouse,
        patients=[{"patient_id": "full", **known}, {"patient_id": "bare"}],
        procedures=sessions("full", 4),
        exams=[{"patient_id": "full", "exam_date": FIRST, **exam}],
        reports=[{"patient_id": "full", "reported_on": FIRST, "primary_site": "C25.9", "ki67_percent": 5}],
    )
    derive_touched(warehouse)
    found = rows(warehouse, "SELECT patient_id, stratification, stratum, immortal_time FROM derived.patient_stratum")
    assert {row[1:] for row in found if row[0] == "full"} == {
        ("all", "all", False),
        ("primary", "pancreas", False),
        ("primary_gi_pancreas", "pancreas", False),
        ("primary_resected", "no", False),
        ("grade", "G2", False),
        ("burden", ">=50", False),
        ("extrahepatic", "yes", False),
        ("procedures", ">=4", True),
        ("sex", "male", False),
        ("synchronous", "metachronous", False),
    }
    assert {row[1:] for row in found if row[0] == "bare"} == {("all", "all", False), ("sex", "female", False)}


def test_the_number_of_procedures(warehouse: Warehouse) -> None:
    procedures = [row for n in range(1, 6) for row in sessions(f"p{n}", n)]
    fill(warehouse, procedures=numbered("procedure", procedures))
    derive_touched(warehouse)
    found = rows(
        warehouse,
        "SELECT stratum FROM derived.patient_stratum WHERE stratification = 'procedures' ORDER BY patient_id",
    )
    assert [row[0] for row in found] == ["1", "2-3", "2-3", ">=4", ">=4"]
