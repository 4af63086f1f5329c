"""What a full export lacks is told, and withdrawn when a person approves; nothing else withdraws a row."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.history.world import world
from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.people.decisions import reject_file, release_file
from include.people.sites.withdrawing import withdraw
from include.pipeline.landing.places import place
from include.pipeline.landing.sidecar import read_sidecars
from include.pipeline.receiving.loads import load_landed
from include.pipeline.resolving import resolve
from include.warehouse import open_warehouse
from include.warehouse.creating import resolve_everything
from tests.support.extracts import row
from tests.support.registry import Registry

Profile = Callable[..., Path]
VISITS: dict[str, Any] = {
    "name": "all",
    "feed": "visits",
    "files": "all/*_{date:%Y%m%d}.csv",
    "kind": "full",
    "columns": {name: name for name in ("visit_id", "patient_id", "visit_date", "weight_kg", "vital_status", "status")},
}
HEADER = "visit_id,patient_id,visit_date,weight_kg,vital_status,status\n"
LINES = {
    "1": "1,7,2019-01-02,61.50,alive,final\n",
    "2": "2,7,2019-02-02,60,alive,final\n",
    "3": "3,7,2019-03-02,,alive,final\n",
}


def put(registry: Registry, day: int, *keys: str, name: str = "a") -> None:
    """Write a full export of a day in January."""
    file = registry.extracts / "chx" / "all" / f"{name}_202001{day:02d}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + "".join(LINES.get(key, key) for key in keys), encoding="utf-8")


def send(registry: Registry, day: int, *keys: str, name: str = "a") -> None:
    put(registry, day, *keys, name=name)
    registry.load()


def missing(registry: Registry) -> list[str]:
    assert registry.rows("SELECT COALESCE(SUM(missing_keys), 0) FROM ops.missing_in_full") == registry.rows(
        "SELECT COUNT(*) FROM ops.missing_key"
    )
    return [key for (key,) in registry.rows("SELECT record_key FROM ops.missing_key ORDER BY 1")]


def several(registry: Registry) -> list[str]:
    """What is said of files whose place a file of another name took."""
    told = [alarm_line(one) for one in current_alarms(registry.warehouse) if one.cause == "several_full"]
    return [line.partition(": ")[2].partition(" of")[0] for line in told]


def current(registry: Registry) -> list[str]:
    return [key for (key,) in registry.rows("SELECT visit_id FROM clinical.current_visits ORDER BY 1")]


def latest(registry: Registry) -> str:
    ((load_id,),) = registry.rows("SELECT load_id FROM ops.full_export")
    return str(load_id)


def approve(registry: Registry) -> str:
    report = withdraw(registry.warehouse, registry.settings.landing, "chx", latest(registry), "me", "asked them")
    assert report.state == "loaded"
    return report.load_id


def can_be_taken_back(registry: Registry) -> list[str]:
    """The decisions by which rows are withdrawn now."""
    decided = registry.warehouse.run_file("decisions/decisions", site=None, kind=None, most=9, skipped=0)
    return [one.kind for one in decided if one.can_take_back]


@pytest.fixture
def full(registry: Registry, profile: Profile) -> Registry:
    """A registry that knows the patient and a first full export."""
    profile(VISITS)
    registry.deliver("patients", "2020-01-01", row("patients", patient_id="chx:7"))
    send(registry, 1, "1", "2", "3")
    return registry


def test_what_is_missing_is_told_and_stays(full: Registry) -> None:
    send(full, 2, "1")

    assert missing(full) == ["chx:2", "chx:3"]
    assert current(full) == ["chx:1", "chx:2", "chx:3"]
    (alarm,) = [one for one in current_alarms(full.warehouse) if one.cause == "missing_in_full"]
    assert (alarm.source, alarm.subject, alarm.batch_date) == ("chx/clinic", latest(full), "2020-01-02")
    assert alarm_line(alarm) == (
        f"chx/visits: 2 rows that count are missing in the full export all (load {latest(full)})"
    )


def test_only_the_latest_full_export_counts(full: Registry) -> None:
    send(full, 2, "1")
    send(full, 3, "1", "2")
    assert missing(full) == ["chx:3"]
    send(full, 4, "1", "2")
    assert missing(full) == ["chx:3"]
    send(full, 5, "1", "2", "3")
    assert missing(full) == []


def test_an_approval_withdraws_and_a_later_export_brings_back(full: Registry) -> None:
    send(full, 2, "1", "2")
    approve(full)

    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2"])
    told = "SELECT weight_kg, status FROM clinical.visits WHERE visit_id = 'chx:3' AND version_state = 'current'"
    assert full.rows(told) == [(None, "cancelled")]
    with pytest.raises(RegistryError, match="REG-602"):
        approve(full)

    send(full, 3, "1", "2", "3")
    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2", "chx:3"])


def test_a_content_that_comes_to_the_same_place_brings_back(full: Registry) -> None:
    send(full, 2, "1")
    approve(full)
    send(full, 2, "1", "2")

    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2"])


def test_a_second_content_of_a_day_replaces_the_first(full: Registry) -> None:
    send(full, 2, "1", "2", "3", "4,7,2019-04-02,,alive,final\n")
    assert missing(full) == []

    send(full, 2, "1", "2")
    assert (missing(full), current(full)) == (["chx:3", "chx:4"], ["chx:1", "chx:2", "chx:3", "chx:4"])
    approve(full)
    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2"])

    send(full, 2, "1", "2", "3")
    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2", "chx:3"])
    again = current(full)
    with full.warehouse.transaction():
        resolve_everything(full.warehouse)
    resolve(full.warehouse)
    assert (missing(full), current(full)) == ([], again)


def test_rejecting_the_file_takes_it_back_and_releasing_it_does_it_again(full: Registry) -> None:
    send(full, 2, "1")
    load_id = approve(full)

    assert can_be_taken_back(full) == ["withdraw"]
    assert reject_file(full.warehouse, load_id, "me", "they were wrong").state == "rejected"
    assert can_be_taken_back(full) == []
    assert (missing(full), current(full)) == (["chx:2", "chx:3"], ["chx:1", "chx:2", "chx:3"])
    full.check_conservation()

    assert release_file(full.warehouse, load_id, "me", "they were right").state == "loaded"
    assert can_be_taken_back(full) == ["release"]
    assert (missing(full), current(full)) == ([], ["chx:1"])


def test_only_what_a_person_withdrew_can_be_rejected_once_it_is_loaded(full: Registry) -> None:
    with pytest.raises(RegistryError, match="REG-601"):
        reject_file(full.warehouse, latest(full), "me", "no")


def test_rows_of_the_full_export_that_are_set_aside_or_wait_are_not_missing(full: Registry) -> None:
    send(full, 2, "1", "2,7,,60,alive,final\n", "3,8,2019-03-02,,alive,final\n")

    assert missing(full) == []


def test_a_held_full_export_tells_nothing(full: Registry) -> None:
    (full.extracts / "chx" / "all" / "a_20200102.csv").write_text("visit_id\n1\n")
    full.load()
    assert missing(full) == []


def test_parts_are_one_full_export(full: Registry, profile: Profile) -> None:
    profile({**VISITS, "files": "all/{part}_*{date:%Y%m%d}.csv"})
    send(full, 3, "1", name="1_a")
    assert missing(full) == ["chx:2", "chx:3"]
    send(full, 3, "2", name="2_a")
    assert (missing(full), several(full)) == (["chx:3"], [])
    send(full, 3, "3", name="2_b")
    assert (missing(full), several(full)) == (["chx:2"], ["1 files"])


@pytest.mark.parametrize("order", [(8, 9, 12), (12, 8, 9), (9, 12, 8)])
def test_of_several_full_exports_of_a_day_the_last_by_its_name_stands(full: Registry, order: tuple[int, ...]) -> None:
    sent = {8: ("1", "2", "3"), 9: ("2",), 12: ("1", "2,7,2019-02-02,59,alive,final\n")}
    for hour in order:
        send(full, 2, *sent[hour], name=f"a_{hour}")

    assert (missing(full), several(full)) == (["chx:3"], ["2 files"])
    assert current(full) == ["chx:1", "chx:2", "chx:3"]
    approve(full)
    assert (missing(full), current(full)) == ([], ["chx:1", "chx:2"])
    assert full.rows("SELECT weight_kg FROM clinical.current_visits WHERE visit_id = 'chx:2'") == [(59,)]
    send(full, 3, "1", "2", name="a")
    assert (missing(full), current(full), several(full)) == ([], ["chx:1", "chx:2"], [])


def test_what_another_export_sends_is_not_missing(full: Registry) -> None:
    full.deliver("visits", "2020-01-01", row("visits", "V9", patient_id="chx:7"))
    send(full, 2, "1", "2", "3")

    assert missing(full) == []


def test_the_order_of_arrival_makes_no_difference_and_all_can_be_made_again(full: Registry) -> None:
    put(full, 3, "1")
    put(full, 4, "1", "2,7,2019-02-02,59,alive,corrected\n")
    put(full, 2, "2", "3")
    for load_id in sorted(full.pull().waiting, key=lambda one: one[::-1]):
        load_landed(full.warehouse, [load_id])
    assert missing(full) == ["chx:3"]
    approve(full)
    put(full, 2, "2")
    put(full, 1, "1", "2", "3", "4,7,2019-04-02,,alive,final\n", name="b")
    full.load()
    assert (missing(full), current(full)) == (["chx:4"], ["chx:1", "chx:2", "chx:4"])

    asked = "SELECT record_key FROM resolved.absent ORDER BY 1"
    stored = full.rows(asked)
    with full.warehouse.transaction():
        resolve_everything(full.warehouse)
    resolve(full.warehouse)
    assert full.rows(asked) == stored == [("chx:3",), ("chx:4",)]
    assert current(full) == ["chx:1", "chx:2", "chx:4"]


def test_landing_tells_what_was_withdrawn(full: Registry) -> None:
    send(full, 2, "1")
    load_id = approve(full)

    told = {entry["load_id"]: entry for entry in read_sidecars(place(full.settings.landing))}
    assert {load: entry["is_full"] for load, entry in told.items()} == dict(
        full.rows("SELECT load_id, is_full FROM received.file")
    )
    assert (told[load_id]["withdraws"], told[load_id]["export"]) == ("all", "")
    assert full.rows("SELECT kind, decided_by FROM decision.event") == [("withdraw", "me")]


def test_a_past_day_knows_no_file_of_a_later_withdrawal(
    duckdb_registry: Registry, profile: Profile, tmp_path: Path
) -> None:
    profile(VISITS)
    duckdb_registry.deliver("patients", "2020-01-01", row("patients", patient_id="chx:7"))
    send(duckdb_registry, 1, "1", "2")
    send(duckdb_registry, 2, "1")
    approve(duckdb_registry)
    copy = shutil.copyfile(at_rest(duckdb_registry), tmp_path / "copy.duckdb")
    settings = replace(duckdb_registry.settings, warehouse=f"duckdb:///{copy}")

    with world(settings, date(2020, 1, 2)) as made, open_warehouse(made.warehouse) as past:
        files = past.run_verbatim("SELECT file_name FROM received.file WHERE site = 'chx' ORDER BY 1").scalars().all()
    assert files == ["all/a_20200101.csv", "all/a_20200102.csv"]


def at_rest(registry: Registry) -> str:
    """The warehouse's file, with all that was written."""
    registry.warehouse.connection.commit()
    registry.warehouse.run_verbatim("CHECKPOINT")
    return registry.settings.warehouse.removeprefix("duckdb:///")
