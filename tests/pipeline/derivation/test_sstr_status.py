"""Imaging of somatostatin receptors: what it says of a patient, and that it enters no tumour response."""

from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import FIRST, exam, session, target
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

RESTING = {
    "derived.timepoint_response": "criteria, exam_date, response, sum_mm, baseline_sum_mm",
    "derived.best_response": "criteria, confirmed, response, response_date",
    "derived.treatment_cycle": "cycle, last_session, response_exam_id, response",
    "derived.baseline_imaging": "liver_burden_percent, extrahepatic_disease, target_sum_mm, target_exam_id",
}
PROGRESSION = "SELECT endpoint, rule, criteria, days, event FROM derived.survival_time WHERE endpoint LIKE '%pro%'"


def pet(patient: str, days: int, **cells: object) -> Row:
    day = FIRST + timedelta(days=days)
    return {**exam(patient, day, f"{patient} PET {days}"), "modality": "PT", "sstr_tracer": "ga68_dotatate", **cells}


def test_the_last_imaging_of_receptors_before_the_first_session(warehouse: Warehouse) -> None:
    exams = [
        pet("scored", -90, krenning_score=4),
        pet("scored", -30, krenning_score=2),
        pet("scored", -5, sstr_tracer="f18_fdg", krenning_score=4),
        pet("scored", 1, krenning_score=4),
        pet("above the liver", 0, krenning_score=3, sstr_tracer=None),
        pet("faint", -10, krenning_score=1, modality="NM", sstr_tracer="in111_pentetreotide"),
        pet("stated", -10, sstr_status="positive"),
        pet("says nothing", -10),
        {**pet("by CT", -10, sstr_status="positive"), "modality": "CT"},
    ]
    patients = {str(row["patient_id"]) for row in exams}
    fill(warehouse, exams=exams, procedures=[session(p) for p in sorted(patients)])
    make(warehouse, "derived.sstr_status")
    columns = "patient_id, sstr_status, krenning_score, above_liver, days_before, exam_id"
    assert rows(warehouse, f"SELECT {columns} FROM derived.sstr_status ORDER BY patient_id") == [
        ("above the liver", "positive", 3, True, 0, "above the liver PET 0"),
        ("faint", "negative", 1, False, 10, "faint PET -10"),
        ("scored", "positive", 2, False, 30, "scored PET -30"),
        ("stated", "positive", None, None, 10, "stated PET -10"),
    ]


def course(patient: str, days: tuple[int, ...]) -> tuple[list[Row], list[Row]]:
    """Exams by CT with a growing lesion."""
    exams = [exam(patient, FIRST + timedelta(days=day)) for day in days]
    lesions = [
        {"patient_id": patient, "exam_id": one["exam_id"], **target("T1", 30 + 10 * number)}
        for number, one in enumerate(exams)
    ]
    return exams, lesions


def test_receptor_imaging_enters_no_response(warehouse: Warehouse) -> None:
    exams, lesions = course("P1", (-20, 60))
    said = {"liver_tumour_burden_percent": 90, "extrahepatic_disease": "yes", "extrahepatic_progression": "yes"}
    imaging = [pet("P1", day, krenning_score=4, **said) for day in (-5, 30, 200)]
    more = [{"patient_id": "P1", "exam_id": one["exam_id"], **target("T1", 1)} for one in imaging]
    more += [{"patient_id": "P1", "exam_id": imaging[1]["exam_id"], **target("T9", 50), "lesion_kind": "new"}]
    told = []
    for feeds in ({"exams": exams, "lesions": lesions}, {"exams": imaging, "lesions": more}):
        fill(warehouse, **feeds, procedures=[] if told else [session("P1")])
        make(warehouse, "derived.follow_up", "derived.survival_time", *RESTING)
        told.append(responses(warehouse))
    assert [row[1:] for row in told[0]["derived.timepoint_response"]] == [(date(2020, 3, 10), "PD", 40, 30)] * 2
    assert told[0] == told[1]
    assert rows(warehouse, "SELECT last_contact FROM derived.follow_up") == [(FIRST + timedelta(days=200),)]


def responses(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    """All that rests on the exams by which lesions are measured."""
    asked = {table: f"SELECT {columns} FROM {table}" for table, columns in RESTING.items()}
    asked["derived.survival_time"] = PROGRESSION
    return {table: sorted(rows(warehouse, select), key=str) for table, select in asked.items()}
