"""A Dataset-JSON file part by part, never as a whole: what is read of one is dropped before the next."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from include.pipeline.staging.limits import limits
from include.pipeline.staging.salvage import LINE_END, Lines

BLOCK = 1 << 20
BLANKS = re.compile(r"[ \t\r\n]*")
NO_ROW = "null"


class PartError(Exception):
    """The text is not JSON, or a part of it is longer than a record may be."""


def _refuse(constant: str) -> None:
    raise ValueError(constant)


DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse)
"""Numbers keep their text: 62.10 is no 62.1, and a thousand digits are no sum."""


@dataclass(frozen=True)
class Part:
    """A piece of the text: a `row` with its `number`, a value of the file's object by its `key`, or punctuation.

    `value` is None for a row that cannot be read.
    """

    text: str
    key: str = ""
    value: Any = None
    number: int = 0


def parts_of_lines(text: TextIO) -> Iterator[Part]:
    """The parts of NDJSON: what the first line says, then a row a line, numbered as the lines are."""
    lines = Lines(text)
    said = _value(next(lines, ""))
    if not isinstance(said, dict):
        raise PartError
    yield from (Part("", key, value) for key, value in said.items())
    for line in lines:
        body = line.strip()
        if body:
            yield Part(body, "row", _value(body) if len(body) <= limits().longest_line else None, lines.number)


def _value(line: str) -> Any:
    try:
        return DECODER.decode(line)
    except (ValueError, RecursionError):
        return None


def lines_without(text: TextIO, hidden: Collection[int], width: int) -> Iterator[str]:
    """The text of NDJSON with nothing in some cells."""
    lines = Lines(text)
    yield next(lines, "")
    for line in lines:
        body = line.rstrip(LINE_END)
        yield (without_cells(body, hidden, width) if body.strip() else body) + line[len(body) :]


class Parts:
    """The parts of one JSON object."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.waiting = ""
        self.place = 0

    def __iter__(self) -> Iterator[Part]:
        yield self._mark("{")
        following = self._peek()
        while following != "}":
            key = self._next()
            yield key
            yield self._mark(":")
            if key.value == "rows":
                yield from self._rows()
            else:
                found = self._next()
                yield Part(found.text, str(key.value), found.value)
            following = self._peek()
            if following != "}":
                yield self._mark(",")
        yield self._mark("}")
        if self._peek():
            raise PartError
        yield Part(self._take(len(self.waiting)))

    def _rows(self) -> Iterator[Part]:
        yield self._mark("[")
        number = 0
        while self._peek() != "]":
            number += 1
            found = self._next()
            yield Part(found.text, "row", found.value, number)
            if self._peek() != "]":
                yield self._mark(",")
        yield self._mark("]")

    def _more(self) -> bool:
        """Read on; whether there was anything."""
        more = self.text.read(BLOCK)
        if more and len(self.waiting) - self.place > limits().longest_line:
            raise PartError
        self.waiting, self.place = self.waiting[self.place :] + more, 0
        return bool(more)

    def _behind_blanks(self) -> int:
        """The place of the next character that is no blank; blanks belong to what follows them."""
        place = _behind(self.waiting, self.place)
        while place == len(self.waiting) and self._more():
            place = _behind(self.waiting, self.place)
        return place

    def _peek(self) -> str:
        place = self._behind_blanks()
        return self.waiting[place : place + 1]

    def _take(self, end: int) -> str:
        text = self.waiting[self.place : end]
        self.place = end
        return text

    def _mark(self, mark: str) -> Part:
        if self._peek() != mark:
            raise PartError
        return Part(self._take(self._behind_blanks() + 1))

    def _next(self) -> Part:
        """A value; one that reaches the end of what was read may go on."""
        while True:
            begins = self._behind_blanks()
            try:
                value, end = DECODER.raw_decode(self.waiting, begins)
            except ValueError:
                value, end = None, len(self.waiting)
            if end < len(self.waiting):
                return Part(self._take(end), "", value)
            if not self._more():
                raise PartError


def without_cells(row: str, hidden: Collection[int], width: int) -> str:
    """A row's text with null at some places; one that is no row of this width says nothing any more."""
    spans = _spans(row)
    if len(spans) != width:
        return NO_ROW
    for place in sorted(hidden, reverse=True):
        begins, ends = spans[place]
        row = f"{row[:begins]}null{row[ends:]}"
    return row


def _spans(row: str) -> Sequence[tuple[int, int]]:
    """Where the values of an array are; nothing when it is none."""
    spans: list[tuple[int, int]] = []
    try:
        place = _behind(row, 0)
        if row[place] != "[":
            return ()
        while row[place] != "]":
            begins = _behind(row, place + 1)
            _, ends = DECODER.raw_decode(row, begins)
            spans.append((begins, ends))
            place = _behind(row, ends)
            if row[place] not in ",]":
                return ()
    except (ValueError, IndexError, RecursionError):
        return ()
    return () if row[place + 1 :].strip() else spans


def _behind(row: str, place: int) -> int:
    """The place of what stands behind blanks."""
    found = BLANKS.match(row, place)
    return found.end() if found else place
