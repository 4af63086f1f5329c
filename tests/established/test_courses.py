"""Small constructed courses against what the standards say of each; readings that they leave open pass as well."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from include.basics.settings import Settings
from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse, open_warehouse
from tests.conftest import SHARED
from tests.support.registry import Registry
from tests.support.warehouses import Templates

OWN = {"timepoint_response", "survival_time", "best_response", "tumour_grade", "follow_up", "warning"}
"""Tables that are compared here; grades of laboratory results have tests of their own."""


def expectations() -> list[dict[str, str]]:
    """The rows of expected.csv about these tables; none where the folder is absent."""
    file = SHARED / "reference" / "courses" / "expected.csv"
    if not file.exists():
        return []
    rows = pd.read_csv(file, dtype=str, keep_default_na=False).to_dict("records")
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows if row["table"] in OWN]


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def courses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[Warehouse]:
    """The courses' extracts, loaded and derived once on each engine."""
    folder: Path = tmp_path_factory.mktemp("courses")
    extracts = SHARED / "reference" / "courses" / "extracts"
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = templates.new(folder / "registry.duckdb", server)
    with open_warehouse(url) as warehouse:
        Registry(warehouse, Settings(str(extracts), url, str(folder / "landing"))).load()
        derive_touched(warehouse)
        yield warehouse


def _of_exam(row: dict[str, str]) -> str:
    return (
        f"SELECT {row['column']} FROM derived.timepoint_response WHERE reader = 'registry' "
        f"AND criteria = '{row['criteria']}' AND '+' || exam_ids || '+' LIKE '%+{row['record']}+%'"
    )


def _of_time(row: dict[str, str]) -> str:
    return (
        f"SELECT {row['column']} FROM derived.survival_time WHERE patient_id = '{row['patient_id']}' "
        f"AND endpoint = '{row['endpoint']}' AND rule = '{row['rule']}' "
        f"AND criteria = '{row['criteria'] or 'none'}'"
    )


def _of_best(row: dict[str, str]) -> str:
    return (
        f"SELECT {row['column']} FROM derived.best_response WHERE patient_id = '{row['patient_id']}' "
        f"AND criteria = '{row['criteria']}' AND NOT confirmed"
    )


def _of_patient(row: dict[str, str]) -> str:
    return f"SELECT {row['column']} FROM derived.{row['table']} WHERE patient_id = '{row['patient_id']}'"


def _of_warning(row: dict[str, str]) -> str:
    return (
        "SELECT 'some' FROM quarantine.failure "
        f"WHERE record_key = '{row['record']}' AND rule_id = 'lesions.lesion_kind.unlabelled_new'"
    )


ASKED: dict[str, Callable[[dict[str, str]], str]] = {
    "timepoint_response": _of_exam,
    "survival_time": _of_time,
    "best_response": _of_best,
    "warning": _of_warning,
}


def test_every_row_of_the_courses_agrees(courses: Warehouse) -> None:
    wrong = []
    for row in expectations():
        cells = [cell for (cell,) in courses.run_verbatim(ASKED.get(row["table"], _of_patient)(row))]
        found = _text(cells[0]) if cells else "none"
        if len(cells) > 1 or found not in {row["expected"], *filter(None, row["also_accepted"].split("|"))}:
            wrong.append((*list(row.values())[:8], found))
    assert wrong == []


def _text(cell: object) -> str:
    if cell is None:
        return "none"
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


@pytest.fixture(autouse=True)
def _reference(shared: Path) -> None:
    """Skips where the folder of reference cases is absent."""
