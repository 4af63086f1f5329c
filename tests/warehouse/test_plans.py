"""PostgreSQL joins what grows with the record; it does not look through a list once for every row."""

from collections.abc import Iterator
from datetime import date

import pytest

from include.monitor.pages.quarantine import row_filters
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import select_text
from tests.support.ledger import enter_file, enter_reading
from tests.support.warehouses import Templates

PATIENTS = ("clinical.lifespan", "ops.scope", "ops.touched_patient", "resolved.finding")
ROWS = """
    INSERT INTO received.exams (exam_id, patient_id, exam_date, status, load_id, row_number, reading)
    SELECT 'E' || n / 2, 'P1', DATE '2020-01-01', 'final', 'L1', n, 1
    FROM generate_series(1, 10000) AS n
"""
FATES = """
    INSERT INTO resolved.fate (feed, load_id, row_number, reading, record_key, patient_id, fate, version_state)
    SELECT 'exams', 'L1', n, 1, 'E' || n / 2, 'P1', 'loaded', 'past'
    FROM generate_series(1, 10000, 2) AS n
"""

TAKEN_FOR_ONE = """
    EXPLAIN WITH one AS MATERIALIZED (SELECT exam_id FROM received.exams WHERE patient_id = 'P0')
    SELECT a.exam_id FROM one AS a INNER JOIN one AS b ON a.exam_id = b.exam_id
"""


@pytest.fixture
def filled(templates: Templates, postgres_server: str) -> Iterator[Warehouse]:
    """A PostgreSQL with so little memory that a few thousand rows are many."""
    with open_warehouse(templates.postgresql(postgres_server)) as warehouse:
        warehouse.run("SET work_mem = '64kB'")
        enter_file(warehouse, "L1", "exams", date(2020, 1, 1))
        enter_reading(warehouse, "L1", 10_000)
        warehouse.run("INSERT INTO resolved.reading (load_id, reading, feed) VALUES ('L1', 1, 'exams')")
        for statement in (ROWS, FATES):
            warehouse.run(statement)
        for table in PATIENTS:
            warehouse.run(f"INSERT INTO {table} (patient_id) SELECT 'P' || n FROM generate_series(1, 5000) AS n")
        warehouse.analyze("received.exams", "resolved.fate", *PATIENTS)
        yield warehouse


@pytest.mark.parametrize(
    "statement",
    ["ops/indicator_count", "ops/touch_everyone", "validation/enter_linked", "validation/forget_findings"],
)
def test_no_list_is_looked_through_once_for_every_row(filled: Warehouse, statement: str) -> None:
    wanted = {"rule_ids": ["lesions.exam_id.without_exam"]} if statement == "validation/forget_findings" else {}
    plan = "\n".join(filled.run(f"EXPLAIN {select_text(statement)}", **wanted).scalars())

    assert "(SubPlan" not in plan


def test_rows_that_a_decision_is_about_are_joined(filled: Warehouse) -> None:
    filled.run("UPDATE resolved.fate SET state = 'rejected', content = MD5(record_key)")
    filled.run("INSERT INTO decision.subject (decision_id, feed, content) SELECT 1, feed, content FROM resolved.fate")
    filled.analyze("resolved.fate", "decision.subject")
    wanted = {**row_filters(decision=1), "record_key": None, "most": 50, "skipped": 0}

    plan = "\n".join(filled.run(f"EXPLAIN {select_text('monitor/rows')}", **wanted).scalars())

    assert "(SubPlan" not in plan


@pytest.mark.parametrize("rows", ["clinical.current_exams WHERE patient_id = 'P7'", "scope.exams"])
def test_the_rows_of_a_person_are_found_by_an_index(filled: Warehouse, rows: str) -> None:
    filled.run("UPDATE received.exams SET patient_id = 'P' || row_number / 2")
    filled.run("UPDATE clinical.lifespan SET person_id = patient_id, describes = TRUE, is_active = TRUE")
    filled.run("DELETE FROM ops.scope WHERE patient_id <> 'P7'")
    filled.analyze("received.exams", *PATIENTS)

    plan = "\n".join(filled.run_verbatim(f"EXPLAIN SELECT * FROM {rows}").scalars())

    assert "received_exams_patient_id" in plan
    assert "Seq Scan on exams" not in plan


def test_rows_that_are_taken_for_one_are_joined_at_once(filled: Warehouse) -> None:
    with filled.transaction(), filled.joins_of_many():
        plan = "\n".join(filled.run_verbatim(TAKEN_FOR_ONE).scalars())

    assert "Nested Loop" in "\n".join(filled.run_verbatim(TAKEN_FOR_ONE).scalars())
    assert "Nested Loop" not in plan


@pytest.mark.parametrize(("more", "known"), [(10, 5000), (5000, 10_000)])
def test_the_planner_is_told_of_a_table_that_grew_by_a_tenth(filled: Warehouse, more: int, known: int) -> None:
    filled.run(f"INSERT INTO clinical.lifespan (patient_id) SELECT 'N' || n FROM generate_series(1, {more}) AS n")
    filled.analyze_grown("clinical.lifespan", "ops.scope")

    assert filled.scalar("SELECT reltuples FROM pg_class WHERE oid = TO_REGCLASS('clinical.lifespan')") == known


def test_statistics_that_a_failed_transaction_took_back_are_made_again(filled: Warehouse) -> None:
    filled.run("INSERT INTO resolved.due (feed, patient_id) SELECT 'exams', patient_id FROM ops.scope")
    filled.connection.commit()
    filled.analyze_grown("resolved.due")
    filled.connection.rollback()

    filled.analyze_grown("resolved.due")

    assert filled.scalar("SELECT COUNT(*) FROM pg_stats WHERE tablename = 'due'") > 0
