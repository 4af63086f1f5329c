"""PostgreSQL joins what grows with the record; it does not look through a list once for every row."""

from collections.abc import Iterator

import pytest

from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import render
from tests.support.warehouses import Templates

NAMES = {"rule_ids": ["lesions.exam_id.without_exam"]}
PATIENTS = ("clinical.lifespan", "ops.scope", "ops.touched_patient", "quarantine.failure")
VERSIONS = """
    INSERT INTO clinical.exams (exam_id, patient_id, exam_date, first_batch_date, version_state)
    SELECT 'E' || n, 'P1', DATE '2020-01-01', DATE '2020-01-01', state
    FROM generate_series(1, 5000) AS n CROSS JOIN (VALUES ('current'), ('past')) AS version (state)
"""


@pytest.fixture
def filled(templates: Templates, postgres_server: str) -> Iterator[Warehouse]:
    """A PostgreSQL with so little memory that a few thousand rows are many."""
    with open_warehouse(templates.postgresql(postgres_server)) as warehouse:
        warehouse.run("SET work_mem = '64kB'")
        warehouse.run(VERSIONS)
        for table in PATIENTS:
            warehouse.run(f"INSERT INTO {table} (patient_id) SELECT 'P' || n FROM generate_series(1, 5000) AS n")
        warehouse.analyze("clinical.exams", *PATIENTS)
        yield warehouse


@pytest.mark.parametrize(
    "statement",
    ["ops/indicator_count", "ops/touch_everyone", "validation/enter_linked", "validation/forget_findings"],
)
def test_no_list_is_looked_through_once_for_every_row(filled: Warehouse, statement: str) -> None:
    plan = "\n".join(filled.run_verbatim(f"EXPLAIN {render(statement, NAMES)}").scalars())

    assert "(SubPlan" not in plan
