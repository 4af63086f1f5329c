"""One row a patient: the last finding up to the first procedure, classes at their limits, what stays null."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)
LOINC = {"AST": "1920-8", "CREA": "14682-9", "CGA": "9811-1", "HIAA": "14573-0"}
UNIT = {"AST": "U/L", "CREA": "umol/L", "CGA": "ng/mL", "HIAA": "umol/24h"}


def session(patient: str, day: date = FIRST) -> Row:
    return {"patient_id": patient, "performed_on": day, "technique": "ctace", "territory": "whole_liver"}


def visit(patient: str, day: int, **cells: object) -> Row:
    return {
        "patient_id": patient,
        "visit_date": FIRST + timedelta(days=day),
        "vital_status": "alive",
        **cells,
    }


def exam(patient: str, day: int, exam_id: str, **cells: object) -> Row:
    taken = FIRST + timedelta(days=day)
    return {"patient_id": patient, "exam_id": exam_id, "exam_date": taken, "modality": "MR", **cells}


def target(patient: str, exam_id: str, lesion: str, mm: float | None, **cells: object) -> Row:
    row = {"patient_id": patient, "exam_id": exam_id, "lesion_id": lesion, "lesion_kind": "target"}
    return {**row, "measurement_id": f"{exam_id}-{lesion}-{len(cells)}", "longest_diameter_mm": mm, **cells}


def result(patient: str, analyte: str, value: object, at: datetime = datetime(2019, 12, 30, 8)) -> Row:
    row = {"patient_id": patient, "test_code": LOINC[analyte], "unit": UNIT[analyte]}
    return {**row, "collected_at": at, "value": str(value)}


def baseline(warehouse: Warehouse, *columns: str) -> dict[str, Any]:
    """The columns of each patient's row, or the one value where only one is asked for."""
    make(warehouse, "derived.baseline")
    found = warehouse.run("SELECT * FROM derived.baseline").mappings()
    cells = {row["patient_id"]: tuple(row[column] for column in columns) for row in found}
    return {patient: row[0] if len(columns) == 1 else row for patient, row in cells.items()}


def test_ages_and_times(warehouse: Warehouse) -> None:
    born, diagnosed, liver = date(1950, 1, 1), date(2010, 1, 1), date(2015, 1, 1)
    dates = {"birth_date": born, "diagnosis_date": diagnosed, "liver_metastases_date": liver}
    fill(
        warehouse,
        patients=[
            {"patient_id": "meta", **dates, "liver_metastases_timing": "metachronous"},
            {"patient_id": "sync", **dates, "liver_metastases_timing": "synchronous"},
            {"patient_id": "later", **dates, "liver_metastases_date": date(2021, 1, 1)},
        ],
        procedures=[session("meta"), session("meta", date(2021, 5, 5)), session("sync"), session("later")],
    )
    found = baseline(
        warehouse,
        "first_procedure",
        "age_at_diagnosis_years",
        "age_at_first_procedure_years",
        "synchronous",
        "diagnosis_to_liver_metastases_months",
        "liver_metastases_to_first_procedure_months",
    )
    years = [(diagnosed - born).days / 365.25, (FIRST - born).days / 365.25]
    before, since = (liver - diagnosed).days / 30.4375, (FIRST - liver).days / 30.4375
    assert found["meta"] == (
        FIRST,
        *map(pytest.approx, years),
        False,
        pytest.approx(before),
        pytest.approx(since),
    )
    assert found["sync"][3:] == (True, None, pytest.approx(since))
    assert found["later"][3:] == (None, None, None)


def test_bmi_from_the_last_weight_and_height_in_classes_that_hold_their_upper_limit(
    warehouse: Warehouse,
) -> None:
    weights = {"a": 51.2, "b": 51.3, "c": 64, "d": 64.1, "e": 76.8, "f": 77}
    fill(
        warehouse,
        procedures=[session(p) for p in (*weights, "none")],
        visits=[
            *(visit(p, -400, height_cm=160, weight_kg=99) for p in weights),
            *(visit(p, 0, weight_kg=w) for p, w in weights.items()),
            *(visit(p, 1, weight_kg=120, height_cm=150) for p in (*weights, "none")),
        ],
    )
    found = baseline(warehouse, "bmi_kg_m2", "bmi_class")
    assert found["c"] == (pytest.approx(25), "20-25")
    assert [found[p][1] for p in weights] == ["<=20", "20-25", "20-25", "25-30", "25-30", ">30"]
    assert found["none"] == (None, None)


def test_the_primary_site_is_grouped(warehouse: Warehouse) -> None:
    sites = {
        "C15.9": "gi",
        "C21.0": "gi",
        "C26.9": "gi",
        "C25.4": "pancreas",
        "C34.1": "lung",
        "C80.9": "unknown",
    }
    groups = {**sites, "C22.0": "other", "C24.1": "other"}
    fill(
        warehouse,
        procedures=[session(site) for site in groups],
        reports=[
            *({"patient_id": s, "reported_on": date(2019, 1, 1), "primary_site": s} for s in groups),
            *({"patient_id": s, "reported_on": date(2019, 6, 1), "primary_site": "C80.9"} for s in groups),
            *({"patient_id": s, "reported_on": date(2020, 6, 1), "primary_site": "C34.9"} for s in groups),
        ],
    )
    assert baseline(warehouse, "primary_group") == groups


