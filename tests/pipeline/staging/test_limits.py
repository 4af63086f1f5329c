"""A file that is larger than the registry takes is held before anybody decompresses it to its end."""

import gzip
import resource
import time
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.pipeline.staging import stage
from include.pipeline.staging.limits import Limits, limits
from include.warehouse import Warehouse
from tests.pipeline.staging.test_stage import parquet
from tests.support.extracts import as_csv, row

COLUMNS = contracts.read("visits").names
GOOD = as_csv([row("visits")], COLUMNS)
ROOMY = Limits(
    largest_bytes=1000,
    largest_ratio=10,
    ratio_counts_from_bytes=500,
    longest_header=100,
    longest_line=100,
    longest_cell=100,
    kept_text=10,
    largest_exponent=100,
    shown_cells=100,
    patience_seconds=60,
)
BOMBS = {
    "one cell": lambda: gzip.compress(GOOD) + gzip.compress(b"V2," + b" " * 20_000_000) * 100,
    "many rows": lambda: gzip.compress(GOOD) + gzip.compress(GOOD.splitlines(True)[1] * 500_000) * 100,
    "blank lines": lambda: gzip.compress(GOOD) + gzip.compress(b"\n" * 20_000_000) * 100,
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_gzip_bomb_is_held_at_once(duckdb_session: Warehouse, tmp_path: Path, case: str) -> None:
    file = tmp_path / "bomb.csv.gz"
    file.write_bytes(BOMBS[case]())
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert code_of(duckdb_session, file) == "REG-306"
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100_000


def test_one_value_many_times_in_parquet_is_held_at_once(duckdb_session: Warehouse, tmp_path: Path) -> None:
    file = parquet(tmp_path, "SELECT repeat('x', 100000) AS visit_id FROM range(20000)")
    assert file.stat().st_size < 10_000
    started = time.monotonic()
    assert code_of(duckdb_session, file) == "REG-306"
    assert time.monotonic() - started < 10


def test_empty_cells_of_parquet_count(
    duckdb_session: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = parquet(tmp_path, "SELECT CAST(NULL AS INTEGER) AS visit_id FROM range(1000000)")
    monkeypatch.setattr("include.pipeline.staging.parquet.limits", lambda: ROOMY)
    assert code_of(duckdb_session, file) == "REG-306"


def test_a_repetitive_file_is_no_bomb(session: Warehouse, tmp_path: Path) -> None:
    rows = [row("visits", f"V{number}") for number in range(50_000)]
    file = tmp_path / "visits.csv.gz"
    file.write_bytes(gzip.compress(as_csv(rows, COLUMNS), compresslevel=9))
    assert stage(session, "visits", file).row_count == 50_000


@pytest.mark.parametrize(("stored", "allowed"), [(1, 500), (50, 500), (51, 510), (100, 1000), (5000, 1000)])
def test_a_file_may_be_neither_too_large_nor_too_dense(stored: int, allowed: int) -> None:
    assert ROOMY.allowed(stored) == allowed


def test_the_limits_agree_with_each_other() -> None:
    found = limits()
    assert found.longest_cell <= 2704, "what PostgreSQL can index"
    assert found.kept_text < found.longest_line
    assert found.ratio_counts_from_bytes < found.largest_bytes


def code_of(session: Warehouse, file: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(RegistryError) as raised:
        stage(session, "visits", file)
    return raised.value.code
