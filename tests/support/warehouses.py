"""Empty warehouses for the tests: prepared once an engine, which takes seconds, and copied for every test."""

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from include.warehouse import open_warehouse, prepare
from tests.support.compiled import compile_all

_numbers = itertools.count(1)
on_duckdb = pytest.mark.parametrize("prepared_url", ["duckdb"], indirect=True)
"""Runs a test that takes `warehouse` on DuckDB alone: another one asks PostgreSQL the same statements."""
NEEDLESS = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
HOUSE = {
    "datestyle": "German, DMY",
    "default_transaction_isolation": "serializable",
    "extra_float_digits": "-5",
    "quote_all_identifiers": "on",
    "timezone": "Europe/Berlin",
    "transform_null_equals": "on",
}
"""Settings that a house may have for its server."""


def set_up(server: str) -> None:
    """Let the server wait for no disk, tidy nothing up, and be set as a house may have set it.

    What it holds need not outlive the tests.
    """
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting, value in {**dict.fromkeys(NEEDLESS, "off"), **HOUSE}.items():
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = '{value}'"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


def new_database(server: str, how: str = "") -> str:
    """A new database of the server."""
    name = f"registry_{os.getpid()}_{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} {how}"))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def copied(server: str, template: str) -> str:
    """A copy of a database of the server that nobody has open."""
    return new_database(server, f"TEMPLATE {sa.make_url(template).database} STRATEGY FILE_COPY")


def drop_database(url: str) -> None:
    """Remove a database of the server, whoever has it open."""
    parsed = sa.make_url(url)
    engine = sa.create_engine(parsed.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {parsed.database} WITH (FORCE)"))
    engine.dispose()


def copy_of(template: str, file: Path, server: str | None = None) -> str:
    """The URL of a copy of a warehouse that nobody has open: on the server, or of a DuckDB file at `file`."""
    if server:
        return copied(server, template)
    shutil.copyfile(template.removeprefix("duckdb:///"), file)
    return f"duckdb:///{file}"


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Only one of the processes that share a lock file is in here."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Templates:
    """Prepared warehouses in a folder that all workers share, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def duckdb(self, file: Path) -> str:
        """The URL of a copy at `file`."""
        return copy_of(self.template(), file)

    def postgresql(self, server: str) -> str:
        """The URL of a copy on the server."""
        return copied(server, self.template(server))

    def new(self, file: Path, server: str | None) -> str:
        """The URL of a copy: on the server, or at `file`."""
        return self.postgresql(server) if server else self.duckdb(file)

    def template(self, server: str | None = None) -> str:
        """The URL of what is copied: on the server, where nobody may open it, or of a file, which may be read."""
        if server:
            return self._prepared("postgresql", lambda: new_database(server))
        return self._prepared("duckdb", lambda: f"duckdb:///{self.folder}/template.duckdb")

    def once(self, name: str, make: Callable[[], str]) -> str:
        """What `make` returned to the first test of all workers that asked for it by this name."""
        made = self.folder / f"{name}.made"
        with alone(self.folder / f"{name}.lock"):
            if not made.exists():
                made.write_text(make())
            return made.read_text()

    def _prepared(self, engine: str, make: Callable[[], str]) -> str:
        def prepared() -> str:
            url = make()
            with open_warehouse(url) as warehouse:
                prepare(warehouse)
                compile_all(warehouse, self.folder)
            return url

        return self.once(engine, prepared)
