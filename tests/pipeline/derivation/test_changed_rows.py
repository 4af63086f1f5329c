"""A derivation writes the rows that differ and no others."""

from typing import Any

import pytest

from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse, near
from include.warehouse.tables import manifest, read_table
from tests.pipeline.marts.test_degenerate_cohorts import patient
from tests.support.clinical import fill, rows, touch
from tests.support.making import make
from tests.support.registry import Registry
from tests.support.warehouses import on_duckdb

GRADES = "SELECT result_id, value, derived_at FROM derived.graded_result ORDER BY result_id"
CHANGES = (
    "UPDATE received.results SET value = '90', value_number = 90 WHERE result_id = 'R1'",
    "INSERT INTO resolved.fate (feed, load_id, row_number, reading, record_key, patient_id, fate, version_state) "
    "SELECT 'results', load_id, row_number, reading, result_id, patient_id, 'quarantined', 'quarantined' "
    "FROM received.results WHERE result_id = 'R2'",
)


def derived(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all derived tables with a patient, and when they were derived."""
    derive_touched(warehouse)
    names = [name for name in manifest("derived") if read_table("derived", name).grain == "patient"]
    return {name: sorted(rows(warehouse, f"SELECT * FROM derived.{name}"), key=repr) for name in names}


def with_results(*identities: str) -> dict[str, Any]:
    feeds = patient("a", dead_on=100)
    first = {**feeds["results"][0]}
    return {**feeds, "results": [{**first, "result_id": identity, "value": "40"} for identity in identities]}


def test_rows_that_come_out_the_same_stay(warehouse: Warehouse) -> None:
    fill(warehouse, **patient("a", dead_on=100))
    before = derived(warehouse)
    touch(warehouse)
    assert derived(warehouse) == before
    assert before["eligibility"]


@on_duckdb
@pytest.mark.parametrize("listed", [near.LISTED, 0])
def test_a_few_patients_among_many_are_derived_as_all_were(
    warehouse: Warehouse, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "LISTED", listed)
    feeds = patient("a", dead_on=100)
    fill(warehouse, **feeds)
    fill(warehouse, patients=[{"patient_id": f"other{number}"} for number in range(40)])
    lesion = {**feeds["lesions"][0], "measurement_id": "of another", "patient_id": "other1"}
    fill(warehouse, lesions=[lesion])
    before = derived(warehouse)
    touch(warehouse)
    warehouse.run("DELETE FROM ops.touched_patient WHERE patient_id <> 'a'")
    assert derived(warehouse) == before
    read = ("near_lesions", "near_measurement", "near_graded_result")
    assert {who for table in read for who in rows(warehouse, f"SELECT DISTINCT patient_id FROM {table}")} == {("a",)}


@on_duckdb
def test_who_is_in_scope_later_is_not_hidden_by_who_was_before(warehouse: Warehouse) -> None:
    fill(warehouse, **patient("a"))
    derive_touched(warehouse)
    fill(warehouse, patients=[{"patient_id": "b"}])
    warehouse.run("INSERT INTO ops.scope (patient_id) VALUES ('b')")
    assert rows(warehouse, "SELECT patient_id FROM scope.patients") == [("b",)]


def test_rows_that_changed_came_or_went_are_written(warehouse: Warehouse) -> None:
    fill(warehouse, **with_results("R1", "R2", "R3"))
    make(warehouse, "derived.graded_result")
    first = {row[0]: row for row in rows(warehouse, GRADES)}
    for change in CHANGES:
        warehouse.run(change)
    fill(warehouse, results=with_results("R4")["results"])
    make(warehouse, "derived.graded_result")
    second = {row[0]: row for row in rows(warehouse, GRADES)}
    assert [(row[0], row[1]) for row in second.values()] == [("R1", 90), ("R3", 40), ("R4", 40)]
    assert second["R3"] == first["R3"]
    assert min(second["R1"][2], second["R4"][2]) > first["R1"][2]


def test_a_patient_who_is_withdrawn_keeps_no_row(duckdb_registry: Registry) -> None:
    warehouse = duckdb_registry.warehouse
    fill(warehouse, **patient("a"))
    assert any(derived(warehouse).values())
    warehouse.run("UPDATE clinical.lifespan SET is_active = FALSE")
    touch(warehouse)
    assert not any(derived(warehouse).values())
