"""Tumour markers and carcinoid symptoms before the first procedure and after the first cycle."""

from datetime import timedelta

import pytest

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import FIRST, derive, result
from tests.pipeline.derivation.test_laboratory_timepoint import taken
from tests.support.clinical import rows

MARKERS = {
    # patient: value before, value after, change in percent, response
    "fall of half": (400, 200, -50, "responder"),
    "fall of less": (400, 204, -49, "non_responder"),
    "rise": (100, 130, 30, "non_responder"),
    "no value after": (100, None, None, None),
    "no value before": (None, 100, None, None),
    "below detection after": (400, "<25", None, "responder"),
    "fall cannot be told": (40, "<25", None, None),
    "above range before": (">1000", 500, None, "responder"),
    "both censored": ("<25", "<25", None, None),
}


def test_a_marker_responds_when_it_falls_by_half(warehouse: Warehouse) -> None:
    results = []
    for patient, (before, after, _, _) in MARKERS.items():
        results += [] if before is None else [result(patient, "CGA", before, -1)]
        results += [] if after is None else [result(patient, "CGA", after, 30), result(patient, "CGA", 1, 60)]
        results.append(result(patient, "AST", 30, 1))
    derive(warehouse, results, "derived.biomarker_change")
    found = rows(warehouse, "SELECT patient_id, change_percent, response FROM derived.biomarker_change")
    assert len(found) == len(MARKERS)
    for patient, change, response in found:
        assert (change, response) == (pytest.approx(MARKERS[patient][2]), MARKERS[patient][3])


def test_a_value_of_the_last_session_s_day_is_not_after_the_cycle(warehouse: Warehouse) -> None:
    derive(warehouse, [result("P1", "HIAA", 80, 0), result("P1", "HIAA", 30, 1)], "derived.biomarker_change")
    assert rows(warehouse, "SELECT before, after FROM derived.biomarker_change") == [(80, 30)]


FIRST_AFTER = {
    # samples after the cycle by day, wall clock and hours of its offset: the first one
    "days by two clocks": ([(5, "23:30", -5), (6, "00:30", 1)], 1),
    "without offset, after the other": ([(5, "23:30", -5), (6, "00:10", None), (6, "08:00", 1)], 0),
    "without offset, before the other": ([(6, "08:00", 9), (6, "03:00", None)], 1),
}


def test_the_first_value_after_the_cycle_is_that_of_the_first_instant(warehouse: Warehouse) -> None:
    samples = [
        result(name, "CGA", 100, day, **taken(wall, offset, day), result_id=f"{name} {place}")
        for name, (of, _) in FIRST_AFTER.items()
        for place, (day, wall, offset) in enumerate(of)
    ]
    derive(warehouse, samples, "derived.biomarker_change")
    found = rows(warehouse, "SELECT patient_id, after_result_id FROM derived.biomarker_change")
    assert dict(found) == {name: f"{name} {first}" for name, (_, first) in FIRST_AFTER.items()}


SYMPTOMS = {
    # patient: diarrhoea and flushing before, diarrhoea and flushing after, heavier before, after, response
    "resolved": (("present", "none"), ("none", "none"), "present", "none", "resolved"),
    "lighter": (("dominant", "none"), ("present", "none"), "dominant", "present", "improved"),
    "fewer": (("present", "present"), ("none", "present"), "present", "present", "improved"),
    "same": (("present", "none"), ("none", "present"), "present", "present", "unchanged"),
    "heavier": (("present", "none"), ("dominant", "none"), "present", "dominant", "worse"),
    "never": (("none", "none"), ("none", "none"), "none", "none", "unchanged"),
    "new": (("none", "none"), ("none", "present"), "none", "present", "worse"),
    "half recorded": (("present", None), ("none", "none"), "present", "none", "resolved"),
    "half recorded after": (("present", "none"), ("none", None), "present", None, None),
    "not seen again": (("present", "none"), None, "present", None, None),
}


def test_symptoms_are_compared_by_number_and_weight(warehouse: Warehouse) -> None:
    visits = []
    for patient, (before, after, *_) in SYMPTOMS.items():
        visits.append(_visit(patient, -40, ("dominant", "dominant")))
        visits.append(_visit(patient, 0, before))
        visits.append(_visit(patient, 5, (None, None)))
        if after:
            visits += [_visit(patient, 30, after), _visit(patient, 60, ("dominant", "dominant"))]
    results = [result(patient, "AST", 30) for patient in SYMPTOMS]
    derive(warehouse, results, "derived.symptom_response", visits=visits)
    found = rows(warehouse, "SELECT patient_id, before, after, response FROM derived.symptom_response")
    assert {row[0]: row[1:] for row in found} == {name: case[2:] for name, case in SYMPTOMS.items()}


def _visit(patient: str, day: int, symptoms: tuple[str | None, str | None]) -> dict[str, object]:
    return {
        "patient_id": patient,
        "visit_id": f"{patient} {day}",
        "visit_date": FIRST + timedelta(days=day),
        "diarrhoea": symptoms[0],
        "flushing": symptoms[1],
        "vital_status": "alive",
    }
