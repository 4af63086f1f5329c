"""Builds laboratory results for the tests: days count from each patient's first session."""

from datetime import date, datetime, time, timedelta

from include.derivation import derive_touched
from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows

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
    "SODIUM": ("2951-2", "mmol/L"),
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


def derive(warehouse: Warehouse, results: list[Row], *, treated: bool = True, **feeds: list[Row]) -> None:
    """Fill and derive these results; each patient has one session on day 0 unless `procedures` are given."""
    patients = sorted({str(row["patient_id"]) for row in results})
    procedures = [session(patient) for patient in patients] if treated else []
    fill(warehouse, results=results, **{"procedures": procedures, **feeds})
    derive_touched(warehouse)


def grades(warehouse: Warehouse, criteria: str) -> dict[str, int | None]:
    """The grade of each result by its id."""
    derived = rows(warehouse, "SELECT criteria, result_id, grade FROM derived.toxicity_grade")
    return {result_id: grade for graded_by, result_id, grade in derived if graded_by == criteria}
