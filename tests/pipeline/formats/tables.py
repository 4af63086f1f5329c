"""Reads a table as staging does: at once, and line by line when a line is no row."""

import csv
from pathlib import Path
from typing import Any

import duckdb

from include.definitions.sites import Dialect
from include.pipeline.formats import Asked, Rows, reader_of

Cells = list[tuple[str | None, ...]]


def read(name: str, file: Path, columns: tuple[str, ...] = (), **dialect: Any) -> tuple[Rows, Cells]:
    """What a reader answers, and the rows; without `columns` all that the file has are asked for."""
    folder = file.with_name(f"{file.name}.read")
    folder.mkdir(exist_ok=True)
    reader = reader_of(name)
    rows = reader.read(file, Asked("results", columns, dialect=Dialect(**dialect)), folder)
    try:
        return rows, cells_of(rows)
    except duckdb.Error:
        assert rows.line_by_line is not None
        rows = rows.line_by_line()
        return rows, cells_of(rows)


def cells_of(rows: Rows) -> Cells:
    """The rows, as DuckDB reads them."""
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM {rows.relation}").fetchall()


def rejected(rows: Rows) -> list[tuple[int, str]]:
    """Number and text of what is no row."""
    if rows.rejected is None:
        return []
    with rows.rejected.open(encoding="utf-8", newline="") as lines:
        return [(int(number), text) for number, text in csv.reader(lines)]


def write(folder: Path, content: bytes, name: str) -> Path:
    """A file of these bytes."""
    file = folder / name
    file.write_bytes(content)
    return file
