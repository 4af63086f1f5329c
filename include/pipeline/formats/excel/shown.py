"""The cells of a sheet that calamine shows otherwise than the sheet does.

An error (`#N/A`) is empty there, and of a percentage (15 %) it gives the fraction that stands behind it (0.15). What
looks so is kept in another way by each kind of workbook.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from include.pipeline.formats.excel import ods, xls, xlsb, xlsx
from include.pipeline.formats.excel.looks import MOST, Cells
from include.pipeline.formats.excel.xlsx import parts_of
from include.pipeline.staging.limits import limits, too_large

Shown = dict[int, dict[int, str]]
BROKEN = (
    ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    IndexError,
    StopIteration,
    RuntimeError,
    EOFError,
    ValueError,
)
"""What reading a broken workbook may end with."""


class BrokenError(Exception):
    """Something of a workbook cannot be read, though calamine says nothing."""


def shown(file: Path, sheet: str, first_column: int, feed: str) -> Shown:
    """Errors and percentages of a sheet by row and by column, both from 1 on.

    Raises BrokenError when the workbook is broken, and rows of it may be missing, RegistryError REG-306 when these are
    more cells than the registry takes.
    """
    found: Shown = {}
    try:
        for number, (row, column, said) in enumerate(_cells(file, sheet)):
            if number >= limits().shown_cells:
                raise too_large(feed)
            if isinstance(said, str):
                found.setdefault(row, {})[column - first_column] = said
            else:
                _reach(found, column - first_column, row, said)
    except BROKEN:
        raise BrokenError from None
    return found


def _cells(file: Path, sheet: str) -> Cells:
    if not zipfile.is_zipfile(file):
        yield from xls.cells(file.read_bytes(), sheet)
        return
    with zipfile.ZipFile(file) as archive:
        kinds = {ods.CONTENT: ods, xlsb.BOOK: xlsb, xlsx.BOOK: xlsx}
        kind = next(kind for part, kind in kinds.items() if part in parts_of(archive))
        yield from kind.cells(archive, sheet)


def _reach(found: Shown, column: int, top: int, bottom: int) -> None:
    """What is merged downwards is shown in each of its rows; merged cells stand behind all others."""
    if text := found.get(top, {}).get(column):
        for row in range(top + 1, min(bottom, top + MOST) + 1):
            found.setdefault(row, {})[column] = text
