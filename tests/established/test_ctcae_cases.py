"""Single grading cases of an established program have the grade that it gives them."""

import csv
from pathlib import Path

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, grades, result
from tests.support.clinical import Row

ANALYTES = {
    "alanine aminotransferase increased": "ALT",
    "alkaline phosphatase increased": "ALP",
    "aspartate aminotransferase increased": "AST",
    "blood bilirubin increased": "BILI",
    "creatinine clearance decreased": "CRCL",
    "creatinine increased": "CREA",
    "ggt increased": "GGT",
    "platelet count decreased": "PLT",
    "thrombocytopenia": "PLT",
}
FAR_BELOW = 5.0
"""A lower limit for a baseline that a case calls normal without saying it."""


def test_published_cases(warehouse: Warehouse, shared: Path) -> None:
    cases = [case for name in ("ctcae_cases", "ctcae6_cases") for case in _read(shared / f"reference/labs/{name}.csv")]
    derive(warehouse, [row for case in cases for row in _results(case)])
    derived = {version: grades(warehouse, f"ctcae_v{version}") for version in ("4", "5", "6")}
    found = {case["case_id"]: derived[case["ctcae_version"]][case["case_id"]] for case in cases}
    assert found == {case["case_id"]: _number(case["expected_grade"]) for case in cases}
    assert sum(case["ctcae_version"] == "6" for case in cases) == 348 + 88


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _results(case: dict[str, str]) -> list[Row]:
    """The graded result and the baseline that the case names; the platelets' unit is that of the case."""
    name, analyte = case["case_id"], ANALYTES[case["term"].lower()]
    cells: dict[str, object] = {"uln": _number(case["uln"]), "lln": _number(case["lln"])}
    if analyte == "PLT":
        cells["unit"] = case["unit"]
    graded = result(name, analyte, case["value"] or None, 1, result_id=name, **cells)
    if not case["baseline"]:
        return [graded]
    low = {"LOW": float(case["baseline"]) + 1, "NORMAL": FAR_BELOW}.get(case["baseline_indicator"])
    before = {**cells, "lln": cells["lln"] or low}
    return [result(name, analyte, case["baseline"], 0, result_id=f"{name} baseline", **before), graded]


def _number(text: str) -> float | None:
    return float(text) if text else None
