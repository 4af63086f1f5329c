"""Keys and merges that another patient has now are told for each extract."""

import pytest

from include.people.alarms.current import current_alarms
from include.people.decisions import Selection, reject_records
from tests.support.extracts import row
from tests.support.marts import refresh_only
from tests.support.registry import Registry

DAYS = ("2020-01-02", "2020-01-03", "2020-01-04", "2020-01-05")
CAUSES = ("moved_key", "merge_changed")


def told(registry: Registry, cause: str) -> list[tuple[str, str]]:
    """Night and state of the alarms."""
    refresh_only(registry.warehouse, "intake", "validation_summary")
    return [(one.batch_date, one.state) for one in current_alarms(registry.warehouse) if one.cause == cause]


@pytest.mark.announced("P1", "P2")
def test_keys_that_moved_are_told_for_each_extract_until_they_are_decided(registry: Registry) -> None:
    moved = [[row("results", key, patient_id="P2") for key in keys] for keys in (("L1",), ("L2", "L3"))]
    sent = [[row("results", f"L{n}") for n in range(1, 5)], *moved, [row("results", "L9")]]
    for day, rows in zip(DAYS, sent, strict=True):
        registry.deliver("results", day, *rows)
    assert told(registry, "moved_key") == [(DAYS[1], "1"), (DAYS[2], "2")]

    registry.warehouse.run("UPDATE received.reading SET finished_at = finished_at - INTERVAL '40' DAY")
    assert told(registry, "moved_key") == [(DAYS[1], "1"), (DAYS[2], "2")]

    reject_records(registry.warehouse, Selection(record_key="L1"), "me", "asked")
    assert told(registry, "moved_key") == [(DAYS[2], "2")]


@pytest.mark.announced("A", "B", "C")
@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (["B", "C"], [(DAYS[1], "1")]),
        (["B", "C", "B"], [(DAYS[1], "1"), (DAYS[2], "1")]),
        (["B", "B"], []),
        (["B", "", "C"], []),
    ],
)
def test_a_merge_that_leads_elsewhere_than_before_is_told(
    duckdb_registry: Registry, versions: list[str], expected: list[tuple[str, str]]
) -> None:
    for day, surviving in zip(DAYS, versions, strict=False):
        cells = {"surviving_patient_id": surviving, "status": "final" if surviving else "cancelled"}
        duckdb_registry.deliver("merges", day, row("merges", "A", merged_patient_id="A", **cells))

    assert told(duckdb_registry, "merge_changed") == expected


@pytest.mark.announced("A", "B", "C", "P1", "P2")
def test_what_moved_long_ago_is_not_told_again_when_its_file_is_read_again(duckdb_registry: Registry) -> None:
    for day, patient, surviving in zip(DAYS, ("P1", "P2"), ("B", "C"), strict=False):
        merge = row("merges", "A", merged_patient_id="A", surviving_patient_id=surviving)
        corrected = row("results", "L1", patient_id=patient, status="corrected")
        duckdb_registry.deliver("results", day, corrected)
        duckdb_registry.deliver("merges", day, merge)
    assert [told(duckdb_registry, cause) for cause in CAUSES] == [[(DAYS[1], "1")]] * 2

    readings = "SELECT * REPLACE (reading + 1 AS reading) FROM received.reading"
    duckdb_registry.warehouse.run(f"INSERT INTO received.reading BY NAME {readings}")
    before = "UPDATE received.reading SET finished_at = finished_at - INTERVAL '40' DAY WHERE reading = 1"
    duckdb_registry.warehouse.run(before)

    assert [alarm for alarm in current_alarms(duckdb_registry.warehouse) if alarm.cause in CAUSES] == []
