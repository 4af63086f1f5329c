"""A warehouse per engine that all suites share: judging leaves only temporary tables behind."""

from collections.abc import Iterator

import pytest

from include.warehouse import Warehouse, open_warehouse, prepare
from tests.support.warehouses import new_database


@pytest.fixture(scope="package")
def duckdb_judging() -> Iterator[Warehouse]:
    """An open DuckDB warehouse with its reference tables."""
    with open_warehouse("duckdb:///:memory:") as opened:
        prepare(opened)
        yield opened


@pytest.fixture(scope="package")
def postgresql_judging(postgres_server: str) -> Iterator[Warehouse]:
    """An open PostgreSQL warehouse with its reference tables."""
    with open_warehouse(new_database(postgres_server)) as opened:
        prepare(opened)
        yield opened


@pytest.fixture(scope="package", params=["duckdb", "postgresql"])
def judging(request: pytest.FixtureRequest) -> Warehouse:
    """A warehouse to judge in, once on each engine."""
    opened: Warehouse = request.getfixturevalue(f"{request.param}_judging")
    return opened
