"""Rows that count although their order, or the resource that they are part of, was withdrawn: told, and for people."""

import pytest

from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from tests.support.extracts import row
from tests.support.registry import Registry, registry

__all__ = ["registry"]


def told(registry: Registry) -> list[str]:
    registry.finish()
    return [alarm_line(one) for one in current_alarms(registry.warehouse) if one.cause == "withdrawn_whole"]


def part(key: str, **more: str) -> dict[str, str | None]:
    return row("results", result_id=key, patient_id="P1", **more)


def withdrawn(key: str) -> dict[str, str | None]:
    return {**dict.fromkeys(row("results")), "result_id": key, "status": "cancelled"}


@pytest.mark.parametrize("patient_id", ["P1", None])
def test_parts_of_what_is_withdrawn_are_told_until_they_are_sent_again(
    registry: Registry, patient_id: str | None
) -> None:
    whole = row("results", result_id="F-11", patient_id=patient_id, status="cancelled")
    registry.deliver("patients", "2020-01-01", row("patients", patient_id="P1"))
    registry.deliver("results", "2020-01-02", *map(part, ("F-11|AST", "F-11|ALT", "F-12|AST", "F-1", "F-11")))
    assert told(registry) == []

    registry.deliver("results", "2020-01-03", {**whole, "test_code": None, "value": None})
    assert told(registry) == ["results: 2 rows count whose order, or resource, was withdrawn later"]
    keys = registry.rows("SELECT record_key, row_number FROM ops.withdrawn_whole ORDER BY record_key")
    assert keys == [("F-11|ALT", 2), ("F-11|AST", 1)]

    registry.deliver("results", "2020-01-04", withdrawn("F-11|ALT"), part("F-11|AST"))
    assert told(registry) == []
