"""Limits that laboratories have pass in every unit; those whose numbers cannot be of their unit are doubtful."""

import csv
from datetime import date

import pytest

from include.definitions.checking.limit_units import doubts_of
from include.definitions.checking.problem import REFERENCE
from include.definitions.sites.limits import Limit

EVER, FOR_GOOD = date(1900, 1, 1), date(9999, 12, 31)
REAL = {
    "AST": """
        U/L 10 40 | U/L 32 162 | U/L 47 150 | ukat/L 0.25 0.75 | nkat/L 250 750 | U/L 0 33
    """,
    "ALT": """
        U/L 6 40 | U/L 0 19 | ukat/L 0.15 1.1 | mU/mL 7 56
    """,
    "BILI": """
        umol/L 5 21 | mg/dL 0.2 1.2 | mg/L 2 12 | umol/L 25 205 | mg/dL 1.5 12 | mg/dL 6 10 |
        mg/dL 0.19 16.6 | mg/dL 1.5 16 | umol/L - 17 | mg/dL 0 0.3
    """,
    "ALP": """
        U/L 0 115 | U/L 40 130 | U/L 127 517 | U/L 134 518 | U/L 141 460 | ukat/L 0.6 1.8 | ukat/L 2.4 9
    """,
    "GGT": """
        U/L 0 55 | U/L 23 219 | U/L 6 16 | ukat/L 0.1 0.92 | U/L 5 292
    """,
    "CREA": """
        umol/L 45 84 | umol/L 9 32 | mg/dL 0.1 0.36 | mg/dL 0.5 1.2 | mg/L 5 12 | mmol/L 0.04 0.1 |
        umol/L 27 88 | mg/dL 0 1.2 | mg/dL 0.17 0.42
    """,
    "CRCL": """
        mL/min 80 140 | mL/min/1.73m2 90 150 | mL/min/1.73 m2 11 15 | mL/min/{1.73_m2} 17 60 |
        ml/min/1,73m² 88 174 | mL/s 1.5 2.5 | mL/min/1.73m2 90 - | mL/min/1.73m^2 60 - |
        mL/min per 1.73 m2 90 - | mL/min/[1.73 m2] 90 -
    """,
    "PLT": """
        10*9/L 150 400 | 10*9/L 84 478 | 10*9/L 331 597 | 10*3/uL 279 571 | 1/uL 150000 450000 |
        10*4/uL 15 40 | 10*5/uL 1.5 4.5 | 10*9/L 200 750
    """,
    "PT_PERCENT": """
        % 70 130 | % 70 100 | % 45 80 | % 25 75
    """,
    "PT_SECONDS": """
        s 10 14 | s 10.1 15.9 | s 10.6 21
    """,
    "CGA": """
        nmol/L 0 3 | nmol/L - 6 | ug/L 0 100 | ng/mL - 15 | ng/mL 21 108 | ng/mL - 311
    """,
    "HIAA": """
        umol/24h 10 42 | mg/24h 2 8 | mg/24h 0 15 | mg/24h - 6 | umol/24h - 50
    """,
    "ALB": """
        g/L 35 50 | g/dL 1.8 3.0 | g/dL 2.5 3.4 | umol/L 530 750 | g/L 19 40
    """,
    "CHOL": """
        mmol/L - 5.2 | g/L 1.5 2.0 | g/L - 2.5 | mg/dL - 200 | mg/dL 45 100 | mmol/L 1.16 2.6
    """,
    "INR": """
        1 0.8 1.2 | 1 0.53 1.62 | 1 0.61 1.7 | 1 0 1.2
    """,
    "HGB": """
        g/L 167 220 | g/L 130 170 | g/dL 13.4 19.9 | g/dL 9.0 14.1 | mmol/L 8.6 10.7 | g/dL 14.5 22.5 |
        g/L 180 240 | mmol/L 10.4 13.7 | g/L 95 141
    """,
    "NEUT": """
        10*9/L 6 28 | 10*9/L 1.5 7.5 | 10*9/L 7.5 28.5 | 10*9/L 1 20 | 1/uL 1000 20000 | 10*9/L 1.0 3.5
    """,
    "WBC": """
        10*9/L 13 38 | 10*9/L 9 30 | 10*9/L 4 10 | 1/uL 9000 30000 | 10*3/uL 5 19.5
    """,
    "SODIUM": """
        mmol/L 135 145 | mmol/L 126 166 | mmol/L 128 148 | mmol/L 116 140 | meq/L 133 146
    """,
    "POTASSIUM": """
        mmol/L 4.6 6.7 | mmol/L 3.5 5.1 | meq/L 5.0 10 | mmol/L 3.0 6.0
    """,
    "GLUCOSE": """
        mmol/L 1.1 3.3 | g/L 0.7 1.1 | mg/dL 40 60 | mg/dL 70 140 | mmol/L 2.5 5.3
    """,
    "GLUCOSE_FASTING": """
        mmol/L 3.9 5.6 | mg/dL 50 80
    """,
}
"""Of adults, children and newborns, as plausible_limit.csv names its sources: unit, low, high; - is none."""
SLIPS = {
    "AST": """
        U/L 0.2 0.7 | ukat/L 10 40
    """,
    "ALT": """
        U/L - 0.7
    """,
    "BILI": """
        umol/L 0.2 1.2 | mg/dL 5 21 | mg/dL - 17 | umol/L 50 2100
    """,
    "ALP": """
        U/L 0.6 2 | ukat/L 40 130
    """,
    "GGT": """
        ukat/L - 55
    """,
    "CREA": """
        umol/L 0.5 1.2 | mg/dL 45 84 | mg/L 45 84 | umol/L 5 12 | mmol/L 45 84
    """,
    "CRCL": """
        mL/min 1.5 2.5 | mL/s 80 140 | mL/min/1.73m2 1.5 2.5
    """,
    "PLT": """
        10*9/L 15 40 | 10*9/L 150000 450000 | 1/uL 150 400 | 10*9/L 1.5 4.5
    """,
    "PT_PERCENT": """
        % 0.7 1.3 | % 10 14
    """,
    "PT_SECONDS": """
        s 70 130
    """,
    "CGA": """
        nmol/L 0 100 | ug/L 0 3
    """,
    "HIAA": """
        umol/24h 2 8 | umol/24h - 10 | mg/24h 10 50
    """,
    "ALB": """
        g/L 3.5 5.0 | g/dL 35 50 | g/L 530 750
    """,
    "CHOL": """
        mmol/L 1.5 2.0 | g/L - 5.2 | mmol/L - 200
    """,
    "INR": """
        1 2 3 | 1 70 130
    """,
    "HGB": """
        g/L 13 17 | g/dL 130 170 | g/L 8.6 10.7 | mmol/L 13 17 | mmol/L 12 15.5 | g/dL 1.3 1.7
    """,
    "NEUT": """
        10*9/L 1500 7500 | 1/uL 1.5 7.5
    """,
    "WBC": """
        10*9/L 4000 10000 | 1/uL 4 10 | 10*9/L 130 380
    """,
    "SODIUM": """
        mmol/L 310 333 | mmol/L 13.5 14.5
    """,
    "POTASSIUM": """
        mmol/L 13.7 20 | mmol/L 35 51
    """,
    "GLUCOSE": """
        mmol/L 70 110 | mmol/L 0.7 1.1 | g/L 3.9 6.1
    """,
    "GLUCOSE_FASTING": """
        mg/dL 3.9 5.6
    """,
}
"""The same numbers in a unit that they are not of."""


