"""Puts rows in the order of a time; DuckDB does it beside memory."""

from pathlib import Path

import duckdb

from include.basics.errors import RegistryError
from include.basics.quoting import literal
from include.pipeline.staging.reading import csv_rows
from include.warehouse.refusal import kind_of


def in_order(rows: Path, columns: int) -> None:
    """Sort the rows of a CSV file by their first column; rows of one time keep their order."""
    names = tuple(f"c{place}" for place in range(columns))
    ordered = rows.with_name("ordered.csv")
    source = csv_rows(rows, names, has_header=False)
    try:
        with duckdb.connect(config={"temp_directory": str(rows.parent / "sorting"), "memory_limit": "1GB"}) as session:
            session.execute(
                f"COPY (SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER () AS place FROM {source}) "
                f"ORDER BY CAST(c0 AS DOUBLE), place) TO {literal(str(ordered))} (HEADER false)"
            )
    except duckdb.OutOfMemoryException as error:
        what = "Memory did not suffice to order the rows of a file of messages."
        raise RegistryError(kind_of(error) or "REG-106", what) from None
    ordered.replace(rows)
