"""Reads the rows of a file into DuckDB: strictly at first, which is quick; line by line when a line is no row."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlalchemy as sa

from include.contracts import Contract
from include.errors import RegistryError
from include.scratch import scratch
from include.staging.limits import limits
from include.staging.reading import csv_rows, has_nul, parquet_rows, selected, source_names, too_long
from include.staging.salvage import salvage
from include.staging.trimming import trimmed_columns
from include.warehouse import Warehouse

TABLES = ("staged_rows", "unnumbered_rows", "rejected_lines")
REJECTED = "row_number BIGINT, line BIGINT, text VARCHAR"


@dataclass(frozen=True)
class Source:
    """A file on this machine's disk, the contract of its feed and the columns that it says it has."""

    file: Path
    contract: Contract
    header: list[str]

    @property
    def names(self) -> list[str]:
        """The names under which DuckDB reads the columns."""
        return source_names(self.contract, self.header)

    @property
    def unused(self) -> list[str]:
        """Those of the names that the contract does not know."""
        return [name for name in self.names if name not in self.contract.names]

    @property
    def unreadable(self) -> RegistryError:
        """That it cannot be read, without what DuckDB says of it: that quotes the file."""
        kind = "Parquet" if self.file.suffix == ".parquet" else "CSV"
        return RegistryError("REG-301", f"A {self.contract.feed} file cannot be read as {kind}.")


def read_rows(reader: Warehouse, source: Source) -> None:
    """Make `staged_rows` and `rejected_lines` in a DuckDB session; raises RegistryError REG-301, REG-306 or REG-106."""
    reader.drop_temporary(*TABLES)
    if source.file.suffix == ".parquet":
        _read_parquet(reader, source)
    elif not _read_strictly(reader, source):
        _read_line_by_line(reader, source)
    reader.run_verbatim(f"CREATE TEMPORARY TABLE IF NOT EXISTS rejected_lines ({REJECTED})")
    # DuckDB numbers rows from 0 in the file's order once the table is committed.
    reader.run_verbatim("CREATE TEMPORARY VIEW staged_rows AS SELECT rowid + 1 AS row_number, * FROM unnumbered_rows")


def _read_strictly(reader: Warehouse, source: Source) -> bool:
    """Read a CSV file at once; False when a line is no row."""
    rows = csv_rows(source.file, source.names, unused=source.unused)
    return _read(reader, source, rows) and not _any(reader, too_long(source.contract))


def _read(reader: Warehouse, source: Source, rows: str) -> bool:
    """Make `unnumbered_rows`; False when a row cannot be read."""
    try:
        with reader.transaction():
            columns = selected(source.contract, source.header)
            cells = f"SELECT {trimmed_columns(source.names)} FROM {rows}"
            reader.run_verbatim(
                f"CREATE OR REPLACE TEMPORARY TABLE unnumbered_rows AS SELECT {columns} FROM ({cells}) AS c"
            )
    except sa.exc.DBAPIError as error:
        _check_memory(source, error)
        return False
    return True


def _check_memory(source: Source, error: sa.exc.DBAPIError) -> None:
    if isinstance(error.orig, duckdb.OutOfMemoryException):
        raise RegistryError("REG-106", f"Memory did not suffice to read a {source.contract.feed} file.") from None


def _any(reader: Warehouse, condition: str) -> bool:
    return bool(reader.scalar(f"SELECT COUNT(*) FROM unnumbered_rows WHERE {condition}"))


def _read_line_by_line(reader: Warehouse, source: Source) -> None:
    with scratch() as folder:
        kept, rejected = folder / "kept.csv", folder / "rejected.csv"
        known = [place for place, name in enumerate(source.names) if name in source.contract.names]
        try:
            found = salvage(source.file, len(source.names), known, kept, rejected)
        except OSError:
            raise RegistryError("REG-106", f"A {source.contract.feed} file could not be read to its end.") from None
        if not _read(reader, source, csv_rows(kept, source.names, has_header=False)):
            raise source.unreadable
        number_of_rows = reader.scalar("SELECT COUNT(*) FROM unnumbered_rows")
        if number_of_rows != found.kept:
            raise source.unreadable
        lines = csv_rows(rejected, ("line", "text"), has_header=False)
        reader.run_verbatim(
            "CREATE TEMPORARY TABLE rejected_lines AS SELECT "
            f"{number_of_rows} + ROW_NUMBER() OVER (ORDER BY CAST(line AS BIGINT) ASC) AS row_number, "
            f"CAST(line AS BIGINT) AS line, text FROM {lines}"
        )


def _read_parquet(reader: Warehouse, source: Source) -> None:
    if not _read(reader, source, parquet_rows(source.file, source.names)):
        raise source.unreadable
    if _any(reader, has_nul(source.contract)):
        raise RegistryError("REG-301", f"A {source.contract.feed} file has NUL characters.")
    if _any(reader, too_long(source.contract)):
        longest = limits().longest_cell
        raise RegistryError("REG-301", f"A {source.contract.feed} file has a cell of more than {longest} bytes.")
