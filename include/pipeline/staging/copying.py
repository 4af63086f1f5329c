"""Carries what DuckDB read into a PostgreSQL session."""

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.warehouse import Warehouse
from include.warehouse.frames import copy_csv
from include.warehouse.tables import SQL_TYPES

TYPES = {"VARCHAR": SQL_TYPES["text"], "DOUBLE": SQL_TYPES["double"]}


def copy_table(reader: Warehouse, warehouse: Warehouse, table: str) -> None:
    """Make a temporary table of the same rows; raises RegistryError REG-301 when PostgreSQL cannot hold a cell."""
    import psycopg

    described = reader.run_verbatim(f"DESCRIBE {table}").fetchall()
    columns = ", ".join(f'"{row[0]}" {TYPES.get(row[1], row[1])}' for row in described)
    warehouse.drop_temporary(table)
    warehouse.create_temporary(table, f"({columns})")
    with scratch() as folder:
        rows = folder / "rows.csv"
        reader.run_verbatim(f"COPY (SELECT * FROM {table}) TO '{rows}' (FORMAT csv, HEADER false)")
        try:
            with rows.open("rb") as lines:
                copy_csv(warehouse, table, lines)
        except psycopg.DataError:
            warehouse.connection.rollback()
            raise RegistryError("REG-301", "A file has a cell that PostgreSQL cannot hold.") from None
    warehouse.analyze(table)
