"""A warehouse per engine that all suites share: judging leaves only temporary tables behind."""

from collections.abc import Iterator

import pytest

from include.warehouse import Warehouse, open_warehouse
from tests.support.warehouses import Templates


@pytest.fixture(scope="package")
def duckdb_judging(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Warehouse]:
    """An open DuckDB warehouse with its reference tables."""
    with open_warehouse(templates.duckdb(tmp_path_factory.mktemp("judging") / "registry.duckdb")) as opened:
        yield opened


@pytest.fixture(scope="package")
def postgresql_judging(postgres_server: str, templates: Templates) -> Iterator[Warehouse]:
    """An open PostgreSQL warehouse with its reference tables."""
    with open_warehouse(templates.postgresql(postgres_server)) as opened:
        yield opened


@pytest.fixture(scope="package", params=["duckdb", "postgresql"])
def judging(request: pytest.FixtureRequest) -> Warehouse:
    """A warehouse to judge in, once on each engine."""
    opened: Warehouse = request.getfixturevalue(f"{request.param}_judging")
    return opened
