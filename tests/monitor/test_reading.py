"""What a page has read is kept until the warehouse changes, whatever changes it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.monitor import reading
from include.monitor.access import may_decide
from include.monitor.app import make_app
from include.people.decisions import Selection, note_records, override_records, reject_file, undo_decision
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from tests.support.extracts import row
from tests.support.registry import Registry, registry
from tests.support.warehouses import new_database, on_duckdb

__all__ = ["registry"]


def held_in(registry: Registry) -> str:
    """The load that is held."""
    ((load_id,),) = registry.rows("SELECT load_id FROM ops.load WHERE state = 'held'")
    return str(load_id)


@on_duckdb
def test_each_change_gives_the_warehouse_another_version(registry: Registry) -> None:
    warehouse = registry.warehouse
    rows = Selection(feed="results", state="open")
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-02", row("results", "L1", value="90000"))
    registry.put("visits", "2020-01-02", b"no columns of the feed\n1\n")
    changes: dict[str, Callable[[], object]] = {
        "copied": registry.pull,
        "loaded": registry.load,
        "derived": lambda: derive_touched(warehouse),
        "refreshed": lambda: refresh_stale(warehouse),
        "noted": lambda: note_records(warehouse, rows, "mg", "look"),
        "overridden": lambda: override_records(warehouse, rows, "mg", "right"),
        "undone": lambda: undo_decision(warehouse, 2, "mg", "wrong"),
        "rejected": lambda: reject_file(warehouse, held_in(registry), "mg", "wrong"),
    }
    versions = [reading.version_of(warehouse)]
    for change in changes.values():
        change()
        versions.append(reading.version_of(warehouse))

    told = dict(zip(changes, versions[1:], strict=True))
    assert len(set(versions)) == len(versions), told


def test_what_was_read_is_kept_for_its_version() -> None:
    answers = iter("abc")

    def asked(version: str) -> str:
        return reading.kept(version, "letter", lambda: next(answers))

    assert [asked(version) for version in ("1", "1", "2", "2", "1")] == ["a", "a", "b", "b", "a"]


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages of a warehouse that is still to come."""
    monkeypatch.setenv("WAREHOUSE", f"duckdb:///{tmp_path / 'registry.duckdb'}")
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
    app.dependency_overrides[may_decide] = lambda: True
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/outcomes"])
def test_before_the_first_night_a_page_says_so(pages: TestClient, path: str) -> None:
    answer = pages.get(path)

    assert (answer.status_code, "the first night makes them" in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/", "/outcomes"])
def test_a_file_that_is_no_warehouse_is_not_taken_for_one_to_come(pages: TestClient, path: str, tmp_path: Path) -> None:
    for name in ("registry.duckdb", "registry.marts.duckdb"):
        (tmp_path / name).write_text("no database")
    answer = pages.get(path)

    assert (answer.status_code, "does not answer" in answer.text) == (409, True)


@pytest.mark.parametrize("path", ["/", "/outcomes", "/quality", "/decisions"])
def test_a_database_that_no_run_has_prepared_is_told_with_what_to_do(
    pages: TestClient, path: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_WAREHOUSE", new_database(postgres_server))
    answer = pages.get(path)

    assert (answer.status_code, "REG-126" in answer.text) == (409, True)
