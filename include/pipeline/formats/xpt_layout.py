"""How a SAS transport file (version 5 or 8) is laid out: cards of 80 bytes, then records of fixed width.

pandas' reader is not used: it takes zero for 5.4e-79, and loses rows at the end of a file whose last card has blank
cells.
"""

import mmap
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

CARD = 80
VARIABLE = struct.Struct(">hhhh8s40s8shhh2s8shhl32s20s")
MEMBER = b"HEADER RECORD*******MEMB"
VARIABLES = re.compile(rb"HEADER RECORD\*{7}(NAMESTR|NAMSTV8) HEADER RECORD!{7}\d{5}(\d{5})")
ROWS = b"HEADER RECORD*******OBS"
LABELS = re.compile(rb"HEADER RECORD\*{7}(LABELV[89]) HEADER RECORD!{7} *(\d{1,5})")
LABEL = {b"LABELV8": struct.Struct(">hhh"), b"LABELV9": struct.Struct(">hhhhh")}
"""What stands before a label that is longer than 40 bytes: which variable, and how long the texts behind are."""
BLOCK = 1 << 20
BLANK, MISSING = b" ", b"."
KINDS = {
    "date": r"DATE|DAY|JULIAN|MONYY|DOWNAME|(WEEK|WORD)DAT[EX]|(DDMMYY|MMDDYY|YYMMDD|YYMM|MMYY|YYQ)[BCDNPS]?|..8601DA"
    r"|(EUR|FRA|DEU)DFDE|NLDATE.*",
    "datetime": r"DATETIME|DATEAMPM|MDYAMPM|DTDATE|DTMONYY|..8601D[TZ]|(EUR|FRA|DEU)DFDT|NLDATM.*",
    "time": r"TIME|TIMEAMPM|TOD|HHMM|HOUR|MMSS|..8601T[MZ]|NLTIM.*",
}


class LayoutError(Exception):
    """A file is not a whole transport file of one data set."""


@dataclass(frozen=True)
class Variable:
    """A column; without a label its name is it. `kind` is date, datetime or time by its format, else number or text."""

    name: bytes
    label: bytes
    kind: str
    place: int
    width: int

    @property
    def empty(self) -> bytes:
        """The bytes of a missing cell."""
        return BLANK * self.width if self.kind == "text" else MISSING.ljust(self.width, b"\0")


Variables = tuple[Variable, ...]


@dataclass(frozen=True)
class Layout:
    """Where the rows of a file are."""

    variables: Variables
    start: int
    width: int
    rows: int

    @cached_property
    def record(self) -> np.dtype[Any]:
        """A row, the cells of which go by their number."""
        return np.dtype(
            {
                "names": [str(number) for number in range(len(self.variables))],
                "formats": [f"S{one.width}" if one.kind == "text" else f"V{one.width}" for one in self.variables],
                "offsets": [one.place for one in self.variables],
                "itemsize": self.width,
            }
        )

    def blocks(self, content: BinaryIO) -> Iterator[np.ndarray[Any, Any]]:
        """The rows, some at a time; they can be written to."""
        content.seek(self.start)
        left, most = self.rows, max(1, BLOCK // self.width)
        while left:
            taken = min(left, most)
            yield np.frombuffer(bytearray(content.read(taken * self.width)), self.record)
            left -= taken


def read_layout(file: Path) -> Layout:
    """The layout of a file; raises LayoutError."""
    size = file.stat().st_size
    with file.open("rb") as content:
        variables = _placed(_variables(content))
        while not (card := content.read(CARD)).startswith(ROWS):
            found = LABELS.match(card)
            if found is None:
                raise LayoutError
            variables = _labelled(variables, content, int(found[2]), LABEL[found[1]])
        start = content.tell()
        width = sum(one.width for one in variables)
        if size % CARD or not width or _has_another(content, start):
            raise LayoutError
        rows, rest = divmod(size - start, width)
        content.seek(size - rest)
        if rest >= CARD or content.read().strip(BLANK):
            raise LayoutError
        while rows and size - (start + (rows - 1) * width) < CARD:
            content.seek(start + (rows - 1) * width)
            if content.read(width).strip(BLANK):
                break
            rows -= 1
    return Layout(variables, start, width, rows)


def _variables(content: BinaryIO) -> Variables:
    for _ in range(20):
        if found := VARIABLES.match(content.read(CARD)):
            break
    else:
        raise LayoutError
    count = int(found[2])
    described = content.read(-(-count * VARIABLE.size // CARD) * CARD)
    if len(described) < count * VARIABLE.size:
        raise LayoutError
    return tuple(
        _variable(described[place : place + VARIABLE.size], long=found[1] == b"NAMSTV8")
        for place in range(0, count * VARIABLE.size, VARIABLE.size)
    )


def _placed(variables: Variables) -> Variables:
    """The variables where the cells of a row lie: in the order of the descriptions.

    The places that are said are those of the file, or (by %LOC2XPT) of the data set in SAS. In either a cell begins
    where another ends: else a width is wrong.
    """
    ordered = sorted(variables, key=lambda one: one.place)
    if any(one.place != end for one, end in zip(ordered, _ends(ordered), strict=False)):
        raise LayoutError
    return tuple(replace(one, place=end) for one, end in zip(variables, _ends(variables), strict=False))


def _ends(variables: Sequence[Variable]) -> Iterator[int]:
    return accumulate((one.width for one in variables), initial=0)


def _labelled(variables: Variables, content: BinaryIO, count: int, head: struct.Struct) -> Variables:
    """The variables with their long labels: of each its number from 1 on, lengths of texts, name, label, formats."""
    labelled, begin = list(variables), content.tell()
    for _ in range(count):
        said = content.read(head.size)
        if len(said) < head.size:
            raise LayoutError
        number, *lengths = head.unpack(said)
        texts = [content.read(max(length, 0)) for length in lengths]
        if not 1 <= number <= len(labelled):
            raise LayoutError
        labelled[number - 1] = replace(labelled[number - 1], label=texts[1].strip(b" \0"))
    content.seek(begin + -(-(content.tell() - begin) // CARD) * CARD)
    return tuple(labelled)


def _variable(described: bytes, *, long: bool) -> Variable:
    kind, _, width, _, name, label, form, *_, place, long_name, _ = VARIABLE.unpack(described)
    if kind not in (1, 2) or place < 0 or width < 1 or (kind == 1 and not 2 <= width <= 8):
        raise LayoutError
    shown = form.strip(b" \0").decode("ascii", "replace").upper()
    number = next((kind for kind, forms in KINDS.items() if re.fullmatch(forms, shown)), "number")
    named = (long_name if long else name).strip(b" \0")
    return Variable(named, label.strip(b" \0") or named, number if kind == 1 else "text", place, width)


def _has_another(content: BinaryIO, start: int) -> bool:
    """Whether a further data set begins behind the start of this one's rows."""
    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        place = mapped.find(MEMBER, start)
        while place >= 0 and place % CARD:
            place = mapped.find(MEMBER, place + 1)
        return place >= 0
