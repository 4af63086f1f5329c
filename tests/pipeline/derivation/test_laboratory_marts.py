"""What the laboratory and symptom marts count, and their tests."""

from datetime import timedelta

import pandas as pd
import pytest

from include.pipeline.statistics.paired import exact_mcnemar, paired_t_test
from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import FIRST, derive, result
from tests.support.clinical import rows


def test_toxicity_counts_patients_of_a_time_point(warehouse: Warehouse) -> None:
    derive(
        warehouse,
        [
            result("P1", "AST", 30, 0, uln=35),
            result("P1", "AST", 400, 1, uln=35),
            result("P2", "AST", 40, 1, uln=35),
            result("P3", "AST", 41, 2, uln=35),
            result("P4", "AST", 400, 1),
        ],
        "marts.toxicity",
    )
    found = rows(
        warehouse,
        "SELECT grade, patients, denominator, percent FROM marts.toxicity "
        "WHERE criteria = 'ctcae_v3' AND analyte = 'AST' AND timepoint = 'day_1' ORDER BY grade",
    )
    assert [row[:3] for row in found] == [(0, 0, 3), (1, 2, 3), (2, 0, 3), (3, 1, 3), (4, 0, 3)]
    assert sum(row[3] for row in found) == pytest.approx(100)


def test_toxicity_change_pairs_the_same_patients(warehouse: Warehouse) -> None:
    values = {"P1": (30, 130), "P2": (20, 140), "P3": (40, 150), "P4": (50, None), "P5": (60, "<5")}
    results = [result(patient, "AST", before, 0) for patient, (before, _) in values.items()]
    results += [result(patient, "AST", after, 1) for patient, (_, after) in values.items() if after]
    derive(warehouse, results, "marts.toxicity_change")
    [row] = rows(
        warehouse,
        "SELECT pairs, mean_difference, ci_low, ci_high, t, p_value FROM marts.toxicity_change "
        "WHERE analyte = 'AST' AND from_timepoint = 'baseline' AND to_timepoint = 'day_1'",
    )
    # differences 100, 120, 110: t = 110 / (10 / sqrt(3)); with 2 degrees of freedom p = 1 - t / sqrt(t^2 + 2)
    assert row == pytest.approx((3, 110, 85.15862, 134.84138, 19.05256, 0.0027435), rel=1e-4)


def test_markers_and_symptoms_of_the_cohort(warehouse: Warehouse) -> None:
    markers = {"P1": (400, 100), "P2": (300, 290), "P3": (200, 90), "P4": (100, None), "P5": (100, "<25")}
    results = [result(patient, "CGA", before, 0) for patient, (before, _) in markers.items()]
    results += [result(patient, "CGA", after, 30) for patient, (_, after) in markers.items() if after]
    before = dict.fromkeys(["P1", "P2", "P3", "P4"], "present") | {"P5": "none"}
    after = {"P1": "none", "P2": "none", "P3": "present", "P5": "present"}
    visits = [_visit(patient, 0, symptom) for patient, symptom in before.items()]
    visits += [_visit(patient, 30, symptom) for patient, symptom in after.items()]
    derive(warehouse, results, "marts.biomarker_change", "marts.symptom_response", visits=visits)
    [marker] = rows(
        warehouse,
        "SELECT analyte, pairs, mean_before, mean_after, mean_difference, responders, evaluable, p_value > 0 "
        "FROM marts.biomarker_change",
    )
    assert marker == ("CGA", 3, 300, 160, -140, 3, 4, True)
    [symptoms] = rows(
        warehouse,
        "SELECT patients, resolved, improved, percent_resolved, pairs, lost, gained, p_value "
        "FROM marts.symptom_response",
    )
    assert symptoms == pytest.approx((3, 2, 0, 200 / 3, 4, 2, 1, 1.0))


def test_paired_t_test_is_null_without_anything_to_compare_with() -> None:
    tested = paired_t_test(
        pd.DataFrame({"pairs": [0, 1, 5], "mean_difference": [None, 2.0, 2.0], "sd_difference": [None, None, 1e-17]})
    )
    assert tested[["ci_low", "ci_high", "t", "p_value"]].isna().all(axis=None)


def test_exact_mcnemar_counts_only_changes() -> None:
    counts = pd.DataFrame({"pairs": [20, 20, 20, 0], "lost": [10, 3, 0, 0], "gained": [1, 3, 0, 0]})
    p_values = exact_mcnemar(counts)["p_value"].tolist()
    assert p_values == pytest.approx([2 * (1 + 11) / 2**11, 1, 1, float("nan")], nan_ok=True)


def _visit(patient: str, day: int, diarrhoea: str) -> dict[str, object]:
    return {
        "patient_id": patient,
        "visit_id": f"{patient} {day}",
        "visit_date": FIRST + timedelta(days=day),
        "diarrhoea": diarrhoea,
        "flushing": "none",
        "vital_status": "alive",
    }
