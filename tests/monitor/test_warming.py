"""What a server does before the first page is asked for, so that nobody waits for it."""

import asyncio
import importlib.util
from threading import Event
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.basics.settings import ROOT
from include.monitor import reading
from include.monitor.access import may_decide
from include.monitor.app import make_app
from include.monitor.pages import tonight
from include.monitor.warming import warm
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry"]


@pytest.fixture
def plugin() -> ModuleType:
    """The plugin, as Airflow loads it."""
    spec = importlib.util.spec_from_file_location("registry_monitor", ROOT / "plugins/monitor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_start_page_is_read_before_somebody_asks(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = duckdb_registry.settings.warehouse
    duckdb_registry.warehouse.connection.close()
    duckdb_registry.warehouse.engine.dispose()
    monkeypatch.setenv("WAREHOUSE", url)
    monkeypatch.setattr(reading, "_kept", {})
    warm()

    def refuse(*_: Any) -> None:
        raise AssertionError("The page read again what was read when the server started.")

    monkeypatch.setattr(tonight, "_read", refuse)
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
    app.dependency_overrides[may_decide] = lambda: False
    assert TestClient(app).get("/").status_code == 200


def test_a_server_starts_without_a_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", "duckdb:////nowhere/registry.duckdb")
    warm()


def test_the_server_stays_what_it_is_while_the_pages_are_made_beside_it(
    plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (middleware,) = plugin.Monitor.fastapi_root_middlewares
    done: list[str] = []
    monkeypatch.setattr(plugin, "_warm", lambda: done.append("warm"))
    monkeypatch.setattr(plugin, "Thread", lambda target, **_: SimpleNamespace(start=target))
    server = object()

    assert middleware["middleware"](server) is server
    assert done == ["warm"]


def test_the_server_answers_others_while_the_pages_are_made(
    plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Event()
    in_time: list[bool] = []

    async def nothing(*_: Any) -> None:
        in_time.append(answered.is_set())

    def made() -> Any:
        answered.wait(2)
        return nothing

    async def asked_at_once() -> None:
        page = asyncio.create_task(plugin.app({}, nothing, nothing))
        await asyncio.sleep(0)
        answered.set()
        await page

    monkeypatch.setattr(plugin, "pages", made)
    asyncio.run(asked_at_once())

    assert in_time == [True]