def test_two_primary_tumours_of_different_organs_are_multiple(warehouse: Warehouse) -> None:
    sites = {
        "two organs": ("C17.2", "C25.9", "multiple"),
        "one not coded": ("C50.1", "C17.2", "multiple"),
        "one organ group": ("C17.2", "C18.0", "gi"),
        "one unknown": ("C17.2", "C80.9", "gi"),
    }
    fill(
        warehouse,
        procedures=[session(patient) for patient in sites],
        reports=[
            {"patient_id": patient, "specimen": "primary", "reported_on": date(2019, month, 1), "primary_site": site}
            for patient, pair in sites.items()
            for month, site in enumerate(pair[:2], start=1)
        ],
    )
    make(warehouse, "derived.patient_stratum")
    assert baseline(warehouse, "primary_group") == {patient: group for patient, (*_, group) in sites.items()}
    strata = rows(
        warehouse, "SELECT stratification, stratum FROM derived.patient_stratum WHERE patient_id = 'two organs'"
    )
    assert [row for row in strata if row[0].startswith("primary")] == [("primary", "multiple")]


def test_burden_and_disease_outside_the_liver_at_the_first_procedure(warehouse: Warehouse) -> None:
    burdens = {"a": 0, "b": 9.9, "c": 10, "d": 25, "e": 50, "f": 75, "g": 100}
    fill(
        warehouse,
        procedures=[session(p) for p in burdens],
        exams=[
            *(
                exam(p, -9, f"{p}1", liver_tumour_burden_percent=b, extrahepatic_disease="yes")
                for p, b in burdens.items()
            ),
            *(exam(p, -2, f"{p}2", extrahepatic_disease="no") for p in burdens),
            *(exam(p, 3, f"{p}3", liver_tumour_burden_percent=1, extrahepatic_disease="yes") for p in burdens),
        ],
    )
    found = baseline(warehouse, "liver_burden_class", "extrahepatic_disease")
    classes = ["<10", "<10", "10-25", "25-50", "50-75", ">=75", ">=75"]
    assert [found[p] for p in burdens] == [(c, False) for c in classes]


def test_the_two_largest_targets_in_the_liver_numbered_by_lesion(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        procedures=[session("a"), session("b")],
        exams=[exam("a", -30, "old"), exam("a", -3, "base"), exam("a", 60, "late"), exam("b", 0, "one")],
        lesions=[
            target("a", "old", "T1", 99),
            *(target("a", "base", f"T{n}", mm) for n, mm in ((1, 30), (2, 20), (3, 50), (4, None))),
            target("a", "base", "node", 80, lymph_node="yes"),
            target("a", "base", "T1", 90, reader="second"),
            target("a", "late", "T1", 99),
            target("b", "one", "T1", 12),
        ],
    )
    found = baseline(warehouse, "target_1_mm", "target_2_mm", "target_sum_mm")
    assert found == {"a": (30, 50, 80), "b": (12, None, 12)}


def test_symptoms_come_from_one_visit(warehouse: Warehouse) -> None:
    answers = {
        "none": ("none", "none", False),
        "one": ("present", "none", True),
        "dominant": (None, "dominant", True),
        "half": ("none", None, None),
    }
    fill(
        warehouse,
        procedures=[session(p) for p in answers],
        visits=[
            *(visit(p, -90, diarrhoea="dominant", flushing="dominant", ecog=1) for p in answers),
            *(visit(p, -5, diarrhoea=d, flushing=f) for p, (d, f, _) in answers.items()),
            *(visit(p, 20, diarrhoea="present", flushing="present", ecog=3) for p in answers),
        ],
    )
    found = baseline(warehouse, "carcinoid_syndrome", "ecog")
    assert found == {p: (syndrome, 1) for p, (_, _, syndrome) in answers.items()}


def test_only_what_started_before_the_first_procedure_is_previous(warehouse: Warehouse) -> None:
    given = [("tace", date(2019, 1, 1)), ("prrt", FIRST), ("ablation", date(2020, 2, 1))]
    fill(
        warehouse,
        procedures=[session("a")],
        treatments=[{"patient_id": "a", "kind": kind, "started_on": day} for kind, day in given],
    )
    assert baseline(warehouse, "previous_tace", "previous_prrt", "previous_ablation") == {"a": (True, False, False)}


def test_the_last_result_up_to_the_day_of_the_first_procedure(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        procedures=[session("a")],
        results=[
            result("a", "AST", 30, datetime(2019, 6, 1, 8)),
            result("a", "AST", 40, datetime(2020, 1, 1, 7)),
            result("a", "AST", 400, datetime(2020, 1, 2, 7)),
        ],
    )
    assert baseline(warehouse, "ast_u_l") == {"a": 40}


def test_a_censored_marker_is_elevated_only_if_every_value_it_stands_for_is(warehouse: Warehouse) -> None:
    values = {
        "a": "100",
        "b": "100.1",
        "c": "<100",
        "d": "<101",
        "e": ">100",
        "f": ">=100",
        "g": ">99",
        "h": "<=100",
    }
    fill(
        warehouse,
        procedures=[session(p) for p in values],
        results=[result(p, "CGA", v) for p, v in values.items()],
    )
    found = baseline(warehouse, "chromogranin_a_elevated")
    assert [found[p] for p in values] == [False, True, False, None, True, None, None, False]


def test_no_clearance_from_a_censored_or_missing_creatinine(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        procedures=[session("known"), session("censored"), session("missing")],
        results=[result("known", "CREA", 88.4), result("censored", "CREA", "<20")],
    )
    found = baseline(warehouse, "clearance_mdrd_class", "clearance_ckd_epi_2021_class")
    assert found == {"known": ("30-60", ">60"), "censored": (None, None), "missing": (None, None)}


def test_an_untreated_patient_has_no_baseline(warehouse: Warehouse) -> None:
    fill(warehouse, patients=[{"patient_id": "a", "discovery_mode": "pain"}], results=[result("a", "AST", 30)])
    found = baseline(warehouse, "first_procedure", "ast_u_l", "previous_tace", "discovery_mode")
    assert found == {"a": (None, None, None, "pain")}
