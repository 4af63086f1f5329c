"""Every graded result of the Mayo PBC trial has the grade that published rule tables give it, and so has the worst."""

import csv
from pathlib import Path
from typing import Any

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import grades
from tests.support.clinical import fill, rows
from tests.support.making import make


def test_grades_of_real_patients(warehouse: Warehouse, shared: Path) -> None:
    folder = shared / "reference" / "pbc"
    fill(
        warehouse,
        procedures=_read(folder / "extracts/radiology/procedures/1990-01-01/radiology_procedures.csv"),
        results=_read(folder / "extracts/laboratory/results/1990-01-01/laboratory_results.csv"),
    )
    make(warehouse, "derived.toxicity_grade", "derived.toxicity_worst")
    derived = {criteria: grades(warehouse, criteria) for criteria in ("ctcae_v3", "ctcae_v4", "ctcae_v5")}
    expected = {
        (row["criteria"], row["result_id"]): int(row["expected_grade"])
        for row in _read(folder / "expected_toxicity_grade.csv")
    }
    found = {(criteria, name): derived[criteria].get(name) for criteria, name in expected}
    assert len(expected) == 19184
    assert [key for key in expected if found[key] != expected[key]] == []

    worst = _read(folder / "expected_toxicity_worst.csv")
    derived_worst = rows(
        warehouse,
        "SELECT patient_id, analyte, criteria, period, baseline_grade, worst_grade FROM derived.toxicity_worst",
    )
    assert len(worst) == 1000
    assert {tuple(row.values()) for row in worst} - {tuple(map(_text, row)) for row in derived_worst} == set()


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _read(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(lines)]
