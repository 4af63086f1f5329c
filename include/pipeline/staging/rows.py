"""Reads the rows of files into DuckDB: strictly at first, which is quick; line by line when a line is no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.trimming import trimmed_columns
from include.definitions.contracts import Contract
from include.definitions.sites.codes import CodeList
from include.pipeline.staging.limits import limits
from include.pipeline.staging.mapped import MappedFile
from include.pipeline.staging.reading import csv_rows, has_nul, parquet_rows, source_names, too_long, typed
from include.pipeline.staging.salvage import not_to_its_end, salvage
from include.warehouse import Warehouse
from include.warehouse.frames import append

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
        return RegistryError("REG-301", f"A file of {self.contract.feed} cannot be read as {kind}.")


def begin_rows(reader: Warehouse, contract: Contract) -> None:
    """Make `unnumbered_rows` and `rejected_lines` without rows in a DuckDB session."""
    reader.drop_temporary(*TABLES)
    empty = typed(contract, [], {}, "SELECT CAST(NULL AS BIGINT) AS file_number, CAST(NULL AS BIGINT) AS place")
    reader.create_temporary("unnumbered_rows", f"AS {empty} WHERE FALSE")
    texts = ", ".join(f'"{name}" VARCHAR' for name in contract.names)
    reader.create_temporary("raw_rows", f"({texts}, file_number BIGINT)")
    reader.create_temporary("rejected_lines", f"({REJECTED})")
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
    rows = csv_rows(source.file, names, unused=source.unused)
    return _add_texts(reader, source.contract, source.number, f"SELECT {cells} FROM {rows}")


def add_mapped(reader: Warehouse, file: MappedFile, *, is_raw: bool) -> tuple[MappedFile, int]:
    """Add a file that a profile maps, as it is where it is to be typed with others or to be joined with long lists.

    Returns the way of reading it that worked and how many rows it has. Raises RegistryError REG-301 or REG-106; the
    file's rows are in no batch then.
    """
    found = _add_texts(reader, file.contract, file.number, file.texts) if is_raw else _add_typed(reader, file)
    if found is None:
        if file.again is None:
            raise RegistryError("REG-301", f"A file of {file.contract.feed} cannot be read by its site's profile.")
        return add_mapped(reader, file.again(), is_raw=is_raw)
    if file.rejected:
        _reject(reader, file.number, file.rejected, found)
    for table, codes in file.lists.items():
        _add_list(reader, table, codes)
    return file, found


def _add_typed(reader: Warehouse, file: MappedFile) -> int | None:
    contract = file.contract
    numbered = f"SELECT *, {file.number} AS file_number, CAST(NULL AS BIGINT) AS place FROM ({file.texts}) AS t"
    rows = typed(contract, contract.names, file.prefixes, file.coded(numbered))
    return _add(reader, contract, file.number, rows, checks_length=True)


def count_rejected(reader: Warehouse, number: int) -> int:
    """How many lines of a file are no rows."""
    return int(reader.scalar("SELECT COUNT(*) FROM rejected_lines WHERE file_number = :number", number=number))


def _add_texts(reader: Warehouse, contract: Contract, number: int, select: str) -> int | None:
    long = " OR ".join(f'strlen("{name}") > {limits().longest_cell}' for name in contract.names)
    counted = f"SELECT COUNT(*), COUNT(*) FILTER (WHERE {long}) FROM raw_rows WHERE file_number = {number}"
    try:
        with reader.transaction():
            reader.run_verbatim(f"INSERT INTO raw_rows SELECT *, {number} AS file_number FROM ({select}) AS t")
            found, too_long_rows = reader.run_verbatim(counted).one()
            if too_long_rows:
                raise _TooLongError
    except _TooLongError:
        return None
    except sa.exc.DBAPIError as error:
        _check_memory(contract, error)
        return None
    return int(found)


def _add_list(reader: Warehouse, table: str, codes: CodeList) -> None:
    """A code list as a temporary table; a code without beginning or end holds for all days that are written."""
    columns = "local VARCHAR, standard VARCHAR, valid_from VARCHAR, valid_to VARCHAR"
    reader.run_verbatim(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({columns})")
    if not reader.scalar(f"SELECT COUNT(*) FROM {table}"):
        ever = {"valid_from": "0001-01-01", "valid_to": "9999-12-31"}
        append(
            reader,
            table,
            [{**vars(code), **{k: getattr(code, k) or day for k, day in ever.items()}} for code in codes.codes],
        )
    reader.connection.commit()


def type_raw(reader: Warehouse, contract: Contract, files: Mapping[int, Source | MappedFile]) -> None:
    """Type the rows that were added as they are, those of files that are typed alike together."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for number, file in files.items():
        version = file.version if isinstance(file, MappedFile) else ""
        alike.setdefault((version, tuple(sorted(file.prefixes.items()))), []).append(number)
    for (_, prefixes), numbers in alike.items():
        chosen = f"file_number IN ({', '.join(map(str, numbers))})"
        first = files[numbers[0]]
        if isinstance(first, MappedFile):
            cells = first.coded(f"SELECT *, rowid AS place FROM raw_rows WHERE {chosen}")
        else:
            trimmed = trimmed_columns(contract.names)
            cells = f"SELECT {trimmed}, file_number, rowid AS place FROM raw_rows WHERE {chosen}"
        with reader.transaction():
            reader.run_verbatim(f"INSERT INTO unnumbered_rows {typed(contract, contract.names, dict(prefixes), cells)}")


