"""Tables of PostgreSQL as DuckDB reads them."""

from pathlib import Path
from typing import Any

from include.warehouse.connection import Warehouse
from include.warehouse.frames import NULL
from include.warehouse.tables import SQL_TYPES, Table


def exported(other: Warehouse, table: Table, folder: Path) -> str:
    """A table of PostgreSQL, copied into a CSV file of a folder: what DuckDB selects from."""
    file = folder / f"{table.name}.csv"
    driver: Any = other.connection.connection.driver_connection
    copied = f"COPY (SELECT {table.column_names} FROM {table.name}) TO STDOUT (FORMAT csv, NULL '{NULL}')"
    with file.open("wb") as rows, driver.cursor() as cursor, cursor.copy(copied) as chunks:
        for chunk in chunks:
            rows.write(chunk)
    types = ", ".join(f"'{c.name}': '{SQL_TYPES[c.type].partition(' COLLATE')[0]}'" for c in table.columns)
    return (
        f"read_csv('{file}', auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', "
        f"nullstr = '{NULL}', allow_quoted_nulls = false, columns = {{{types}}})"
    )
