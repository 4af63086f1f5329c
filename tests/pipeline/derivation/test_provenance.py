"""Every derived row names its rule version and the rows of the record that it came from."""

from include.definitions import contracts
from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse
from include.warehouse.tables import manifest, read_table
from tests.pipeline.marts.test_degenerate_cohorts import patient, together
from tests.support.clinical import fill, rows

NAMED: dict[str, dict[str, str]] = {
    # table: column that holds a key, and the feed that it is a key of
    "treatment_session": {"procedure_id": "procedures"},
    "lab_timepoint": {"result_id": "results"},
    "graded_result": {"result_id": "results"},
    "timepoint_grade": {"result_id": "results"},
    "worst_grade": {"baseline_result_id": "results"},
    "lesion_reading": {"measurement_id": "lesions", "exam_id": "exams"},
    "baseline_lesion": {"measurement_id": "lesions", "exam_id": "exams"},
    "timepoint_exam": {"exam_id": "exams"},
    "lesion_finding": {"exam_id": "exams"},
    "exam_response": {"exam_id": "exams"},
    "timepoint_response": {"exam_id": "exams", "baseline_exam_id": "exams"},
    "side_effect": {"event_id": "adverse_events"},
    "treatment_cycle": {
        "first_procedure_id": "procedures",
        "last_procedure_id": "procedures",
        "response_exam_id": "exams",
    },
    "course_response": {"exam_id": "exams"},
    "best_response": {"exam_id": "exams"},
    "biomarker_change": {"before_result_id": "results", "after_result_id": "results"},
    "symptom_response": {"before_visit_id": "visits", "after_visit_id": "visits"},
    "report_grade": {"report_id": "reports"},
    "tumour_grade": {"report_id": "reports"},
    "kidney_function": {"result_id": "results"},
    "liver_score": {"procedure_id": "procedures"},
    "albi": {"albumin_result_id": "results", "bilirubin_result_id": "results", "procedure_id": "procedures"},
    "baseline_clinic": {
        "height_visit_id": "visits",
        "weight_visit_id": "visits",
        "ecog_visit_id": "visits",
        "symptom_visit_id": "visits",
    },
    "baseline_imaging": {"burden_exam_id": "exams", "extrahepatic_exam_id": "exams", "target_exam_id": "exams"},
    "baseline": {"primary_report_id": "reports", "patient_id": "patients"},
    "follow_up": {"first_procedure_id": "procedures"},
    "tumour_stage": {"t_report_id": "reports", "n_report_id": "reports"},
    "sstr_status": {"exam_id": "exams"},
    "patient_stratum": {"patient_id": "patients"},
    "landmark_stratum": {"patient_id": "patients"},
    "repeated_event": {"record_key": "visits", "first_record_key": "visits"},
}
BY_FEED = (
    "eligibility",
    "follow_up",
    "happening",
    "survival_start",
    "survival_end",
    "observation_stop",
    "survival_time",
    "competing_time",
    "session_component",
    "hormone_syndrome",
)
"""Tables whose rows come from different feeds: source_table and source_id."""


def test_every_row_leads_back_to_the_record(warehouse: Warehouse) -> None:
    richer = patient("b", dead_on=100)
    moment = {"patient_id": "b", "unit": "umol/L", "test_code": "14682-9", "reference_high": 100}
    marker = {"patient_id": "b", "unit": "ng/mL", "test_code": "9811-1"}
    liver = [{**moment, "test_code": code, "unit": unit} for code, unit in (("1751-7", "g/L"), ("14631-6", "umol/L"))]
    days = [row["collected_at"] for row in richer["results"]]
    of_day = (moment, marker, *liver)
    richer["results"] += [{**row, "value": "80", "collected_at": day} for row in of_day for day in days]
    findings = {"height_cm": 170, "weight_kg": 70, "ecog": 1, "diarrhoea": "present", "flushing": "none"}
    richer["visits"] = [{**row, **findings} for row in [*richer["visits"], richer["visits"][0]]]
    richer["reports"] = [{**row, "pt": "T2", "pn": "N1"} for row in richer["reports"]]
    richer["exams"].append({**richer["exams"][0], "exam_id": "PET", "modality": "PT", "krenning_score": 3})
    fill(warehouse, **together(patient("a"), richer))
    derive_touched(warehouse)

    tables = {name for name in manifest("derived") if read_table("derived", name).grain == "patient"}
    assert tables == {*NAMED, *BY_FEED}
    for name in tables:
        assert rows(warehouse, f"SELECT COUNT(*) FROM derived.{name} WHERE rule_version IS NULL") == [(0,)]
    for name, columns in NAMED.items():
        for column, feed in columns.items():
            named = {row[0] for row in rows(warehouse, f"SELECT {column} FROM derived.{name}")} - {None}
            assert named, f"{name}.{column}"
            assert named <= keys(warehouse, feed), f"{name}.{column}"
    for name in BY_FEED:
        for feed, key in rows(warehouse, f"SELECT DISTINCT source_table, source_id FROM derived.{name}"):
            assert (feed, key) == (None, None) or key in keys(warehouse, feed), name
        if name in BY_FEED[2:]:
            assert rows(warehouse, f"SELECT COUNT(*) FROM derived.{name} WHERE source_id IS NULL") == [(0,)]


def keys(warehouse: Warehouse, feed: str) -> set[str]:
    return {row[0] for row in rows(warehouse, f"SELECT {contracts.read(feed).key} FROM clinical.current_{feed}")}
