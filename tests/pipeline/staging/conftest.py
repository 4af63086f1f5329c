"""An open session of each engine that all staging tests share: staging leaves only temporary tables behind."""

from collections.abc import Iterator

import pytest

from include.warehouse import Warehouse, open_warehouse
from tests.support.warehouses import new_database


@pytest.fixture(scope="package")
def duckdb_session() -> Iterator[Warehouse]:
    """A DuckDB in memory."""
    with open_warehouse("duckdb:///:memory:") as opened:
        yield opened


@pytest.fixture(scope="package")
def postgresql_session(postgres_server: str) -> Iterator[Warehouse]:
    """An empty PostgreSQL database."""
    with open_warehouse(new_database(postgres_server)) as opened:
        yield opened


@pytest.fixture(params=["duckdb", "postgresql"])
def session(request: pytest.FixtureRequest) -> Warehouse:
    """A session to stage in, once on each engine."""
    opened: Warehouse = request.getfixturevalue(f"{request.param}_session")
    return opened
