"""The numbers of the study's text: sessions, doses, side effects by session, observed times, deaths, limits."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 6)
MARTS = (
    "treatment_exposure",
    "session_side_effects",
    "side_effects",
    "mortality_30_day",
    "reference_range",
    "toxicity_limit",
    "observed_time",
    "patient_outcome",
    "survival_summary",
    "survival_curve",
    "cumulative_incidence",
)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def session(patient: str, number: int, on: int, **cells: Any) -> dict[str, Any]:
    key = {"patient_id": patient, "procedure_id": f"{patient}{number}", "performed_on": day(on)}
    return {**key, "technique": "ctace", "territory": "whole_liver", "drug": "streptozocin", **cells}


def event(patient: str, term: str, number: int | None, serious: str = "no") -> dict[str, Any]:
    named = None if number is None else f"{patient}{number}"
    cells = {"patient_id": patient, "procedure_id": named, "onset_date": day(1), "term": term, "serious": serious}
    return {**cells, "event_id": f"{patient}{number}{term}"}


def exam(patient: str, on: int, viable_mm: float, extrahepatic: str = "no") -> tuple[dict[str, Any], dict[str, Any]]:
    name = {"patient_id": patient, "exam_id": f"{patient} {on}"}
    lesion = {"lesion_id": "T", "lesion_kind": "target", "viable_diameter_mm": viable_mm}
    dated = {"exam_date": day(on), "modality": "CT", "extrahepatic_progression": extrahepatic}
    return {**name, **dated}, {**name, **lesion, "longest_diameter_mm": viable_mm}


@pytest.fixture(scope="module")
def marts(module_warehouse: Warehouse) -> Warehouse:
    """Three treated patients and one who was not."""
    whole = {"cycle_complete": "yes"}
    read = [
        *(exam("a", on, mm) for on, mm in ((-5, 100), (80, 60), (140, 55), (200, 90), (260, 20))),
        *(exam("b", on, mm, seen) for on, mm, seen in ((-5, 100, "no"), (73, 80, "yes"))),
    ]
    fill(
        module_warehouse,
        patients=[{"patient_id": name} for name in ("a", "b", "c", "untreated")],
        procedures=[
            session("a", 1, 0, drug_dose_g=1.5, microspheres_ml=2),
            session("a", 2, 35, drug_dose_g=1.5, microspheres_ml=0, **whole),
            session("a", 3, 100, drug_dose_g=1.5, microspheres_ml=0),
            session("b", 1, 0, drug_dose_g=1.0, microspheres_ml=0, **whole),
            session("c", 1, 0, **whole),
        ],
        exams=[found for found, _ in read],
        lesions=[lesion for _, lesion in read],
        visits=[
            {
                "patient_id": "c",
                "visit_date": day(3),
                "vital_status": "dead",
                "death_date": day(3),
                "death_cause": "treatment",
            },
            {
                "patient_id": "b",
                "visit_date": day(30),
                "vital_status": "dead",
                "death_date": day(30),
                "death_cause": "other",
            },
        ],
        adverse_events=[
            event("a", "fever", 1),
            event("a", "fever", 3),
            event("b", "fever", 1, serious="yes"),
            event("c", "nausea", None),
            event("untreated", "fever", None),
        ],
        results=[
            {
                "patient_id": name,
                "collected_at": datetime(2020, 1, 5, 8),
                "test_code": "1920-8",
                "value": "20",
                "unit": unit,
                "reference_high": limit,
            }
            for name, unit, limit in (("a", "U/L", 35), ("b", "U/L", 35), ("c", "ukat/L", 0.58))
        ],
    )
    make(module_warehouse, *(f"marts.{mart}" for mart in MARTS))
    return module_warehouse


def test_the_numbers_of_the_text(marts: Warehouse) -> None:
    exposure = {
        name: row for name, *row in rows(marts, "SELECT measure, n, mean, min, max, unit FROM marts.treatment_exposure")
    }
    assert exposure["streptozocin_dose_first_session_1.5"] == [1, 1.5, 1.5, 1.5, "g"]
    assert exposure["streptozocin_dose_first_session_1"] == [1, 1, 1, 1, "g"]
    assert exposure["microspheres_first_session_none"][0] == 1
    assert exposure["first_cycle_interval"] == [1, 5, 5, 5, "wk"]
    assert rows(
        marts, "SELECT term, session_number, procedures, denominator FROM marts.session_side_effects ORDER BY 1, 2"
    ) == [
        ("fever", 1, 2, 3),
        ("fever", 2, 0, 1),
        ("fever", 3, 1, 1),
        ("nausea", 1, 0, 3),
        ("nausea", 2, 0, 1),
        ("nausea", 3, 0, 1),
        ("serious_adverse_event", 1, 1, 3),
        ("serious_adverse_event", 2, 0, 1),
        ("serious_adverse_event", 3, 0, 1),
    ]
    assert rows(marts, "SELECT term, procedures, denominator, patients FROM marts.side_effects ORDER BY term") == [
        ("fever", 3, 5, 2),
        ("nausea", 0, 5, 1),
        ("serious_adverse_event", 1, 5, 1),
    ]
    assert rows(
        marts, "SELECT unit, deaths, treatment_related_deaths, denominator FROM marts.mortality_30_day ORDER BY unit"
    ) == [("patient", 2, 1, 3), ("procedure", 2, 1, 5)]
    assert rows(marts, "SELECT analyte, lower_limit, upper_limit, results FROM marts.reference_range ORDER BY 3") == [
        ("AST", None, pytest.approx(34.8), 1),
        ("AST", None, 35, 2),
    ]
    assert rows(
        marts,
        "SELECT threshold FROM marts.toxicity_limit WHERE criteria = 'ctcae_v3' AND analyte = 'AST' ORDER BY grade",
    ) == [(1,), (2.5,), (5,), (20,)]


def test_observed_times_are_described_as_they_are(marts: Warehouse) -> None:
    select = "SELECT endpoint, rule, population, n, mean, sd, median, min, max FROM marts.observed_time"
    found = {" ".join(row[:3]): row[3:] for row in rows(marts, select)}
    month = 30.4375
    # pfs: a progresses on day 200, b was last seen on day 73, c never
    assert found["pfs study all"][:2] == (3, pytest.approx((200 + 73 + 0) / 3 / month))
    assert found["pfs study assessed"] == pytest.approx(
        (2, 136.5 / month, 127 / 2**0.5 / month, 136.5 / month, 73 / month, 200 / month)
    )
    assert found["pfs study event"][0] == 1
    extrahepatic = found["time_to_extrahepatic_progression study event"]
    assert (extrahepatic[0], extrahepatic[2], extrahepatic[3]) == (1, None, pytest.approx(73 / month))


def test_an_outcome_names_its_best_change_first_response_and_last_session(marts: Warehouse) -> None:
    select = (
        "SELECT best_response, best_change_percent, response_months, last_session_months FROM marts.patient_outcome"
    )
    found = {row[0]: row[1:] for row in rows(marts, select)}
    # what follows the progression of day 200 does not count
    assert found["PR"] == (-45, 2, 3)  # days 80 and 100
    assert found["SD"] == (-20, None, 0)
    assert found[None] == (None, None, 0)


def test_survival_from_diagnosis_is_of_everybody_and_from_treatment_of_the_treated(marts: Warehouse) -> None:
    select = (
        "SELECT endpoint, patients FROM marts.survival_summary "
        "WHERE stratification = 'all' AND rule = 'study' AND ci_method = 'plain' AND entry = 'time zero'"
    )
    found = dict(rows(marts, select))
    assert (found["os_diagnosis"], found["os_treatment"], found["pfs"], found["duration_of_response"]) == (4, 3, 3, 1)


def test_what_competes_has_an_incidence_and_both_criteria_reach_the_marts(marts: Warehouse) -> None:
    both = [("mrecist",), ("recist_1_1",)]
    shown = "SELECT DISTINCT criteria FROM marts.{} WHERE endpoint = '{}' AND rule = '{}' ORDER BY criteria"
    for rule in ("study", "fda"):
        assert rows(marts, shown.format("survival_summary", "pfs", rule)) == both
    assert rows(marts, shown.format("cumulative_incidence", "pfs", "study")) == both
    assert rows(marts, shown.format("cumulative_incidence", "pfs", "fda")) == []  # death is an event there
    hepatic = ("time_to_hepatic_progression", "study")
    assert rows(marts, shown.format("cumulative_incidence", *hepatic)) == both
    assert rows(marts, shown.format("survival_curve", *hepatic)) == []
    cause = "SELECT cause, cif FROM marts.cumulative_incidence WHERE stratification = 'all' AND months = 6 AND "
    # b, whose exam of day 73 shows it, died on day 30; c on day 3
    spread = rows(marts, cause + "endpoint = 'time_to_extrahepatic_progression'")
    assert spread == [("death", pytest.approx(2 / 3))]
    deaths = rows(marts, cause + "endpoint = 'os_treatment' ORDER BY cause")
    assert deaths == [("other", pytest.approx(1 / 3)), ("treatment", pytest.approx(1 / 3))]
