"""A warehouse per engine that all suites share: judging leaves only temporary tables behind."""

from collections.abc import Iterator

import pytest

from include.warehouse import Warehouse, open_warehouse, prepare
from tests.conftest import new_database


@pytest.fixture(scope="package", params=["duckdb", "postgresql"])
def judging(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """An open warehouse with its reference tables, once on each engine."""
    url = "duckdb:///:memory:"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres_server"))
    with open_warehouse(url) as opened:
        prepare(opened)
        yield opened
