"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, of which a profile takes one sheet.

A landed copy is that sheet alone, as text: other sheets, comments and what a workbook keeps of earlier versions may
name persons. It has the file's name and is known by its first line, which says what chooses the sheet.
"""

import csv
import hashlib
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
from include.pipeline.formats.excel.looks import DIGITS
from include.pipeline.formats.excel.shown import BrokenError, Shown, shown
from include.pipeline.formats.heading import joined, numbered
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.table import NOT_FOUND, hidden, writing
from include.pipeline.staging.limits import limits, too_large

Cell = str | float

FEEDS: Collection[str] = ()
SCRIPT = Path(__file__).with_name("sheet.py")
MEMORY = 2_000_000_000
"""Bytes that the process which opens a workbook may use: a sheet of a million rows and thirty columns takes half."""
ABORTED = -6
COPIED = "rows of a sheet, copied by the registry"
FIRST = "first"
"""What a copy says of the first sheet that is not hidden."""
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
    with _sheet(file, asked.feed, asked.dialect, folder) as (records, _):
        _, header, below = _header(records, asked.feed, asked.dialect)
        with writing(header or asked.columns, asked, folder) as rows:
            for number, *cells in below:
                rows.add(int(number), [_text(cell, asked.dialect.decimal) for cell in cells])
    return rows.rows()


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a workbook's sheet from its names on, as text, with nothing in some columns.

    A workbook without that sheet, or those names, is not copied where a person may be named (REG-218).
    """
    try:
        with scratch() as folder, _sheet(file, "", dialect, folder) as (records, choices):
            above, header, below = _header(records, "", dialect)
            is_hidden = hidden(header, personal, beside)
            with target.open("w", encoding="utf-8", newline="") as copy:
                copy.write(f"{COPIED}: {' '.join(choices)}\n")
                writer = csv.writer(copy, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
                writer.writerows(above)
                for place, *cells in below:
                    writer.writerow(
                        [place, *("" if hide else cell for cell, hide in zip(cells, is_hidden, strict=True))]
                    )
    except RegistryError as error:
        target.unlink(missing_ok=True)
        if error.code == NOT_FOUND or (error.code == "REG-301" and (personal or beside) and _is_workbook(file)):
            raise RegistryError(NOT_FOUND, "A workbook lacks the sheet or a column that names a person.") from None
        return False
    return True


def _is_workbook(file: Path) -> bool:
    try:
        shown_sheets(file)
    except RegistryError:
        return False
    return True


def shown_sheets(file: Path) -> list[str]:
    """The numbers of the sheets that are not hidden; raises RegistryError REG-301 when the file is no workbook."""
    with scratch() as folder:
        return _copy_sheet(file, folder / "sheet.csv", "", "")["shown"].split(",")


def first_rows(file: Path, dialect: Dialect, most: int) -> list[tuple[int, list[str]]]:
    """The first rows of a sheet with their numbers in it, as text."""
    with scratch() as folder, _sheet(file, "", dialect, folder) as (records, _):
        return [
            (int(number), [_text(cell, dialect.decimal) for cell in cells]) for number, *cells in islice(records, most)
        ]


@contextmanager
def _sheet(
    file: Path, feed: str, dialect: Dialect, folder: Path
) -> Iterator[tuple[Iterator[list[Cell]], Collection[str]]]:
    """The rows of a sheet, each with its number before it, and what chooses it; what it keeps as a number is one."""
    sheet, choices = file, _copied_choices(file)
    texts: Shown = {}
    if choices is None:
        sheet = folder / "sheet.csv"
        said = _copy_sheet(file, sheet, feed, dialect.sheet or "")
        try:
            texts = shown(file, said["sheet"], int(said["first_column"]), feed)
        except BrokenError:
            raise _unreadable(feed) from None
        is_first = said["number"] == said["shown"].split(",")[0]
        choices = [said["number"], _hash(said["sheet"]), *([FIRST] if is_first else [])]
    elif choices and not {dialect.sheet or FIRST, _hash(dialect.sheet or "")} & {*choices}:
        raise RegistryError("REG-301", f"A file of {feed} was landed as another sheet than its profile says by now.")
    with sheet.open(encoding="utf-8", newline="") as lines:
        if sheet is file:
            lines.readline()
        try:
            records: Iterator[Any] = csv.reader(lines, strict=True, quoting=csv.QUOTE_NONNUMERIC)
            yield _as_shown(records, texts, dialect.decimal), choices
        except (csv.Error, UnicodeDecodeError, ValueError):
            raise _unreadable(feed) from None


def _unreadable(feed: str) -> RegistryError:
    return RegistryError("REG-301", f"A file of {feed} {PROBLEMS['unreadable']}.")


def _hash(name: str) -> str:
    """A sheet's name as a copy has it: it may be a patient's."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _copied_choices(file: Path) -> list[str] | None:
    """What chooses the sheet of a copy, nothing where it does not say; None when the file is no copy."""
    with file.open("rb") as content:
        if content.read(len(COPIED)) != COPIED.encode():
            return None
        return content.readline().decode().strip(": \n").split()


def _as_shown(records: Iterator[list[Cell]], texts: Shown, decimal: str) -> Iterator[list[Cell]]:
    for record in records:
        for column, text in texts.get(int(record[0]), {}).items():
            if 0 < column < len(record):
                record[column] = as_written(text, decimal)
        yield record


def _text(cell: Cell, decimal: str) -> str:
    if isinstance(cell, str):
        return cell
    is_whole = cell.is_integer() and abs(cell) < 10**DIGITS
    return str(int(cell)) if is_whole else as_written(f"{cell:.{DIGITS}g}", decimal)


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
