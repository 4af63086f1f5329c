"""Errors and percentages of a sheet of .xlsb: records of MS-XLSB, section 2."""

import struct
import zipfile
from collections.abc import Iterator, Mapping

from include.pipeline.formats.excel.looks import ERRORS, PERCENT, Cells, is_percent, percent
from include.pipeline.formats.excel.xls import rk
from include.pipeline.formats.excel.xlsx import part, parts_of

BOOK, RELATIONS, LOOKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin"
SHEET, FORMAT, STYLE, STYLES_BEGIN, STYLES_END = 156, 44, 47, 617, 618
ROW, CELL_RK, CELL_REAL, FORMULA_REAL, MERGED = 0, 2, 5, 9, 176
CELL_ERRORS = (3, 11)


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows."""
    parts = parts_of(archive)
    percentages, row = _percentages(archive, parts), 0
    for kind, said in _records(archive.read(_path(archive, parts, sheet))):
        if kind == ROW:
            row = struct.unpack_from("<I", said)[0] + 1
        elif kind in (CELL_RK, CELL_REAL, FORMULA_REAL) and int.from_bytes(said[4:7], "little") in percentages:
            number = rk(*struct.unpack_from("<I", said, 8)) if kind == CELL_RK else struct.unpack_from("<d", said, 8)[0]
            yield row, struct.unpack_from("<I", said)[0] + 1, percent(number)
        elif kind in CELL_ERRORS:
            yield row, struct.unpack_from("<I", said)[0] + 1, ERRORS.get(said[8], "#ERROR!")
        elif kind == MERGED:
            top, bottom, column = struct.unpack_from("<III", said)
            yield top + 1, column + 1, bottom + 1


def _percentages(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> set[int]:
    """The styles that show a percentage."""
    formats, styles, is_style = set(PERCENT), list[int](), False
    for kind, said in _records(archive.read(parts[LOOKS])) if LOOKS in parts else ():
        is_style = (is_style or kind == STYLES_BEGIN) and kind != STYLES_END
        if kind == FORMAT and is_percent(_text(said, 2)[0]):
            formats.add(*struct.unpack_from("<H", said))
        elif kind == STYLE and is_style:
            styles += struct.unpack_from("<H", said, 2)
    return {place for place, number in enumerate(styles) if number in formats}


def _path(archive: zipfile.ZipFile, parts: Mapping[str, str], sheet: str) -> str:
    """Where in the archive a sheet is; raises KeyError or StopIteration when it is nowhere."""
    for kind, said in _records(archive.read(parts[BOOK])):
        if kind == SHEET:
            relation, place = _text(said, 8)
            if _text(said, place)[0] == sheet:
                return part(archive, parts, RELATIONS, relation)
    raise KeyError(sheet)


def _text(said: bytes, place: int) -> tuple[str, int]:
    """A text and the place behind it."""
    end = place + 4 + 2 * int(struct.unpack_from("<I", said, place)[0])
    return said[place + 4 : end].decode("utf-16-le", "replace"), end


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind, place = _number(content, place, 2)
        size, place = _number(content, place, 4)
        yield kind, content[place : place + size]
        place += size


def _number(content: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, of which all but the last say that more follow; and the place behind it."""
    number = 0
    for shift in range(most):
        byte = content[place + shift]
        number |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            break
    return number, place + shift + 1
