"""The stage: reads one landed file into the warehouse's session."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from include import contracts
from include.contracts import Contract
from include.errors import RegistryError
from include.staging.header import read_header
from include.staging.reading import selected, source_rows
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.frames import copy_csv
from include.warehouse.tables import SQL_TYPES


@dataclass(frozen=True)
class FileFacts:
    """What the file-level rules look at; `missing` are names of the contract's required columns."""

    row_count: int
    missing: tuple[str, ...]
    unknown_columns: int
    repeated_columns: int


def stage(warehouse: Warehouse, feed: str, file: Path) -> FileFacts:
    """Make the temporary table `staged_rows` of a file, its rows numbered from 1 in `row_number`.

    Raises RegistryError REG-301 when the file cannot be read; the text of the file is in no message.
    """
    contract = contracts.read(feed)
    header = read_header(file, feed)
    missing = tuple(f.name for f in contract.fields if f.required and f.name not in header)
    if warehouse.is_duckdb:
        _read_rows(warehouse, contract, header, file)
    else:
        with open_warehouse("duckdb:///:memory:") as reader:
            _read_rows(reader, contract, header, file)
            _copy_rows(reader, warehouse)
    counts = Counter(header)
    return FileFacts(
        row_count=warehouse.scalar("SELECT COUNT(*) FROM staged_rows"),
        missing=missing,
        unknown_columns=len(counts.keys() - set(contract.names)),
        repeated_columns=sum(counts[name] > 1 for name in counts),
    )


def _read_rows(reader: Warehouse, contract: Contract, header: list[str], file: Path) -> None:
    """DuckDB numbers rows from 0 in the file's order once the table is committed."""
    rows = f"SELECT {selected(contract, header)} FROM {source_rows(file, header)}"
    try:
        with reader.transaction():
            reader.drop_temporary("staged_rows")
            reader.drop_temporary("unnumbered_rows")
            reader.run_verbatim(f"CREATE TEMPORARY TABLE unnumbered_rows AS {rows}")
    except sa.exc.DBAPIError as error:
        raise RegistryError("REG-301", f"A {contract.feed} file cannot be read{_line(str(error))}.") from None
    reader.run_verbatim("CREATE TEMPORARY VIEW staged_rows AS SELECT rowid + 1 AS row_number, * FROM unnumbered_rows")


def _line(message: str) -> str:
    """The line that DuckDB complains of; the rest of its message quotes the file."""
    _, found, rest = message.partition("CSV Error on Line: ")
    return f" (line {rest.split()[0]})" if found else ""


def _copy_rows(reader: Warehouse, warehouse: Warehouse) -> None:
    described = reader.run_verbatim("DESCRIBE staged_rows").fetchall()
    types = {"VARCHAR": SQL_TYPES["text"], "DOUBLE": SQL_TYPES["double"]}
    columns = ", ".join(f'"{row[0]}" {types.get(row[1], row[1])}' for row in described)
    warehouse.drop_temporary("staged_rows")
    warehouse.run_verbatim(f"CREATE TEMPORARY TABLE staged_rows ({columns})")
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        reader.run_verbatim(f"COPY (SELECT * FROM staged_rows) TO '{rows}' (FORMAT csv, HEADER false)")
        try:
            with rows.open("rb") as lines:
                copy_csv(warehouse, "staged_rows", lines)
        except psycopg.DataError:
            raise RegistryError("REG-301", "A file has a cell with a character that PostgreSQL cannot hold.") from None
    warehouse.analyze("staged_rows")
