"""Writes one sheet of a workbook as CSV, in a process of its own: a broken workbook may end the process that reads it,
and one with a cell in each far corner asks for all memory.

Run as a script with the file, the copy, the sheet (a name, a number from 1 on, or nothing: the first that is not
hidden) and how many bytes of memory may be used. Each line of the copy is the number of a row in the sheet and its
cells, in quotes but for numbers; there is none for an empty row. Prints one JSON object: the `sheet`, its `number`,
that of its `first_column` (0 = A) and of the sheets that are `shown`, or the `problem`: encrypted, no_sheet, too_large,
unreadable.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

Cell = Any
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""A name that is in a workbook with a password, which is no workbook to calamine."""


def main(file: str, copy: str, sheet: str, memory: int) -> dict[str, str]:
    """Copy the sheet."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        with open(file, "rb") as content:  # noqa: PTH123 - pathlib is not needed otherwise
            workbook = calamine.CalamineWorkbook.from_filelike(content)
            name = _name(workbook, sheet)
            if name is None:
                return {"problem": "no_sheet"}
            sheet_found = workbook.get_sheet_by_name(name)
            _write(sheet_found, copy)
    except calamine.PasswordError:
        return {"problem": "encrypted"}
    except MemoryError:
        return {"problem": "too_large"}
    except Exception:
        return {"problem": "encrypted" if _is_locked(file) else "unreadable"}
    shown = ",".join(str(number) for number, one in enumerate(workbook.sheets_metadata, 1) if _is_shown(one))
    number = str(workbook.sheet_names.index(name) + 1)
    return {"sheet": name, "number": number, "first_column": str(_first_column(sheet_found)), "shown": shown}


def _is_locked(file: str) -> bool:
    with open(file, "rb") as content:  # noqa: PTH123
        return content.read(4) == b"\xd0\xcf\x11\xe0" and LOCKED in content.read()


def _name(workbook: calamine.CalamineWorkbook, sheet: str) -> str | None:
    names = workbook.sheet_names
    visible = [one.name for one in workbook.sheets_metadata if _is_shown(one)]
    if not sheet:
        return next(iter([*visible, *names]), None)
    if sheet in names:
        return sheet
    return names[int(sheet) - 1] if sheet.isdecimal() and 0 < int(sheet) <= len(names) else None


def _is_shown(sheet: calamine.SheetMetadata) -> bool:
    return sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet


def _write(sheet: calamine.CalamineSheet, copy: str) -> None:
    timed = {column for row in sheet.iter_rows() for column, cell in enumerate(row) if type(cell) is datetime}
    with open(copy, "w", encoding="utf-8", errors="replace", newline="") as target:  # noqa: PTH123
        writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        for number, row in enumerate(_filled(sheet), 1):
            if row.count("") == len(row):
                continue
            writer.writerow([number, *(_written(cell, timed=column in timed) for column, cell in enumerate(row))])


def _first_column(sheet: calamine.CalamineSheet) -> int:
    return sheet.start[1] if sheet.start else 0


def _filled(sheet: calamine.CalamineSheet) -> Iterator[list[Cell]]:
    """The rows, from the first of the sheet on; what is merged downwards stands in each of its rows."""
    first_column = _first_column(sheet)
    merged: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or []:
        merged.setdefault(top, []).append((left - first_column, bottom))
    reaching: dict[int, tuple[int, Cell]] = {}
    for number, row in enumerate(sheet.iter_rows()):
        cells = list(row)
        for column, (bottom, cell) in reaching.items():
            if number <= bottom and cells[column] == "":
                cells[column] = cell
        for column, bottom in merged.get(number, ()):
            if 0 <= column < len(cells):
                reaching[column] = (bottom, cells[column])
        yield cells


def _written(cell: Cell, *, timed: bool) -> str | float:
    """A number as it is, any other cell as text; a day in a column of times is its midnight."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case str() | float() | int():
            return cell
        case datetime():
            return cell.isoformat()
        case date():
            return f"{cell.isoformat()}T00:00:00" if timed else cell.isoformat()
        case time():
            return cell.isoformat()
        case timedelta():
            seconds = round(cell.total_seconds())
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))
