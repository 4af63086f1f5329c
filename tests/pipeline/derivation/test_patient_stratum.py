"""The groups of a patient; a group that is not known gives no row."""

import re
from datetime import date, timedelta

from include.definitions.described import read_yaml
from include.warehouse import Warehouse
from include.warehouse.reference import FOLDER
from include.warehouse.sql import select_text
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)


def sessions(patient: str, count: int) -> list[Row]:
    days = [FIRST + timedelta(days=40 * n) for n in range(count)]
    return [{"patient_id": patient, "performed_on": d, "technique": "ctace", "territory": "whole_liver"} for d in days]


def numbered(feed: str, given: list[Row]) -> list[Row]:
    return [{**row, f"{feed}_id": f"{feed}-{n}"} for n, row in enumerate(given)]


def test_the_groups_of_a_patient(warehouse: Warehouse) -> None:
    known = {"liver_metastases_timing": "metachronous", "primary_resected": "no", "sex": "male"}
    known |= {"ct": "T2", "cn": "N1", "cm": "M0", "hormone_syndrome": "insulinoma"}
    exam = {"modality": "CT", "liver_tumour_burden_percent": 50, "extrahepatic_disease": "yes"}
    fill(
        warehouse,
        patients=[{"patient_id": "full", **known}, {"patient_id": "bare"}, {"patient_id": "unsaid", "sex": "unknown"}],
        procedures=sessions("full", 4),
        exams=[{"patient_id": "full", "exam_date": FIRST, **exam}],
        reports=[{"patient_id": "full", "reported_on": FIRST, "primary_site": "C25.9", "ki67_percent": 5}],
    )
    make(warehouse, "derived.patient_stratum")
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
        ("stage", "III", False),
        ("functioning", "functioning", False),
    }
    assert {row[1:] for row in found if row[0] == "bare"} == {("all", "all", False), ("sex", "female", False)}
    assert {row[1:] for row in found if row[0] == "unsaid"} == {("all", "all", False)}


def test_the_number_of_procedures(warehouse: Warehouse) -> None:
    procedures = [row for n in range(1, 6) for row in sessions(f"p{n}", n)]
    fill(warehouse, procedures=numbered("procedure", procedures))
    make(warehouse, "derived.patient_stratum")
    found = rows(
        warehouse,
        "SELECT stratum FROM derived.patient_stratum WHERE stratification = 'procedures' ORDER BY patient_id",
    )
    assert [row[0] for row in found] == ["1", "2-3", "2-3", ">=4", ">=4"]


def test_a_further_stratification_is_rows_of_data(warehouse: Warehouse) -> None:
    columns = "stratification, stratum, stratification_label, stratum_label, sort_order, characteristic, immortal_time"
    warehouse.run(
        f"INSERT INTO reference.stratum_label ({columns}) "
        "VALUES ('syndrome', 'vipoma', 'Syndrome', 'VIPoma', 1, 'hormone_syndrome', FALSE)"
    )
    fill(warehouse, patients=[{"patient_id": "P1", "hormone_syndrome": "vipoma"}], procedures=sessions("P1", 1))
    make(warehouse, "derived.patient_stratum")
    assert rows(warehouse, "SELECT stratum FROM derived.patient_stratum WHERE stratification = 'syndrome'") == [
        ("vipoma",)
    ]


def test_only_groups_by_procedures_have_a_landmark_variant(warehouse: Warehouse) -> None:
    warehouse.run("UPDATE reference.stratum_label SET immortal_time = TRUE WHERE stratification = 'sex'")
    fill(warehouse, patients=[{"patient_id": "P1"}], procedures=sessions("P1", 2))
    make(warehouse, "derived.landmark_stratum")
    assert rows(warehouse, "SELECT stratification, stratum FROM derived.landmark_stratum") == [
        ("procedures_landmark", "2-3")
    ]


def test_every_characteristic_that_groups_can_be_made_by_is_known(warehouse: Warehouse) -> None:
    allowed = set(read_yaml(FOLDER / "tables.yml")["tables"]["stratum_label"]["columns"]["characteristic"]["values"])
    assert set(re.findall(r"\('(\w+)', ", select_text("derived/patient_stratum"))) == allowed
