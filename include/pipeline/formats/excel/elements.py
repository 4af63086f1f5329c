"""XML parts of a workbook, element by element, to the last: one that is cut or broken is told.

A part with a DOCTYPE is broken: no spreadsheet writes one, and its entities can stand for anything. So is one with a
comment or tag that is longer than any of a spreadsheet, which expat would read again with every block.

Control characters, which XML forbids and cells have nonetheless, are blanks; all is UTF-8, as calamine reads it.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

BLOCK = 1 << 20
CONTROLS = bytes(code if code > 31 or code in b"\t\n\r" else 32 for code in range(256))
REFERENCE = re.compile(rb"&#(?:0*(?:[0-9]|1[0-9]|2[0-9]|3[01])|x0*(?:[0-9a-fA-F]|1[0-9a-fA-F]));")
"""The same, written as references."""
LONGEST = 12
LONGEST_MARKUP = 4 * BLOCK
"""Bytes of a comment, a tag or the like."""

Element = tuple[str, Mapping[str, str]]


class Names(dict[str, str]):
    """The names of tags without prefix."""

    def __missing__(self, tag: str) -> str:
        self[tag] = tag.rpartition(":")[2]
        return self[tag]


@dataclass
class Reading:
    """A part that is read: its parser, and the names of its elements."""

    parser: Any = field(default_factory=lambda: expat.ParserCreate("utf-8"))
    names: Names = field(default_factory=Names)

    def blocks(self, archive: zipfile.ZipFile, part: str) -> Iterator[None]:
        """Read on, some at a time; raises ExpatError or ValueError where the part is broken, or ends too early."""
        self.parser.StartDoctypeDeclHandler = _refuse
        size = 0
        for block in _texts(archive, part):
            self.parser.Parse(block, False)
            size += len(block)
            if size - self.parser.CurrentByteIndex > LONGEST_MARKUP:
                raise ValueError
            yield
        self.parser.Parse(b"", True)
        yield


def _refuse(*_: object) -> None:
    raise ValueError


def elements(archive: zipfile.ZipFile, part: str, *names: str) -> Iterator[Element]:
    """The elements of some names in a part, without prefixes, each with its attributes."""
    reading, found = Reading(), list[Element]()

    def begins(tag: str, said: Mapping[str, str]) -> None:
        if (name := reading.names[tag]) in names:
            found.append((name, said))

    reading.parser.StartElementHandler = begins
    for _ in reading.blocks(archive, part):
        yield from found
        found.clear()


def _texts(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The text of a part; no reference is cut by the end of a block."""
    before = b""
    with archive.open(part) as content:
        while block := content.read(BLOCK):
            text = before + block.translate(CONTROLS)
            cut = text.rfind(b"&", -LONGEST)
            before = text[cut:] if cut >= 0 else b""
            yield _allowed(text.removesuffix(before))
    yield _allowed(before)


def _allowed(text: bytes) -> bytes:
    return REFERENCE.sub(b" ", text) if b"&#" in text else text
