"""Moves data frames into tables in bulk."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from include.warehouse.connection import Warehouse

if TYPE_CHECKING:
    import pandas as pd

NULL = "\\N"
"""Stands for a missing value where an empty text is another value."""


def append(warehouse: Warehouse, table: str, rows: "pd.DataFrame | Sequence[dict[str, Any]]") -> None:
    """Append rows to a table; columns are matched by name, missing values become null."""
    if not len(rows):
        return
    if isinstance(rows, Sequence):
        rows = frame_of(rows)
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    driver: Any = warehouse.connection.connection.driver_connection
    if warehouse.is_duckdb:
        driver.register("frame", rows)
        warehouse.run_verbatim(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM frame")
        driver.unregister("frame")
    else:
        text = io.StringIO()
        rows.to_csv(text, index=False, header=False, na_rep=NULL)
        copy_csv(warehouse, f"{table} ({columns})", io.BytesIO(text.getvalue().encode()), null=NULL)


def frame_of(rows: Sequence[dict[str, Any]]) -> "pd.DataFrame":
    """Rows as a data frame of values as they are; pandas is loaded where there are some."""
    import pandas as pd

    return pd.DataFrame(rows, dtype=object)


def copy_csv(warehouse: Warehouse, target: str, lines: io.BufferedIOBase, null: str = "") -> None:
    """Copy CSV lines without a header into a PostgreSQL table; an unquoted field that is `null` is null.

    The driver begins a transaction of which SQLAlchemy knows nothing, so it is told: it would commit none otherwise.
    """
    if not warehouse.connection.in_transaction():
        warehouse.connection.begin()
    driver: Any = warehouse.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv, NULL '{null}')") as copy:
        while chunk := lines.read(1 << 20):
            copy.write(chunk)
