"""Opens the warehouse for a page.

PostgreSQL is read as it is, by the role of MONITOR_WAREHOUSE (else WAREHOUSE). A DuckDB file has one writer or many
readers: a page takes it for tenths of a second, waits a little for a step that writes, and then says so (REG-103).
Marts are read from the snapshot beside it, which no step holds.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history.freeze import freezes_folder, list_freezes
from include.pipeline.marts.snapshot import snapshot_of
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.address import read_url

Read = TypeVar("Read")

SECONDS = 4
"""How long a page waits for a step that writes."""

MOST_KEPT = 100
_kept: dict[tuple[str, str, str], Any] = {}
"""What was read last, by warehouse, its version, and name."""
_one_at_a_time: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By file; DuckDB lets a process open one once."""


class NothingYetError(RegistryError):
    """The first night is still to come: the warehouse's file is not there, or the snapshot beside it."""


def url() -> str:
    """The warehouse that the pages read."""
    settings = Settings.from_environment()
    return Settings.of("", os.environ.get("MONITOR_WAREHOUSE") or settings.warehouse).warehouse


@contextmanager
def record() -> Iterator[Warehouse]:
    """The whole warehouse, to read; raises RegistryError REG-103 while a step writes to a DuckDB file."""
    with _session(read_url(url())) as warehouse:
        yield warehouse


@contextmanager
def marts(freeze: str = "") -> Iterator[Warehouse]:
    """A session that has the schema `marts`, as it is now or as a freeze keeps it.

    Raises NothingYetError before the first refresh, REG-803 for a freeze that there is not.
    """
    if freeze:
        with open_warehouse("duckdb:///:memory:") as warehouse:
            _show_freeze(warehouse, freeze)
            yield warehouse
        return
    with _session(_place_of_marts()) as warehouse:
        yield warehouse


def marts_version(freeze: str = "") -> str:
    """What changes whenever the marts do: a chart drawn before may be shown again."""
    if freeze:
        return freeze
    place = _place_of_marts()
    if place.get_backend_name() == "duckdb" and place.database and Path(place.database).exists():
        return str(Path(place.database).stat().st_mtime_ns)
    with marts() as warehouse:
        return str(warehouse.scalar("SELECT MAX(refreshed_at) FROM marts.setting"))


def version_of(warehouse: Warehouse) -> str:
    """What changes whenever the warehouse that `record` opened does."""
    return " ".join(map(str, warehouse.run_file("monitor/version").one()))


def kept(version: str, what: str, read: Callable[[], Read]) -> Read:
    """What was read as `what` of the pages' warehouse when it had this version, else what is read now."""
    place = (url(), version, what)
    found: Read | None = _kept.get(place)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[place] = read()
    return found


def freezes() -> list[str]:
    """The names of the freezes on this machine, as they were written or not."""
    return [one.name for one in list_freezes()]


def _show_freeze(warehouse: Warehouse, name: str) -> None:
    if name not in freezes():
        raise RegistryError("REG-803", "There is no such freeze.")
    warehouse.run("CREATE SCHEMA marts")
    for file in (freezes_folder() / name / "marts").glob("*.parquet"):
        place = str(file).replace("'", "''")
        warehouse.run_verbatim(f"CREATE VIEW marts.\"{file.stem}\" AS SELECT * FROM read_parquet('{place}')")


def _place_of_marts() -> sa.URL:
    place = read_url(url())
    if place.drivername == "duckdb" and place.database:
        place = place.set(database=str(snapshot_of(str(Path(place.database).resolve()))))
    return place


@contextmanager
def _session(place: sa.URL) -> Iterator[Warehouse]:
    """Pages read a DuckDB file one after the other; none waits longer than for a step that writes."""
    if place.get_backend_name() == "duckdb" and place.database and not Path(place.database).exists():
        raise NothingYetError("REG-102", f"There is no warehouse {place.database}.")
    turn = _turn(str(place.database)) if place.get_backend_name() == "duckdb" else nullcontext()
    address = place.render_as_string(hide_password=False)
    with turn, open_warehouse(address, read_only=True, wait=SECONDS, threads=1) as warehouse:
        yield warehouse


@contextmanager
def _turn(file: str) -> Iterator[None]:
    if not _one_at_a_time[file].acquire(timeout=SECONDS):
        raise RegistryError("REG-103", "Other pages are being read.")
    try:
        yield
    finally:
        _one_at_a_time[file].release()
