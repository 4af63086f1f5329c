"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, of which a profile takes one sheet.

A copy without personal columns is that sheet alone, as text: other sheets, comments and what a workbook keeps of
earlier versions may name persons, too. It has the file's name and is known by its first line.
"""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions.sites import Dialect
from include.pipeline.formats.cells import as_written
from include.pipeline.formats.excel_errors import errors_of
from include.pipeline.formats.heading import joined, numbered
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.table import NOT_FOUND, hidden, writing
from include.pipeline.staging.limits import limits, too_large

Cell = str | float

FEEDS: Collection[str] = ()
SCRIPT = Path(__file__).with_name("excel_sheet.py")
MEMORY = 2_000_000_000
"""Bytes that the process which opens a workbook may use: a sheet of a million rows and thirty columns takes half."""
ABORTED = -6
DIGITS = 15
"""What a spreadsheet shows of a number: the further ones are of its binary form."""
COPIED = "rows of a sheet, copied by the registry\n"
PROBLEMS = {
    "encrypted": "is protected by a password",
    "no_sheet": "has no sheet of the name or number that its profile says",
    "unreadable": "is no workbook that can be read",
}


def usual_columns(feed: str) -> Mapping[str, Any]:
    """None: a table's columns have the names that the hospital gave them."""
    return {}


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a sheet."""
    with _sheet(file, asked.feed, asked.dialect, folder) as records:
        _, header, below = _header(records, asked.feed, asked.dialect)
        with writing(header or asked.columns, asked, folder) as rows:
            for number, *cells in below:
                rows.add(int(number), [_text(cell, asked.dialect.decimal) for cell in cells])
    return rows.rows()


def without_personal(file: Path, target: Path, personal: Collection[str], dialect: Dialect) -> bool:
    """Copy a workbook's sheet from its header on, with nothing in some columns."""
    try:
        with scratch() as folder, _sheet(file, "", dialect, folder) as records:
            above, header, below = _header(records, "", dialect)
            is_hidden = hidden(header, personal)
            if not any(is_hidden):
                return False
            with target.open("w", encoding="utf-8", newline="") as copy:
                copy.write(COPIED)
                writer = csv.writer(copy, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
                writer.writerows(above)
                for place, *cells in below:
                    writer.writerow(
                        [place, *("" if hide else cell for cell, hide in zip(cells, is_hidden, strict=True))]
                    )
    except RegistryError as error:
        target.unlink(missing_ok=True)
        if error.code == NOT_FOUND:
            raise
        return False
    return True


def shown_sheets(file: Path) -> list[str]:
    """The numbers of the sheets that are not hidden; raises RegistryError REG-301 when the file is no workbook."""
    with scratch() as folder:
        return _copy_sheet(file, folder / "sheet.csv", "", "")["shown"].split(",")


def first_rows(file: Path, dialect: Dialect, most: int) -> list[tuple[int, list[str]]]:
    """The first rows of a sheet with their numbers in it, as text."""
    with scratch() as folder, _sheet(file, "", dialect, folder) as records:
        return [
            (int(number), [_text(cell, dialect.decimal) for cell in cells]) for number, *cells in islice(records, most)
        ]


@contextmanager
def _sheet(file: Path, feed: str, dialect: Dialect, folder: Path) -> Iterator[Iterator[list[Cell]]]:
    """The rows of a sheet, each with its number before it; what the sheet keeps as a number is one."""
    sheet = file
    errors: dict[int, dict[int, str]] = {}
    if not _is_copied(file):
        sheet = folder / "sheet.csv"
        said = _copy_sheet(file, sheet, feed, dialect.sheet or "")
        errors = errors_of(file, said["sheet"], int(said["first_column"]))
    with sheet.open(encoding="utf-8", newline="") as lines:
        if sheet is file:
            lines.readline()
        try:
            records: Iterator[Any] = csv.reader(lines, strict=True, quoting=csv.QUOTE_NONNUMERIC)
            yield _with_errors(records, errors)
        except (csv.Error, UnicodeDecodeError, ValueError):
            raise RegistryError("REG-301", f"A file of {feed} {PROBLEMS['unreadable']}.") from None


def _with_errors(records: Iterator[list[Cell]], errors: Mapping[int, Mapping[int, str]]) -> Iterator[list[Cell]]:
    for record in records:
        for column, text in errors.get(int(record[0]), {}).items():
            if 0 < column < len(record):
                record[column] = text
        yield record


def _text(cell: Cell, decimal: str) -> str:
    if isinstance(cell, str):
        return cell
    is_whole = cell.is_integer() and abs(cell) < 10**DIGITS
    return str(int(cell)) if is_whole else as_written(f"{cell:.{DIGITS}g}", decimal)


def _is_copied(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(COPIED)) == COPIED.encode()


def _copy_sheet(file: Path, sheet: Path, feed: str, name: str) -> dict[str, str]:
    """Write a sheet as text; what the script says.

    Raises RegistryError REG-301 when it cannot be read, REG-306 when it is too large.
    """
    _check_size(file, feed)
    command = [sys.executable, "-P", str(SCRIPT), str(file), str(sheet), name, str(MEMORY)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=limits().patience_seconds)
        said: dict[str, str] = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        said = {"problem": "unreadable"}
    except ValueError:
        said = {"problem": "too_large" if ended.returncode == ABORTED else "unreadable"}
    if said.get("problem") == "too_large" or ("sheet" in said and sheet.stat().st_size > limits().largest_bytes):
        raise too_large(feed)
    if "problem" in said:
        raise RegistryError("REG-301", f"A file of {feed} {PROBLEMS[said['problem']]}.")
    return said


def _check_size(file: Path, feed: str) -> None:
    """Refuse a workbook, which is a ZIP archive, when more would come out of it than is allowed."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > limits().allowed(file.stat().st_size):
                raise too_large(feed)
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        return


def _header(
    records: Iterator[list[Cell]], feed: str, dialect: Dialect
) -> tuple[list[list[Cell]], tuple[str, ...], Iterator[list[Cell]]]:
    """The rows of names with their numbers, the names, and what comes below."""
    if dialect.header_row == [0]:
        first = list(islice(records, 1))
        return [], numbered(len(first[0]) - 1 if first else 0), chain(first, records)
    above: list[list[Cell]] = []
    for record in records:
        above += [record] if int(record[0]) in dialect.header_row else []
        if int(record[0]) >= dialect.header_row[-1]:
            break
    if not above or int(above[-1][0]) != dialect.header_row[-1]:
        raise RegistryError("REG-301", f"A file of {feed} has no header in row {dialect.header_row[-1]} of its sheet.")
    names = [[_text(cell, dialect.decimal) for cell in cells] for _, *cells in above]
    return above, joined(names), records
