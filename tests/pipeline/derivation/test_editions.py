"""An edition of the criteria is a row and a file: nothing else names it."""

import csv
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from include.warehouse import Warehouse, reference, sql
from include.warehouse.creating import create_all
from tests.pipeline.derivation.laboratory_cases import derive, grades, result
from tests.support.clinical import rows

LIMITS = "house_v1,AST,any,uln,{0},>,{1},x ULN,,Aspartate aminotransferase increased,nobody"


@pytest.fixture
def made_up(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    """A warehouse that knows one edition more, which grades AST alone."""
    folder = copytree(reference.FOLDER, tmp_path / "reference")
    with (folder / "toxicity_criteria.csv").open("a", encoding="utf-8") as lines:
        lines.write("house_v1,House rules,5,nobody\n")
    limits = [LIMITS.format(grade, 2 * grade) for grade in range(1, 5)]
    header = (folder / "toxicity_limit" / "ctcae_v5.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "toxicity_limit" / "house_v1.csv").write_text("\n".join([header, *limits]), encoding="utf-8")
    monkeypatch.setattr(reference, "FOLDER", folder)
    monkeypatch.setattr(sql, "EDITIONS", folder / "toxicity_criteria.csv")
    _forget()
    with warehouse.transaction():
        create_all(warehouse)
    yield warehouse
    _forget()


def _forget() -> None:
    sql.editions.cache_clear()
    sql.select_text.cache_clear()


def test_a_further_edition_grades_and_is_counted(made_up: Warehouse) -> None:
    values = {"P1": 71, "P2": 300, "P3": 70, "P4": ">200"}
    results = [result(patient, "AST", value, uln=35, result_id=patient) for patient, value in values.items()]
    results.append(result("P1", "CREA", 300, uln=100, result_id="creatinine"))
    derive(made_up, results, "derived.toxicity_grade", "marts.toxicity", "marts.toxicity_worst")
    assert grades(made_up, "house_v1") == {"P1": 1, "P2": 4, "P3": 0, "P4": None, "creatinine": None}
    assert grades(made_up, "ctcae_v5")["P1"] == 1
    counted = rows(
        made_up,
        "SELECT analyte, grade, patients, denominator, at_least_patients, at_least_denominator FROM marts.toxicity "
        "WHERE criteria_label = 'House rules' ORDER BY grade",
    )
    exact, at_least = (1, 1, 0, 0, 1), (4, 3, 2, 1, 1)
    assert counted == [("AST", grade, exact[grade], 3, at_least[grade], 4) for grade in range(5)]
    worst = rows(
        made_up,
        "SELECT worst_grade, at_least, patients, denominator FROM marts.toxicity_worst "
        "WHERE criteria = 'house_v1' AND period = 'to_day_30' ORDER BY worst_grade, at_least",
    )
    assert worst == [(0, False, 1, 4), (1, False, 1, 4), (2, True, 1, 4), (4, False, 1, 4)]


def test_no_statement_names_an_edition() -> None:
    editions = {row["criteria"] for row in csv.DictReader(sql.EDITIONS.open(encoding="utf-8"))}
    texts = {file.name: file.read_text(encoding="utf-8") for file in sql.FOLDER.rglob("*.sql")}
    assert not [(name, edition) for name, text in texts.items() for edition in editions if f"'{edition}'" in text]
