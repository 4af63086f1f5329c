"""Builds laboratory results for the tests: days count from each patient's first session."""

from datetime import date, datetime, time, timedelta

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 3, 1)
TESTS = {
    "AST": ("1920-8", "U/L"),
    "ALT": ("1742-6", "U/L"),
    "BILI": ("14631-6", "umol/L"),
    "ALP": ("6768-6", "U/L"),
    "GGT": ("2324-2", "U/L"),
    "CREA": ("14682-9", "umol/L"),
    "CRCL": ("2164-2", "mL/min"),
    "PLT": ("777-3", "10*9/L"),
    "ALB": ("1751-7", "g/L"),
    "INR": ("6301-6", "{INR}"),
    "HGB": ("718-7", "g/L"),
    "NEUT": ("751-8", "10*9/L"),
    "WBC": ("6690-2", "10*9/L"),
    "SODIUM": ("2951-2", "mmol/L"),
    "POTASSIUM": ("2823-3", "mmol/L"),
    "GLUCOSE": ("14749-6", "mmol/L"),
    "GLUCOSE_FASTING": ("14771-0", "mmol/L"),
    "PT_PERCENT": ("5894-1", "%"),
    "CGA": ("9811-1", "ng/mL"),
    "HIAA": ("14573-0", "umol/24h"),
}


def result(
    patient: str,
    analyte: str,
    value: object,
    day: int = 1,
    *,
    uln: float | None = None,
    lln: float | None = None,
    hour: int = 8,
    **cells: object,
) -> Row:
    """One result in the registry's own unit, unless `unit` and `test_code` say otherwise."""
    code, unit = TESTS[analyte]
    return {
        "patient_id": patient,
        "collected_at": datetime.combine(FIRST + timedelta(days=day), time(hour)),
        "test_code": code,
        "value": None if value is None else str(value),
        "unit": unit,
        "reference_low": lln,
        "reference_high": uln,
        **cells,
    }


def session(patient: str, day: int = 0) -> Row:
    """A session of treatment that treats the whole liver."""
    return {
        "patient_id": patient,
        "performed_on": FIRST + timedelta(days=day),
        "technique": "ctace",
        "territory": "whole_liver",
        "planned_sessions": 1,
        "cycle_complete": "yes",
    }


def derive(warehouse: Warehouse, results: list[Row], *tables: str, **feeds: list[Row]) -> None:
    """Fill these results and make the tables of them, the grades if none is named.

    Each patient has one session on day 0 unless `procedures` are given.
    """
    patients = sorted({str(row["patient_id"]) for row in results})
    procedures = [session(patient) for patient in patients]
    fill(warehouse, results=results, **{"procedures": procedures, **feeds})
    make(warehouse, *(tables or ["derived.toxicity_grade"]))


def grades(warehouse: Warehouse, criteria: str) -> dict[str, int | None]:
    """The grade of each result by its id."""
    derived = rows(warehouse, "SELECT criteria, result_id, grade FROM derived.toxicity_grade")
    return {result_id: grade for graded_by, result_id, grade in derived if graded_by == criteria}


Sides = dict[tuple[str, str], tuple[int | None, int | None]]


def graded_sides(warehouse: Warehouse, criteria: str) -> Sides:
    """The least and the greatest grade of each result and term."""
    derived = rows(
        warehouse,
        "SELECT g.result_id, t.term, g.grades_at_least, g.grades_at_most, e.sort_order FROM derived.graded_result AS g "
        "INNER JOIN reference.graded_term AS t ON g.analyte = t.analyte AND g.direction = t.direction "
        f"INNER JOIN reference.toxicity_criteria AS e ON t.criteria = e.criteria WHERE e.criteria = '{criteria}'",
    )
    return {
        (result_id, term): (_grade(least[place - 1]), _grade(most[place - 1]))
        for result_id, term, least, most, place in derived
    }


def _grade(sign: str) -> int | None:
    return None if sign == "-" else int(sign)
