"""A full disk is told as such while a file is read: a file that was taken for unreadable would be held."""

import errno
import os
import resource
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.basics.errors import RegistryError
from include.pipeline.formats import delimited
from include.pipeline.formats.interface import Asked
from include.pipeline.staging import parquet, rows, stage
from include.warehouse import Warehouse

HEADER = b"visit_id,patient_id,visit_date,vital_status,status\n"


def no_room(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_it_is_full_when_rows_are_written_line_by_line(
    duckdb_session: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "visits.csv"
    file.write_bytes(HEADER + b"x\n")
    monkeypatch.setattr(rows, "salvage", no_room)
    with pytest.raises(RegistryError, match="REG-116"):
        stage(duckdb_session, "visits", file)


def test_it_is_full_when_rows_of_a_dialect_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "visits.csv"
    file.write_bytes(HEADER + b"x\n")
    monkeypatch.setattr(delimited, "salvage", no_room)
    read = delimited.read(file, Asked("visits", ("visit_id",)), tmp_path)
    with pytest.raises(RegistryError, match="REG-116"):
        read.line_by_line()  # type: ignore[misc]


def test_it_is_full_when_a_parquet_file_is_copied(
    duckdb_session: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "visits.parquet"
    duckdb.sql("SELECT md5(CAST(range AS TEXT)) AS visit_id FROM range(20000)").write_parquet(str(file))
    small = (1 << 16, 1 << 16)
    limited = partial(subprocess.run, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, small))
    monkeypatch.setattr(parquet.subprocess, "run", limited)
    with pytest.raises(RegistryError, match="REG-116"):
        stage(duckdb_session, "visits", file)
