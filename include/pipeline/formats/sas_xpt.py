"""SAS transport files (XPT), version 5 and 8, of one data set."""

import shutil
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.cells import as_written
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.table import hidden, writing
from include.pipeline.formats.xpt_layout import Layout, LayoutError, Variable, read_layout
from include.pipeline.staging.limits import limits, too_large

FEEDS: Collection[str] = ()
EPOCH = datetime(1960, 1, 1)
LETTERS = frozenset(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""What stands first in a missing number: `.`, `._`, `.A` to `.Z`."""
OTHERS = {
    b"**COMPRESSED**": "is a CPORT file of SAS: let it be written by PROC COPY to a library of the engine XPORT",
    bytes(12)
    + b"\xc2\xea\x81\x60": "is a data set of SAS: let it be written by PROC COPY to a library of the engine XPORT",
}
"""How other files of SAS begin, which are sent under the same name."""
Cells = np.ndarray[Any, Any]


def usual_columns(feed: str) -> Mapping[str, Any]:
    """None: a table's columns have the names that the hospital gave them."""
    return {}


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file: dates as ISO 8601 writes them where the variable's format says that it holds dates."""
    encoding = asked.dialect.encoding or "utf-8"
    decimal = asked.dialect.decimal
    try:
        if file.stat().st_size > limits().largest_bytes:
            raise too_large(asked.feed)
        layout = read_layout(file)
        names = _names(layout, asked.dialect)
        before = 0
        with writing(names, asked, folder) as rows, file.open("rb") as content:
            for block in layout.blocks(content):
                columns = [
                    _texts(block[str(place)], one, encoding, decimal) for place, one in enumerate(layout.variables)
                ]
                for number, cells in enumerate(zip(*columns, strict=True), before + 1):
                    rows.add(number, cells)
                before += len(block)
    except LayoutError:
        raise RegistryError("REG-301", f"A file of {asked.feed} {_what_else(file)}.") from None
    except UnicodeError:
        raise RegistryError("REG-301", f"A file of {asked.feed} is not {encoding} text, as its profile says.") from None
    except LookupError:
        raise RegistryError("REG-401", "A dialect has an encoding that nobody knows.") from None
    return rows.rows()


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file with missing cells in some columns; all other bytes stay."""
    try:
        layout = read_layout(file)
        is_hidden = hidden(_names(layout, dialect), personal, beside)
    except (LayoutError, UnicodeError):
        return False
    emptied = {str(place): one.empty for place, one in enumerate(layout.variables) if is_hidden[place]}
    if not emptied:
        return False
    shutil.copyfile(file, target)
    with file.open("rb") as content, target.open("r+b") as copy:
        copy.seek(layout.start)
        for block in layout.blocks(content):
            for place, empty in emptied.items():
                block[place] = np.array(empty, block.dtype[place])
            copy.write(block.tobytes())
    return True


def _names(layout: Layout, dialect: Dialect) -> list[str]:
    said = [one.label if dialect.names == "label" else one.name for one in layout.variables]
    return [one.decode(dialect.encoding or "utf-8") for one in said]


def _what_else(file: Path) -> str:
    with file.open("rb") as content:
        begin = content.read(max(map(len, OTHERS)))
    known = (what for head, what in OTHERS.items() if begin.startswith(head))
    return next(known, "is not a whole XPT file of one data set")


def _texts(cells: Cells, variable: Variable, encoding: str, decimal: str) -> list[str]:
    if variable.kind == "text":
        return [cell.rstrip(b" \0").decode(encoding) for cell in cells.tolist()]
    text = WRITTEN[variable.kind]
    numbers, missing = _numbers(cells, variable.width)
    pairs = zip(numbers.tolist(), missing.tolist(), strict=True)
    return ["" if is_missing else as_written(text(number), decimal) for number, is_missing in pairs]


def _numbers(cells: Cells, width: int) -> tuple[Cells, Cells]:
    """Numbers as IBM's mainframes wrote them, of 2 to 8 bytes, and which of them are missing."""
    padded = np.zeros((len(cells), 8), np.uint8)
    padded[:, :width] = np.frombuffer(cells.tobytes(), np.uint8).reshape(len(cells), width)
    whole = padded.view(">u8").ravel().astype(np.uint64)
    fraction = whole & np.uint64((1 << 56) - 1)
    first = padded[:, 0]
    power = 4 * ((first & 0x7F).astype(np.int64) - 64) - 56
    numbers = np.where(first & 0x80, -1.0, 1.0) * np.ldexp(fraction.astype(np.float64), power)
    return numbers, (fraction == 0) & np.isin(first, list(LETTERS))


def _number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _day(number: float) -> str:
    return _since(timedelta(days=1), number, lambda found: found.date().isoformat())


def _second(number: float) -> str:
    return _since(timedelta(seconds=1), number, lambda found: found.isoformat())


def _clock(number: float) -> str:
    seconds = round(number)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _since(unit: timedelta, number: float, written: Callable[[datetime], str]) -> str:
    """A time after 1960; the number itself where there is no such time."""
    try:
        return written(EPOCH + unit * number)
    except OverflowError:
        return _number(number)


WRITTEN: dict[str, Callable[[float], str]] = {"number": _number, "date": _day, "datetime": _second, "time": _clock}