def limit(line: int, test_code: str, written: str) -> Limit:
    unit, low, high = written.rsplit(" ", 2)
    ends = [None if text == "-" else float(text) for text in (low, high)]
    return Limit(line, test_code, "", 0, 200, unit, *ends, EVER, FOR_GOOD, "me", "manual")


def code_of(analyte: str) -> str:
    with (REFERENCE / "analyte_code.csv").open(encoding="utf-8", newline="") as lines:
        return next(row["loinc"] for row in csv.DictReader(lines) if row["analyte"] == analyte)


def doubtful(analyte: str, written: str) -> tuple[list[str], list[str]]:
    """All limits that are written, and those that are doubtful."""
    texts = [text.strip() for text in written.split("|")]
    doubts = doubts_of([limit(line, code_of(analyte), text) for line, text in enumerate(texts)])
    return texts, [texts[line] for line in doubts]


@pytest.mark.parametrize("analyte", REAL)
def test_limits_that_laboratories_have_are_not_doubtful(analyte: str) -> None:
    assert doubtful(analyte, REAL[analyte])[1] == []


@pytest.mark.parametrize("analyte", SLIPS)
def test_limits_in_a_wrong_unit_are_doubtful(analyte: str) -> None:
    written, found = doubtful(analyte, SLIPS[analyte])

    assert found == written


@pytest.mark.parametrize(
    ("code", "unit", "said"),
    [("14682-9", "umol", "umol is no unit of CREA"), ("777-3", "g/dL", "g/dL is no unit of PLT")],
)
def test_a_unit_that_the_analyte_has_not_is_doubtful(code: str, unit: str, said: str) -> None:
    assert doubts_of([limit(2, code, f"{unit} 150 400")]) == {2: said}


def test_a_test_that_is_no_analyte_has_limits_in_any_unit() -> None:
    assert doubts_of([limit(2, "2746-6", "[pH] 7.35 7.45")]) == {}
