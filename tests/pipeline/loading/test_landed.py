"""What is loaded is what was landed: a landed copy with other bytes is refused wherever it is read."""

from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.people.alarms.current import current_alarms
from include.people.decisions.files import release_file
from include.people.decisions.records import replay_records
from include.people.decisions.selection import Selection
from include.pipeline.receiving import LoadReport
from tests.support.extracts import row
from tests.support.registry import Registry

DAY = "2020-01-01"


def change(registry: Registry, load_id: str) -> tuple[Path, bytes]:
    """Change one digit in a landed file; where it is, and what it held."""
    (landed,) = Path(registry.settings.landing).rglob(f"{load_id}.csv")
    content = landed.read_bytes()
    landed.write_bytes(content.replace(b"1950", b"1940").replace(b"2012", b"2013"))
    return landed, content


def state(report: LoadReport) -> tuple[str, str | None, int]:
    """What became of a file."""
    return report.state, report.reason_code, report.loaded


def test_a_changed_copy_is_held_and_told_the_others_load_and_a_restored_one_loads_by_itself(registry: Registry) -> None:
    registry.send("patients", DAY, row("patients"))
    registry.send("patients", DAY, row("patients", "P2"), name="b.csv")
    changed, other = registry.pull().waiting
    landed, content = change(registry, changed)

    assert [state(report) for report in registry.load()] == [("held", "REG-207", 0), ("loaded", None, 1)]
    held = [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == "held"]
    assert [(alarm.subject, alarm.state) for alarm in held] == [(changed, "REG-207")]
    assert registry.load()[0].reason_code == "REG-207"

    landed.write_bytes(content)
    assert [state(report) for report in registry.load()] == [("loaded", None, 1)]
    assert state(registry.reload(other)) == ("loaded", None, 1)


def test_a_held_file_that_was_changed_is_not_loaded_when_it_is_released(registry: Registry) -> None:
    registry.send("patients", DAY, row("patients"))
    registry.put("visits", DAY, b"visit_id,patient_id,visit_date,status\r\nV1,P1,2012-03-01,final\r\n")
    held = next(report for report in registry.load() if report.state == "held")
    change(registry, held.load_id)

    released = release_file(registry.warehouse, held.load_id, "mg", "the export is right")

    assert (state(released), released.received) == (("held", "REG-207", 0), 1)
    registry.check_conservation()
    assert registry.states("visits", "visit_id") == []


def test_open_rows_are_not_judged_again_from_a_changed_copy(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    report = registry.deliver("visits", DAY, row("visits", visit_date="2012-33-01"))
    assert report.quarantined == 1
    change(registry, report.load_id)

    with pytest.raises(RegistryError) as raised:
        replay_records(registry.warehouse, Selection())

    assert raised.value.code == "REG-207"
    assert registry.quarantine("state") == [("open",)]
