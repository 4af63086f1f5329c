"""Reads a bundle of any size piece by piece: no more than one entry and a block of text is in memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from include.basics.errors import RegistryError

BLOCK = 1 << 20
BLANK = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder(parse_float=str, parse_int=str)


class NoBundleError(Exception):
    """The text is no JSON object, or goes on behind it; says which."""


NO_JSON = "is no JSON object in UTF-8"
CUT_SHORT = "ends before its JSON does, or has JSON that is broken"
TOO_LARGE = "has an entry that is larger than is taken"
GOES_ON = "goes on behind its JSON object"
TWICE = "has a name twice at its top, or one that is no text"


@dataclass
class Scanner:
    """A place in a text of JSON; `longest` characters of one value are taken."""

    content: TextIO
    longest: int
    allowed: int
    text: str = ""
    place: int = 0

    def more(self) -> bool:
        """Read on; False at the end. As much again as one waits for, so that a long value is not begun too often."""
        waiting = len(self.text) - self.place
        if waiting > self.longest:
            raise NoBundleError(TOO_LARGE)
        block = self.content.read(max(BLOCK, waiting))
        self.allowed -= len(block)
        if self.allowed < 0:
            raise RegistryError("REG-306", "A FHIR bundle is larger than the registry takes once decompressed.")
        self.text = self.text[self.place :] + block
        self.place = 0
        return bool(block)

    def next_mark(self) -> str:
        """The next character that is not blank, without taking it; empty at the end."""
        while True:
            match = BLANK.match(self.text, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def take(self, *marks: str) -> str:
        """Take the next character, which must be one of these."""
        found = self.next_mark()
        if found not in marks:
            raise NoBundleError(NO_JSON if marks == ("{",) else CUT_SHORT)
        self.place += 1
        return found

    def value(self) -> str:
        """The text of the next value."""
        self.next_mark()
        while True:
            try:
                _, end = DECODER.raw_decode(self.text, self.place)
            except ValueError:
                end = -1
            if 0 <= end < len(self.text):
                found, self.place = self.text[self.place : end], end
                return found
            if not self.more():
                raise NoBundleError(CUT_SHORT)


def members(scanner: Scanner) -> Iterator[tuple[str, str]]:
    """The members of a bundle, name and text: of `entry` each on its own, of others the value.

    Raises NoBundleError when the text is not one JSON object with each name once.
    """
    seen: set[str] = set()
    kind = '"Bundle"'
    scanner.take("{")
    while scanner.next_mark() != "}" or seen:
        name = json.loads(scanner.value())
        scanner.take(":")
        if not isinstance(name, str) or name in seen:
            raise NoBundleError(TWICE)
        seen.add(name)
        if name == "entry" and kind == '"Bundle"' and scanner.next_mark() == "[":
            for entry in _items(scanner):
                yield name, entry
        else:
            text = scanner.value()
            kind = text if name == "resourceType" else kind
            yield name, text
        if scanner.take(",", "}") == "}":
            break
    else:
        scanner.take("}")
    if scanner.next_mark():
        raise NoBundleError(GOES_ON)


def _items(scanner: Scanner) -> Iterator[str]:
    scanner.take("[")
    if scanner.next_mark() == "]":
        scanner.take("]")
        return
    while True:
        yield scanner.value()
        if scanner.take(",", "]") == "]":
            return
