"""Single grading cases of an established program have the grade that it gives them."""

import csv
from pathlib import Path

from include.warehouse import Warehouse
from tests.derived.laboratory_cases import derive, grades, result
from tests.support.clinical import Row

ANALYTES = {
    "Alanine aminotransferase Increased": "ALT",
    "Alkaline phosphatase increased": "ALP",
    "Aspartate aminotransferase Increased": "AST",
    "Blood bilirubin increased": "BILI",
    "Creatinine increased": "CREA",
    "GGT increased": "GGT",
    "Platelet count decreased": "PLT",
}


def test_published_cases(warehouse: Warehouse, shared: Path) -> None:
    with (shared / "reference/labs/ctcae_cases.csv").open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    derive(warehouse, [row for case in cases for row in _results(case)])
    derived = {version: grades(warehouse, f"ctcae_v{version}") for version in ("4", "5")}
    found = {case["case_id"]: derived[case["ctcae_version"]][case["case_id"]] for case in cases}
    assert found == {case["case_id"]: _number(case["expected_grade"]) for case in cases}


def _results(case: dict[str, str]) -> list[Row]:
    """The graded result and the baseline that the case names; only the platelets' cases have a unit."""
    name, analyte = case["case_id"], ANALYTES[case["term"]]
    cells: dict[str, object] = {"uln": _number(case["uln"]), "lln": _number(case["lln"])}
    if analyte == "PLT":
        cells["unit"] = case["unit"]
    graded = result(name, analyte, case["value"] or None, 1, result_id=name, **cells)
    if not case["baseline"]:
        return [graded]
    return [result(name, analyte, case["baseline"], 0, result_id=f"{name} baseline", **cells), graded]


def _number(text: str) -> float | None:
    return float(text) if text else None