def number_rows(reader: Warehouse, files: Sequence[int]) -> None:
    """Make the view `staged_rows` of the files with these numbers, in the order of the numbers.

    DuckDB numbers rows from 0 in the order in which they were added, once they are committed; `place` is that number in
    `raw_rows` of what came by there.
    """
    chosen = ", ".join(map(str, files)) or "NULL"
    reader.create_temporary(
        "file_range",
        "AS SELECT file_number, MIN(COALESCE(place, rowid)) - 1 AS before, "
        "SUM(COUNT(*)) OVER (ORDER BY file_number) - COUNT(*) AS earlier "
        f"FROM unnumbered_rows WHERE file_number IN ({chosen}) GROUP BY file_number",
    )
    number = "COALESCE(u.place, u.rowid) - f.before"
    reader.create_temporary(
        "staged_rows",
        f"AS SELECT CAST(f.earlier AS BIGINT) + {number} AS row_number, "
        f"{number} AS file_row_number, u.* EXCLUDE (place) "
        "FROM unnumbered_rows AS u INNER JOIN file_range AS f ON u.file_number = f.file_number",
        kind="VIEW",
    )


def _read(reader: Warehouse, source: Source, rows: str) -> int | None:
    """Add the rows of a table expression; None when one cannot be read or, of a CSV file, has too long a cell."""
    beside = f"{source.number} AS file_number, CAST(NULL AS BIGINT) AS place"
    cells = f"SELECT {trimmed_columns(source.names)}, {beside} FROM {rows}"
    rows_typed = typed(source.contract, source.header, source.prefixes, cells)
    is_csv = source.file.suffix != ".parquet"
    return _add(reader, source.contract, source.number, rows_typed, checks_length=is_csv)


def _add(reader: Warehouse, contract: Contract, number: int, rows: str, *, checks_length: bool) -> int | None:
    """Add the rows of a SELECT of typed columns; None when one cannot be read or has too long a cell."""
    try:
        with reader.transaction():
            reader.run_verbatim(f"INSERT INTO unnumbered_rows {rows}")
            if checks_length and _any(reader, number, too_long(contract)):
                raise _TooLongError
            return int(reader.scalar("SELECT COUNT(*) FROM unnumbered_rows WHERE file_number = :n", n=number))
    except _TooLongError:
        return None
    except sa.exc.DBAPIError as error:
        _check_memory(contract, error)
        return None


class _TooLongError(Exception):
    """A cell is longer than the registry takes."""


def _check_memory(contract: Contract, error: sa.exc.DBAPIError) -> None:
    if isinstance(error.orig, duckdb.OutOfMemoryException):
        raise RegistryError("REG-106", f"Memory did not suffice to read a {contract.feed} file.") from None


def _any(reader: Warehouse, number: int, condition: str) -> bool:
    found = f"SELECT COUNT(*) FROM unnumbered_rows WHERE file_number = {number} AND ({condition})"
    return bool(reader.run_verbatim(found).scalar())


def _read_line_by_line(reader: Warehouse, source: Source) -> tuple[int, int]:
    with scratch() as folder:
        kept, rejected = folder / "kept.csv", folder / "rejected.csv"
        known = [place for place, name in enumerate(source.names) if name in source.contract.names]
        try:
            found = salvage(source.file, len(source.names), known, kept, rejected)
        except OSError as error:
            raise not_to_its_end(error, source.contract.feed) from None
        rows = _read(reader, source, csv_rows(kept, source.names, has_header=False))
        if rows is None or rows != found.kept:
            raise source.unreadable
        _reject(reader, source.number, rejected, rows)
        return rows, count_rejected(reader, source.number)


def _reject(reader: Warehouse, number: int, rejected: Path, behind: int) -> None:
    """Add the lines of a file that are no rows, numbered behind its rows."""
    lines = csv_rows(rejected, ("line", "text"), has_header=False)
    with reader.transaction():
        reader.run_verbatim(
            f"INSERT INTO rejected_lines SELECT {number}, "
            f"{behind} + ROW_NUMBER() OVER (ORDER BY CAST(line AS BIGINT) ASC), "
            f"CAST(line AS BIGINT), text FROM {lines}"
        )


def _read_parquet(reader: Warehouse, source: Source) -> int:
    rows = _read(reader, source, parquet_rows(source.file, source.names))
    if rows is None:
        raise source.unreadable
    if _any(reader, source.number, has_nul(source.contract)):
        raise RegistryError("REG-301", f"A file of {source.contract.feed} has NUL characters.")
    if _any(reader, source.number, too_long(source.contract)):
        longest = limits().longest_cell
        raise RegistryError("REG-301", f"A file of {source.contract.feed} has a cell of more than {longest} bytes.")
    return rows
