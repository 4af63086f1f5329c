"""The separators of a message, which MSH-1 and MSH-2 say, and text between them."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

NONE = "\0"
NULL = '""'
LINES = ("br", "sp", "ce")


@dataclass(frozen=True, eq=False)
class Marks:
    """Separators of fields, components, repetitions and sub-components, and the escape character.

    One that a message does without is NUL, which no text has. `encoding` is that of hexadecimal escapes. The same
    separators are the same object (`marks_of`): what was read with them can be remembered.
    """

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    part: str = "&"
    truncation: str = "#"
    encoding: str = "utf-8"

    def fields(self, line: str) -> list[str]:
        """A segment's fields, each at its number; of MSH the first is the separator itself."""
        fields = line.split(self.field)
        return [fields[0], self.field, *fields[1:]] if fields[0] == "MSH" else fields

    def text(self, raw: str) -> str:
        """A text as it is meant: without escapes; an explicit null is empty."""
        if raw == NULL:
            return ""
        return (self._unescaped(raw) if self.escape in raw else raw).strip()

    def component_of(self, raw: str, component: int = 1, part: int = 1) -> str:
        """A component of the first repetition of a field, and of that a sub-component."""
        if raw.isalnum() and component == part == 1:
            return raw
        repetition = raw.split(self.repetition, 1)[0]
        if component == part == 1:
            return self.text(repetition.split(self.component, 1)[0].split(self.part, 1)[0])
        return self.one(repetition, component, part)

    def one(self, repetition: str, component: int = 1, part: int = 1) -> str:
        """A component of one repetition, and of that a sub-component."""
        components = repetition.split(self.component)
        if component > len(components):
            return ""
        parts = components[component - 1].split(self.part)
        return self.text(parts[part - 1]) if part <= len(parts) else ""

    def components(self, raw: str, least: int = 0) -> list[str]:
        """The components of the first repetition, filled up to `least` of them."""
        found = [self.text(one) for one in raw.split(self.repetition, 1)[0].split(self.component)]
        return found + [""] * (least - len(found))

    def _unescaped(self, raw: str) -> str:
        return _escapes(self.escape).sub(lambda found: self._meant(found[0]), raw)

    def _meant(self, escape: str) -> str:
        """What an escape stands for; one that says nothing here, or nothing that can be had, stays as it is."""
        inner = escape[1:-1]
        letters = {
            "F": self.field, "S": self.component, "T": self.part, "R": self.repetition, "E": self.escape,
            "P": self.truncation, "H": "", "N": "",
        }  # fmt: skip
        if inner in letters:
            return letters[inner]
        if inner.startswith("X"):
            return self._from_hexadecimal(inner[1:], escape)
        if inner.startswith("."):
            return "\n" if inner[1:3] in LINES else " " if inner[1:3] == "sk" else ""
        return escape

    def _from_hexadecimal(self, digits: str, escape: str) -> str:
        try:
            text = bytes.fromhex(digits).decode(self.encoding)
        except ValueError:
            return escape
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text if all(letter in "\n\t" or letter.isprintable() for letter in text) else escape


UNKNOWN = Marks()
"""The separators where none are said."""


def marks_of(msh: str, encoding: str) -> Marks:
    """The separators that an MSH segment says; UNKNOWN when it says none that could separate anything."""
    field = msh[3:4]
    return _marks(field, msh[4:10].split(field, 1)[0], encoding) if field else UNKNOWN


@lru_cache(maxsize=256)
def _marks(field: str, others: str, encoding: str) -> Marks:
    given = field + others
    usable = not any(mark.isalnum() or mark.isspace() or mark == '"' for mark in given)
    if not (2 <= len(others) <= 5 and usable and len(set(given)) == len(given)):
        return UNKNOWN
    component, repetition, escape, part, truncation = list(others.ljust(4, NONE).ljust(5, "#"))
    return Marks(field, component, repetition, escape, part, truncation, encoding)


@cache
def _escapes(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(f"{mark}[^{mark}]{{1,400}}{mark}")
