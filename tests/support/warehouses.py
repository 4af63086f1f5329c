"""Empty warehouses for the tests: prepared once an engine, which takes a second, and copied for every test."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from include.warehouse import open_warehouse, prepare
from tests.support.compiled import compile_all

_numbers = itertools.count(1)


def do_without_disk(server: str) -> None:
    """Let the server wait for no disk: what it holds need not outlive the machine's next start."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


def new_database(server: str, how: str = "") -> str:
    """A new database of the server."""
    name = f"registry_{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} {how}"))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def copied(server: str, template: str) -> str:
    """A copy of a database of the server that nobody has open."""
    return new_database(server, f"TEMPLATE {sa.make_url(template).database}")


class Templates:
    """Prepared warehouses, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, str] = {}

    def duckdb(self, file: Path) -> str:
        """The URL of a copy at `file`."""
        template = self.folder / "template.duckdb"
        self._prepared("duckdb", lambda: f"duckdb:///{template}")
        shutil.copyfile(template, file)
        return f"duckdb:///{file}"

    def postgresql(self, server: str) -> str:
        """The URL of a copy on the server."""
        return copied(server, self._prepared("postgresql", lambda: new_database(server)))

    def _prepared(self, engine: str, make: Callable[[], str]) -> str:
        if engine not in self.made:
            self.made[engine] = make()
            with open_warehouse(self.made[engine]) as warehouse:
                prepare(warehouse)
                compile_all(warehouse, self.folder)
        return self.made[engine]
