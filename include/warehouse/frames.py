"""Moves rows and data frames into tables in bulk."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from include.warehouse.connection import Warehouse

if TYPE_CHECKING:
    import pandas as pd
    import psycopg

NULL = "\\N"
"""Stands for a missing value where an empty text is another value."""


def append(warehouse: Warehouse, table: str, rows: "pd.DataFrame | Sequence[dict[str, Any]]") -> None:
    """Append rows to a table; columns are matched by name, missing values become null."""
    if not len(rows):
        return
    if isinstance(rows, Sequence):
        _append_rows(warehouse, table, rows)
    else:
        _append_frame(warehouse, table, rows)


def _append_rows(warehouse: Warehouse, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """The same without pandas, which takes longer to load than most steps append."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    target = f"{table} ({_quoted(names)})"
    if warehouse.is_duckdb:
        values = ", ".join(f"e ->> '{name}'" for name in names)
        read = "SELECT UNNEST(CAST(:rows AS JSON[])) AS e"
        warehouse.run(f"INSERT INTO {target} SELECT {values} FROM ({read}) AS r", rows=json.dumps(rows, default=str))
    else:
        with _copying(warehouse, f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row.get(name) for name in names])


def _append_frame(warehouse: Warehouse, table: str, rows: "pd.DataFrame") -> None:
    columns = _quoted(rows.columns)
    driver: Any = warehouse.connection.connection.driver_connection
    if warehouse.is_duckdb:
        driver.register("frame", rows)
        warehouse.run_verbatim(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM frame")
        driver.unregister("frame")
    else:
        text = io.StringIO()
        rows.to_csv(text, index=False, header=False, na_rep=NULL)
        copy_csv(warehouse, f"{table} ({columns})", io.BytesIO(text.getvalue().encode()), null=NULL)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def copy_csv(warehouse: Warehouse, target: str, lines: io.BufferedIOBase, null: str = "") -> None:
    """Copy CSV lines without a header into a PostgreSQL table; an unquoted field that is `null` is null."""
    with _copying(warehouse, f"COPY {target} FROM STDIN (FORMAT csv, NULL '{null}')") as copy:
        while chunk := lines.read(1 << 20):
            copy.write(chunk)


@contextmanager
def _copying(warehouse: Warehouse, statement: str) -> "Iterator[psycopg.Copy]":
    """A COPY into PostgreSQL.

    The driver begins a transaction of which SQLAlchemy knows nothing, so it is told: it would commit none otherwise.
    """
    if not warehouse.connection.in_transaction():
        warehouse.connection.begin()
    driver: Any = warehouse.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy
