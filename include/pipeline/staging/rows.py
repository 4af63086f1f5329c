"""Reads the rows of files into DuckDB: strictly at first, which is quick; line by line when a line is no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions.contracts import Contract
from include.pipeline.staging.limits import limits
from include.pipeline.staging.reading import csv_rows, has_nul, parquet_rows, source_names, too_long, typed
from include.pipeline.staging.salvage import salvage
from include.pipeline.staging.trimming import trimmed_columns
from include.warehouse import Warehouse

TABLES = ("staged_rows", "unnumbered_rows", "raw_rows", "rejected_lines", "file_range")
REJECTED = "file_number BIGINT, row_number BIGINT, line BIGINT, text VARCHAR"


@dataclass(frozen=True)
class Source:
    """A file on this machine's disk, its feed's contract, the columns that it says it has, its number in a batch.

    `prefixes` are put before the ids of some columns: a site's own ids are only unique there.
    """

    file: Path
    contract: Contract
    header: list[str]
    number: int = 1
    prefixes: Mapping[str, str] = field(default_factory=dict)

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


def begin_rows(reader: Warehouse, contract: Contract) -> None:
    """Make `unnumbered_rows` and `rejected_lines` without rows in a DuckDB session."""
    reader.drop_temporary(*TABLES)
    empty = typed(contract, [], {}, "SELECT CAST(NULL AS BIGINT) AS file_number")
    reader.run_verbatim(f"CREATE TEMPORARY TABLE unnumbered_rows AS {empty} WHERE FALSE")
    texts = ", ".join(f'"{name}" VARCHAR' for name in contract.names)
    reader.run_verbatim(f"CREATE TEMPORARY TABLE raw_rows ({texts}, file_number BIGINT)")
    reader.run_verbatim(f"CREATE TEMPORARY TABLE rejected_lines ({REJECTED})")
    reader.connection.commit()


def add_rows(reader: Warehouse, source: Source) -> tuple[int, int]:
    """Add a file; how many rows and how many lines that are no rows it has.

    Raises RegistryError REG-301, REG-306 or REG-106; the file's rows are in no batch then.
    """
    if source.file.suffix == ".parquet":
        return _read_parquet(reader, source), 0
    found = _read(reader, source, csv_rows(source.file, source.names, unused=source.unused))
    return (found, 0) if found is not None else _read_line_by_line(reader, source)


def add_raw(reader: Warehouse, source: Source) -> int | None:
    """Add a small CSV file as it is, to be typed with others; how many rows it has, None when `add_rows` has to try.

    To plan the typing of a file takes DuckDB longer than to type a thousand rows.
    """
    names = source.names
    cells = ", ".join(f'"{name}"' if name in names else "NULL" for name in source.contract.names)
    long = " OR ".join(f'strlen("{name}") > {limits().longest_cell}' for name in source.contract.names)
    rows = csv_rows(source.file, names, unused=source.unused)
    counted = f"SELECT COUNT(*), COUNT(*) FILTER (WHERE {long}) FROM raw_rows WHERE file_number = {source.number}"
    try:
        with reader.transaction():
            reader.run_verbatim(f"INSERT INTO raw_rows SELECT {cells}, {source.number} AS file_number FROM {rows}")
            found, too_long_rows = reader.run_verbatim(counted).one()
            if too_long_rows:
                raise _TooLongError
    except _TooLongError:
        return None
    except sa.exc.DBAPIError as error:
        _check_memory(source, error)
        return None
    return int(found)


def type_raw(reader: Warehouse, contract: Contract, prefixes: Mapping[int, Mapping[str, str]]) -> None:
    """Type the rows that were added as they are; `prefixes` are those of each file."""
    alike: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for number, own in prefixes.items():
        alike.setdefault(tuple(sorted(own.items())), []).append(number)
    for own_prefixes, numbers in alike.items():
        chosen = f"file_number IN ({', '.join(map(str, numbers))})"
        cells = f"SELECT {trimmed_columns(contract.names)}, file_number FROM raw_rows WHERE {chosen}"
        with reader.transaction():
            reader.run_verbatim(
                f"INSERT INTO unnumbered_rows {typed(contract, contract.names, dict(own_prefixes), cells)}"
            )


def number_rows(reader: Warehouse, files: Sequence[int]) -> None:
    """Make the view `staged_rows` of the files with these numbers.

    DuckDB numbers rows from 0 in the order in which they were added, once they are committed.
    """
    chosen = ", ".join(map(str, files)) or "NULL"
    reader.run_verbatim(
        "CREATE TEMPORARY TABLE file_range AS SELECT file_number, MIN(rowid) - 1 AS before "
        f"FROM unnumbered_rows WHERE file_number IN ({chosen}) GROUP BY file_number"
    )
    reader.run_verbatim(
        "CREATE TEMPORARY VIEW staged_rows AS SELECT u.rowid + 1 AS row_number, u.rowid - f.before AS file_row_number, "
        "u.* FROM unnumbered_rows AS u INNER JOIN file_range AS f ON u.file_number = f.file_number"
    )


def _read(reader: Warehouse, source: Source, rows: str) -> int | None:
    """Add the rows of a table expression; None when one cannot be read or, of a CSV file, has too long a cell."""
    cells = f"SELECT {trimmed_columns(source.names)}, {source.number} AS file_number FROM {rows}"
    is_csv = source.file.suffix != ".parquet"
    try:
        with reader.transaction():
            rows_typed = typed(source.contract, source.header, source.prefixes, cells)
            reader.run_verbatim(f"INSERT INTO unnumbered_rows {rows_typed}")
            if is_csv and _any(reader, source, too_long(source.contract)):
                raise _TooLongError
            return int(reader.scalar("SELECT COUNT(*) FROM unnumbered_rows WHERE file_number = :n", n=source.number))
    except _TooLongError:
        return None
    except sa.exc.DBAPIError as error:
        _check_memory(source, error)
        return None


class _TooLongError(Exception):
    """A cell is longer than the registry takes."""


def _check_memory(source: Source, error: sa.exc.DBAPIError) -> None:
    if isinstance(error.orig, duckdb.OutOfMemoryException):
        raise RegistryError("REG-106", f"Memory did not suffice to read a {source.contract.feed} file.") from None


def _any(reader: Warehouse, source: Source, condition: str) -> bool:
    found = f"SELECT COUNT(*) FROM unnumbered_rows WHERE file_number = {source.number} AND ({condition})"
    return bool(reader.run_verbatim(found).scalar())


def _read_line_by_line(reader: Warehouse, source: Source) -> tuple[int, int]:
    with scratch() as folder:
        kept, rejected = folder / "kept.csv", folder / "rejected.csv"
        known = [place for place, name in enumerate(source.names) if name in source.contract.names]
        try:
            found = salvage(source.file, len(source.names), known, kept, rejected)
        except OSError:
            raise RegistryError("REG-106", f"A {source.contract.feed} file could not be read to its end.") from None
        rows = _read(reader, source, csv_rows(kept, source.names, has_header=False))
        if rows is None or rows != found.kept:
            raise source.unreadable
        lines = csv_rows(rejected, ("line", "text"), has_header=False)
        with reader.transaction():
            reader.run_verbatim(
                f"INSERT INTO rejected_lines SELECT {source.number}, "
                f"{rows} + ROW_NUMBER() OVER (ORDER BY CAST(line AS BIGINT) ASC), "
                f"CAST(line AS BIGINT), text FROM {lines}"
            )
        number = source.number
        return rows, int(reader.scalar("SELECT COUNT(*) FROM rejected_lines WHERE file_number = :n", n=number))


def _read_parquet(reader: Warehouse, source: Source) -> int:
    rows = _read(reader, source, parquet_rows(source.file, source.names))
    if rows is None:
        raise source.unreadable
    if _any(reader, source, has_nul(source.contract)):
        raise RegistryError("REG-301", f"A {source.contract.feed} file has NUL characters.")
    if _any(reader, source, too_long(source.contract)):
        longest = limits().longest_cell
        raise RegistryError("REG-301", f"A {source.contract.feed} file has a cell of more than {longest} bytes.")
    return rows
