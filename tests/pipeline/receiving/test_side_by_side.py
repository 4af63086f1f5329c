"""On PostgreSQL two processes receive at once: each file is received once, by one of them, and neither waits long."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import Settings
from include.pipeline.receiving import receive as receiving
from include.pipeline.receiving.loads import CLAIMED, load
from include.warehouse import Warehouse, open_warehouse
from tests.support.extracts import row
from tests.support.registry import Registry, opened
from tests.support.warehouses import Templates

DAY = "2020-01-01"
WAIT_SECONDS = 60
FILES = 6
CONTEXT = multiprocessing.get_context("forkserver")


@pytest.fixture
def settings(tmp_path: Path, templates: Templates, postgres_server: str) -> Settings:
    """A registry on PostgreSQL that nobody has open."""
    return Settings(str(tmp_path / "extracts"), templates.postgresql(postgres_server), str(tmp_path / "landing"))


@contextmanager
def registry_of(settings: Settings) -> Iterator[Registry]:
    """The registry, opened for a moment."""
    with opened(settings.warehouse, Path(settings.extracts).parent) as registry:
        yield registry


def pulled(settings: Settings) -> list[str]:
    """Files of results that are pulled and wait, their patient among them; each second row is in two files."""
    with registry_of(settings) as registry:
        registry.send("patients", DAY, row("patients"))
        registry.load()
        for number in range(FILES):
            rows = (row("results", f"L{number}"), row("results", f"S{number // 2}"), row("results", "B", value="bad"))
            registry.send("results", DAY, *rows, name=f"{number}.csv")
        return registry.pull().waiting


def both(settings: Settings, shares: list[list[str]], at: str) -> list[Any]:
    """What two processes report that load their shares and meet on the way; an error is its text."""
    barrier, told = CONTEXT.Barrier(2), CONTEXT.SimpleQueue()
    children = [CONTEXT.Process(target=load_share, args=(settings, share, at, barrier, told)) for share in shares]
    for child in children:
        child.start()
    found = [told.get() for _ in children]
    for child in children:
        child.join()
    return found


def load_share(settings: Settings, share: list[str], at: str, barrier: Any, told: Any) -> None:
    """Load some files in this process; `at` is where it meets the other twice: before it claims, or once it has."""
    owner: Any = {"claiming": Warehouse, "staging": receiving}[at]
    name = {"claiming": "claimed", "staging": "stage_batch"}[at]
    method = getattr(owner, name)

    def met(*arguments: Any) -> Any:
        for _ in range(2):
            barrier.wait(WAIT_SECONDS)
        return method(*arguments)

    setattr(owner, name, met)
    try:
        told.put(load(settings, share))
    except BaseException as error:
        told.put(repr(error))


def check(settings: Settings) -> None:
    """Every file is read once and every row is there once; the counts add up."""
    with registry_of(settings) as registry:
        registry.check_conservation()
        assert registry.rows("SELECT reading, outcome, COUNT(*) FROM received.reading GROUP BY reading, outcome") == [
            (1, "received", FILES + 1)
        ]
        assert registry.rows("SELECT COUNT(*), COUNT(DISTINCT load_id) FROM received.results") == [(3 * FILES, FILES)]
        assert registry.rows("SELECT state, COUNT(*) FROM ops.load GROUP BY state") == [("loaded", FILES + 1)]
        current = registry.rows("SELECT result_id FROM clinical.current_results ORDER BY result_id")
        assert current == [(f"L{number}",) for number in range(FILES)] + [
            (f"S{number}",) for number in range(FILES // 2)
        ]
        assert registry.quarantine("record_key, state") == [("B", "open")] * FILES
        assert registry.rows("SELECT step FROM ops.step GROUP BY step HAVING COUNT(*) > 1") == []
        repeated = "SELECT rule_id FROM ops.compiled_rule GROUP BY rule_id HAVING COUNT(*) > 1"
        assert registry.rows(repeated) == []
        assert registry.rows("SELECT feed FROM resolved.due") == []


def test_different_files_at_once(settings: Settings) -> None:
    waiting = pulled(settings)
    found = both(settings, [waiting[::2], waiting[1::2]], at="staging")
    for reports, failed in found:
        assert failed == {}
        assert [report.state for report in reports] == ["loaded"] * (FILES // 2)
    check(settings)


def test_the_same_files_at_once(settings: Settings) -> None:
    waiting = pulled(settings)
    for reports, failed in both(settings, [waiting, waiting], at="claiming"):
        assert {report.state for report in reports} <= {"loaded"}
        assert set(failed.values()) <= {CLAIMED}
        assert sorted([*failed, *(report.load_id for report in reports)]) == sorted(waiting)
    check(settings)


def test_rules_are_compiled_at_once(settings: Settings) -> None:
    """Both find that nobody has written the rules as SQL yet."""
    waiting = pulled(settings)
    with registry_of(settings) as registry:
        registry.warehouse.run("DELETE FROM ops.compiled_rule")
    found = both(settings, [waiting[::2], waiting[1::2]], at="staging")
    assert [failed for _, failed in found] == [{}, {}]
    check(settings)


def test_a_file_that_another_has_claimed_is_told_as_not_received(settings: Settings) -> None:
    waiting = pulled(settings)
    with open_warehouse(settings.warehouse, turn=False) as other, other.claimed(waiting[:1]) as mine:
        assert mine == waiting[:1]
        reports, failed = load(settings, waiting)
        assert failed == {waiting[0]: CLAIMED}
        assert [report.state for report in reports] == ["loaded"] * (FILES - 1)
    load(settings, waiting)
    check(settings)


def test_no_fact_is_added_while_another_has_its_turn(settings: Settings) -> None:
    """Else what is resolved meanwhile would be of two minds. Files are read and judged meanwhile."""
    waiting = pulled(settings)
    barrier, told = CONTEXT.Barrier(2), CONTEXT.SimpleQueue()
    child = CONTEXT.Process(target=load_share, args=(settings, waiting, "staging", barrier, told))
    with open_warehouse(settings.warehouse) as warehouse:
        child.start()
        for _ in range(2):
            barrier.wait(WAIT_SECONDS)
        wait_until(warehouse, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        assert warehouse.scalar("SELECT COUNT(*) FROM received.results") == 0
    assert told.get()[1] == {}
    child.join()
    check(settings)


def wait_until(warehouse: Warehouse, counted: str) -> None:
    """Wait until a SELECT counts something."""
    for _ in range(WAIT_SECONDS * 10):
        if warehouse.scalar(counted):
            return
        time.sleep(0.1)
    pytest.fail("nobody waits")
