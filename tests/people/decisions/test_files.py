"""A file that is held waits for a person, for another file, or for another threshold."""

from dataclasses import replace
from importlib import import_module

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import Selection, override_records, reject_file, release_file
from tests.support.extracts import Row, as_csv, row
from tests.support.registry import Registry

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
pytestmark = pytest.mark.announced("P1")
WHY = "the laboratory confirms the export"
RULE = "results.value.unreadable"


def results(good: int, bad: int) -> list[Row]:
    """Results of which some have a value that nobody can read."""
    values = ["30"] * good + ["haemolysed"] * bad
    return [row("results", f"L{number}", value=value) for number, value in enumerate(values)]


def held(registry: Registry, good: int = 15, bad: int = 6) -> str:
    """Deliver a file that is held for its share of failing rows."""
    report = registry.deliver("results", DAY_1, *results(good, bad))
    assert report.state == "held"
    return report.load_id


def test_more_than_the_threshold_holds_the_file(registry: Registry) -> None:
    held(registry)
    ((reason, failing),) = registry.rows("SELECT reason, rows_failing FROM ops.load WHERE feed = 'results'")
    assert reason.startswith("REG-307: 6 of 21 rows")
    assert failing == 6
    assert registry.counts(DAY_1, "results") == {"waiting": 21}
    assert registry.rows("SELECT COUNT(*) FROM quarantine.failure") == [(6,)]
    assert registry.states("results", "result_id") == []


@pytest.mark.parametrize(("good", "bad"), [(20, 5), (1, 18)], ids=["exactly a fifth", "too few rows to tell"])
def test_up_to_the_threshold_it_loads(registry: Registry, good: int, bad: int) -> None:
    assert registry.deliver("results", DAY_1, *results(good, bad)).quarantined == bad


def test_whether_it_is_held_does_not_depend_on_who_decided_first(duckdb_registry: Registry) -> None:
    impossible = [row("results", f"B{number}", value="90000") for number in range(6)]
    duckdb_registry.deliver("results", DAY_1, *impossible)
    override_records(duckdb_registry.warehouse, Selection(rule_id="results.value.impossible"), "mg", WHY)
    report = duckdb_registry.deliver("results", DAY_2, *results(15, 0), *impossible)
    assert (report.state, report.reason_code) == ("held", "REG-307")


def test_another_threshold_lets_it_load_by_the_next_run(registry: Registry) -> None:
    held(registry)
    assert registry.load() == []
    registry.warehouse.run("UPDATE reference.threshold SET high = 30 WHERE threshold_id = 'hold.all'")
    (report,) = registry.load()
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 15, 6)


def test_released_it_loads_and_its_failing_rows_are_set_aside(registry: Registry) -> None:
    load_id = held(registry)
    report = release_file(registry.warehouse, load_id, "mg", WHY)
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 15, 6)
    assert registry.rows(
        "SELECT from_state, to_state, decided_by, reason FROM quarantine.decision WHERE subject = 'file' "
        f"AND load_id = '{load_id}' ORDER BY decided_at, decision_id"
    ) == [
        ("received", "held", "registry", "REG-307: 6 of 21 rows fail a critical rule, more than 20 % (hold.all)"),
        ("held", "released", "mg", WHY),
        ("released", "loaded", "registry", None),
    ]
    registry.check_conservation()


def test_a_file_without_a_required_column_may_be_released_too(registry: Registry) -> None:
    columns = [name for name in row("visits") if name != "vital_status"]
    registry.put("visits", DAY_1, as_csv([row("visits")], columns))
    (report,) = registry.load()
    assert release_file(registry.warehouse, report.load_id, "mg", WHY).quarantined == 1
    assert registry.quarantine() == [("V1", "visits.vital_status.missing", "open")]


def test_rejected_it_never_loads_and_its_rows_are_counted(registry: Registry) -> None:
    load_id = held(registry)
    assert reject_file(registry.warehouse, load_id, "mg", WHY).quarantined == 21
    registry.warehouse.run("UPDATE reference.threshold SET high = 100 WHERE threshold_id = 'hold.all'")
    assert registry.load() == []
    registry.check_conservation()
    assert release_file(registry.warehouse, load_id, "mg", "it was right").loaded == 15


def test_a_better_file_at_its_place_supersedes_it(registry: Registry) -> None:
    load_id = held(registry)
    reject_file(registry.warehouse, load_id, "mg", WHY)
    registry.deliver("results", DAY_1, *results(21, 0))
    assert registry.rows(f"SELECT state FROM ops.load WHERE load_id = '{load_id}'") == [("superseded",)]


def test_so_it_does_when_it_came_before_the_first_was_loaded(registry: Registry) -> None:
    for file in (results(15, 6), results(3, 0)):
        registry.send("results", DAY_1, *file)
        registry.pull()
    registry.load()
    registry.warehouse.run("UPDATE reference.threshold SET high = 90 WHERE threshold_id = 'hold.all'")
    assert registry.load() == []
    states = "SELECT state, rows_received FROM ops.load WHERE feed = 'results' ORDER BY delivery"
    assert registry.rows(states) == [("superseded", 21), ("loaded", 3)]


def test_only_what_is_held_can_be_decided_about(registry: Registry) -> None:
    (loaded,) = registry.rows("SELECT load_id FROM ops.load")
    registry.put("visits", DAY_1, b"")
    (unreadable,) = registry.load()
    for load_id, code in ((loaded[0], "REG-601"), (unreadable.load_id, "REG-605"), ("unknown", "REG-304")):
        with pytest.raises(RegistryError) as raised:
            release_file(registry.warehouse, load_id, "mg", WHY)
        assert raised.value.code == code
    with pytest.raises(RegistryError) as raised:
        reject_file(registry.warehouse, loaded[0], "mg", "")
    assert raised.value.code == "REG-603"
    assert registry.rows("SELECT DISTINCT state FROM ops.load WHERE feed = 'patients'") == [("loaded",)]


def test_a_release_is_not_forgotten_while_a_rule_cannot_be_evaluated(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_id = held(registry)
    with monkeypatch.context() as broken:
        receive = import_module("include.pipeline.receiving.receive")
        judge = receive.judge
        broken.setattr(receive, "judge", lambda *given: replace(judge(*given), broken={RULE}))
        assert release_file(registry.warehouse, load_id, "mg", WHY).state == "released"
    (report,) = registry.load()
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 15, 6)
    registry.check_conservation()
