"""The columns that a file says it has."""

import csv
import gzip
import re
import zlib
from pathlib import Path
from typing import IO

import duckdb

from include.errors import RegistryError

LONGEST_HEADER = 65_536
OTHER_DELIMITER = re.compile(r"[;\t|]")


def read_header(file: Path, feed: str) -> list[str]:
    """Column names as they stand in the file; raises RegistryError REG-301 when there is no readable header."""
    try:
        if file.name.endswith(".parquet"):
            return _parquet_columns(file)
        if file.name.endswith(".gz"):
            _check_whole(file)
        with _open(file) as lines:
            first = next(csv.reader([_first_line(lines)], strict=True), [])
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, duckdb.Error, zlib.error) as error:
        raise RegistryError("REG-301", f"A {feed} file {_what_is_wrong(error)}.") from error
    if not first:
        raise RegistryError("REG-301", f"A {feed} file has no header.")
    if len(first) == 1 and OTHER_DELIMITER.search(first[0]):
        raise RegistryError("REG-301", f"A {feed} file has a header without commas.")
    return [name.strip() for name in first]


def _what_is_wrong(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "is not UTF-8 text"
        case duckdb.Error():
            return "is not a whole Parquet file"
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return "is not a whole gzip file"
        case csv.Error():
            return "has a header with unbalanced quotes"
        case _:
            return "cannot be opened"


def _open(file: Path) -> IO[str]:
    if file.name.endswith(".gz"):
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _check_whole(file: Path) -> None:
    """Decompress once: DuckDB takes what it can of a gzip file that was cut short and says nothing."""
    with gzip.open(file) as content:
        while content.read(1 << 20):
            pass


def _first_line(lines: IO[str]) -> str:
    line = lines.readline(LONGEST_HEADER)
    if "\0" in line:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "binary content")
    return line


def _parquet_columns(file: Path) -> list[str]:
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute("SELECT name FROM parquet_schema(?)", [str(file)]).fetchall()][1:]
