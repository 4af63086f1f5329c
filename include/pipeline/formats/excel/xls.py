"""Errors and percentages of a sheet of .xls: records of MS-XLS (BIFF8) in a compound file (MS-CFB)."""

import struct
from collections.abc import Iterator, Sequence

from include.pipeline.formats.excel.looks import ERRORS, PERCENT, Cells, is_percent, percent

BEGIN, END, SHEET, FORMAT, STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
NUMBER, RK, MANY_RK, FORMULA, ERROR, MERGED = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205, 0x00E5
BIFF8 = 0x0600
FREE = 0xFFFFFFFA
"""From here on numbers of sectors say that there is none."""


def cells(content: bytes, sheet: str) -> Cells:
    """What a sheet shows; of workbooks older than Excel 97 nothing is known."""
    stream = _stream(content)
    if struct.unpack_from("<H", stream, 4)[0] != BIFF8:
        return
    percentages, begin = _globals(stream, sheet)
    for kind, said in _records(stream, begin):
        if kind in (NUMBER, FORMULA, RK, MANY_RK):
            row, column = struct.unpack_from("<HH", said)
            for place, (style, number) in enumerate(_numbers(kind, said)):
                if isinstance(number, str) or style in percentages:
                    yield row + 1, column + place + 1, number if isinstance(number, str) else percent(number)
        elif kind == ERROR and said[7]:
            row, column = struct.unpack_from("<HH", said)
            yield row + 1, column + 1, ERRORS.get(said[6], "#ERROR!")
        elif kind == MERGED:
            for top, bottom, column, _ in struct.iter_unpack("<HHHH", said[2:]):
                yield top + 1, column + 1, bottom + 1


def rk(number: int) -> float:
    """A number in 30 bits: of a whole number all, of another the first; a hundred times as much, where it says so."""
    whole = (number >> 2) - (1 << 30 if number & 0x80000000 else 0)
    read: float = whole if number & 2 else struct.unpack("<d", struct.pack("<Q", (number & ~3) << 32))[0]
    return read / 100 if number & 1 else read


def _numbers(kind: int, said: bytes) -> Iterator[tuple[int, float | str]]:
    """Styles and numbers of a cell, or of several beside one another; of a formula the error, where it is one."""
    if kind in (RK, MANY_RK):
        yield from (
            (style, rk(number)) for style, number in struct.iter_unpack("<HI", said[4 : 4 + (len(said) - 4) // 6 * 6])
        )
        return
    style, number = struct.unpack_from("<Hd", said, 4)
    is_number = kind == NUMBER or said[12:14] != b"\xff\xff"
    if is_number:
        yield style, number
    elif said[6] == 2:
        yield style, ERRORS.get(said[8], "#ERROR!")


def _globals(stream: bytes, sheet: str) -> tuple[set[int], int]:
    """The styles that show a percentage, and where a sheet begins."""
    formats, styles, begins = set(PERCENT), list[int](), dict[str, int]()
    for kind, said in _records(stream, 0):
        if kind == FORMAT:
            if is_percent(_text(said[4:], *struct.unpack_from("<H", said, 2))):
                formats.add(*struct.unpack_from("<H", said))
        elif kind == STYLE:
            styles += struct.unpack_from("<H", said, 2)
        elif kind == SHEET:
            begins[_text(said[7:], said[6])] = struct.unpack_from("<I", said)[0]
    return {place for place, number in enumerate(styles) if number in formats}, begins[sheet]


def _text(said: bytes, length: int) -> str:
    """A text behind a byte that says how wide its characters are."""
    return said[1 : 1 + 2 * length].decode("utf-16-le") if said[0] & 1 else said[1 : 1 + length].decode("latin-1")


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part, without those of parts inside it."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        depth += (kind == BEGIN) - (kind == END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _stream(content: bytes) -> bytes:
    """The stream of the workbook."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    sectors = [content[place : place + size] for place in range(size, len(content), size)]
    listed = [*struct.unpack_from("<109I", content, 76)]
    more: int = struct.unpack_from("<I", content, 68)[0]
    for _ in sectors:
        if more >= FREE:
            break
        *numbers, more = _words(sectors[more])
        listed += numbers
    following = [number for sector in listed if sector < FREE for number in _words(sectors[sector])]
    folder = _chain(sectors, following, struct.unpack_from("<I", content, 48)[0])
    entries = [folder[place : place + 128] for place in range(0, len(folder), 128)]
    entry = next(one for one in entries if _name(one) in ("Workbook", "Book"))
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= struct.unpack_from("<I", content, 56)[0]:
        return _chain(sectors, following, start)[:length]
    small = _chain(sectors, following, struct.unpack_from("<I", entries[0], 116)[0])
    small_size = 1 << struct.unpack_from("<H", content, 32)[0]
    small_sectors = [small[place : place + small_size] for place in range(0, len(small), small_size)]
    small_following = _words(_chain(sectors, following, struct.unpack_from("<I", content, 60)[0]))
    return _chain(small_sectors, small_following, start)[:length]


def _name(entry: bytes) -> str:
    return entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")


def _words(sector: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<I", sector[: len(sector) // 4 * 4])]


def _chain(sectors: Sequence[bytes], following: Sequence[int], start: int) -> bytes:
    """The sectors from one on; a chain that comes back to where it was ends."""
    found, sector = [], start
    for _ in sectors:
        if sector >= FREE:
            break
        found.append(sectors[sector])
        sector = following[sector]
    return b"".join(found)
