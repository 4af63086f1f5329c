"""Readers of PostgreSQL never wait for a refresh and never see half of one; a change of tables never waits long."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse, locks, open_warehouse, prepare
from include.warehouse.access import make_roles
from include.warehouse.tables import manifest
from tests.support.warehouses import Templates

STAMPS = " UNION ".join(f"SELECT refreshed_at FROM marts.{name}" for name in manifest("marts"))
ANOTHER = "UPDATE ops.step SET fingerprint = 'another version' WHERE step = '{step}'"


@pytest.fixture
def url(templates: Templates, postgres_server: str) -> str:
    """A prepared database with its roles, and marts that were refreshed once."""
    made = templates.postgresql(postgres_server)
    with open_warehouse(made) as warehouse:
        make_roles(warehouse)
        refresh_stale(warehouse)
    return made


@pytest.fixture
def reader(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of an analyst."""
    with _reader(url) as opened:
        yield opened


def _reader(url: str) -> psycopg.Connection[Any]:
    parsed = sa.make_url(url)
    place = {"host": str(parsed.query["host"]), "dbname": parsed.database, "user": "bi_reader"}
    return psycopg.connect(**place, application_name="a dashboard", options="-c lock_timeout=100ms")


def _refresh_all(warehouse: Warehouse) -> None:
    warehouse.count_step("derive")
    warehouse.run_verbatim("UPDATE ops.step SET fingerprint = 'other' WHERE step LIKE 'marts.%'")
    assert refresh_stale(warehouse).tables == len(manifest("marts"))


def _stamps(opened: psycopg.Connection[Any]) -> list[Any]:
    return opened.execute(STAMPS).fetchall()  # type: ignore[call-overload,no-any-return]


def test_a_refresh_goes_through_beside_an_open_reader_who_sees_one_moment(
    url: str, reader: psycopg.Connection[Any]
) -> None:
    (seen,) = _stamps(reader)
    with open_warehouse(url) as warehouse:
        warehouse.run("SET lock_timeout = '1s'")
        _refresh_all(warehouse)
        assert _stamps(reader) == [seen]
    assert _stamps(reader) == [seen]
    reader.rollback()
    (later,) = _stamps(reader)
    assert later > seen


@dataclass
class Watcher(threading.Thread):
    """An analyst who asks all the time, and keeps how many generations each answer held."""

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    answers: list[set[Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Ask until told to stop; a lock that is waited for a tenth of a second counts as refused."""
        with _reader(self.url) as opened:
            while not self.stop.is_set():
                try:
                    self.answers.append({*_stamps(opened), *_stamps(opened)})
                except psycopg.Error as error:
                    self.refused.append(str(error.sqlstate))
                opened.rollback()


def test_readers_who_ask_during_refreshes_see_one_generation_each_time(url: str) -> None:
    watcher = Watcher(url)
    watcher.start()
    with open_warehouse(url) as warehouse:
        for _ in range(3):
            _refresh_all(warehouse)
    watcher.stop.set()
    watcher.join(30)
    assert watcher.refused == []
    assert {len(answer) for answer in watcher.answers} == {1}
    assert len(set().union(*watcher.answers)) >= 3


@pytest.mark.parametrize("step", ["prepare", "catalogue"])
def test_thresholds_change_beside_an_idle_reader_and_tables_name_him(
    url: str, reader: psycopg.Connection[Any], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 3)
    reader.execute("SELECT 1 FROM reference.setting, reference.threshold")
    mine = sa.make_url(url).set(username="registry_writer").render_as_string(hide_password=False)
    with open_warehouse(mine) as warehouse:
        warehouse.run(ANOTHER.format(step=step))
        warehouse.run(ANOTHER.format(step="files"))
        if step == "catalogue":
            prepare(warehouse)
            return
        with pytest.raises(RegistryError) as raised:
            prepare(warehouse)
    assert raised.value.code == "REG-121"
    named = f"Process {reader.info.backend_pid} (a dashboard, role bi_reader, since 20"
    assert named in str(raised.value)
    assert "setting" not in str(raised.value)


def test_a_change_goes_through_once_the_reader_has_ended(url: str, reader: psycopg.Connection[Any]) -> None:
    reader.execute("SELECT 1 FROM reference.setting")
    ending = threading.Timer(3, reader.rollback)
    ending.start()
    with open_warehouse(url) as warehouse:
        warehouse.run(ANOTHER.format(step="prepare"))
        prepare(warehouse)
        assert warehouse.scalar("SELECT fingerprint FROM ops.step WHERE step = 'prepare'") != "another version"
    ending.join()
