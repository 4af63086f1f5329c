"""The asked columns as functions: of what stands around rows once for all of them, of OBX column by column."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from include.basics.errors import RegistryError
from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.named import NAMED, NEEDED, Getter, best_id
from include.pipeline.formats.hl7v2.paths import Path, parse
from include.pipeline.formats.hl7v2.said import Said
from include.pipeline.formats.hl7v2.values import (
    Memo,
    Memos,
    coding,
    iso,
    limits_of,
    measured,
    number,
    status,
    unit,
    value,
)
from include.pipeline.formats.quantities import NUMBER, UNITS

Fields = Sequence[Sequence[str]]
"""The fields of some OBX: of each field, by its number, what all of them say."""
Outer = Sequence[tuple[str, ...]]
Column = Callable[[Fields, Outer], Iterable[str]]
Plain = tuple[str, int, Callable[[str], str], bool]
"""A segment, a field of it, how it is read, and whether others are looked at where it says nothing."""
OWN: dict[str, tuple[int, Callable[[Marks, str], str]]] = {
    "code": (3, lambda marks, raw: coding(marks, raw).code),
    "loinc": (3, lambda marks, raw: coding(marks, raw).loinc),
    "local_code": (3, lambda marks, raw: coding(marks, raw).local),
    "name": (3, lambda marks, raw: coding(marks, raw).name),
    "unit": (6, unit),
    "low": (7, lambda marks, raw: limits_of(marks.text(raw))[0]),
    "high": (7, lambda marks, raw: limits_of(marks.text(raw))[1]),
}
"""Names of what an OBX says in one field."""
EACH = re.compile("[A-Z][A-Z0-9]{2}|OBX-4")
LAST = 14
"""The last field of an OBX that a name looks at."""


@dataclass(frozen=True)
class Wanted:
    """The columns of a file: names and paths."""

    each: str
    names: tuple[str, ...]
    paths: dict[str, Path]

    @property
    def segments(self) -> set[str]:
        """The segments that have to be looked at."""
        named = {segment for name in self.names if name in NEEDED for segment in NEEDED[name]}
        return {"MSH", "EVN", "PID", "OBR", "ORC", "TXA", *named, *(path.segment for path in self.paths.values())}

    @property
    def codes(self) -> set[str]:
        """The codes of the observations that are asked for."""
        return {path.code for path in self.paths.values() if path.code}

    @property
    def last(self) -> int:
        """The last field of an OBX that is looked at."""
        return max([LAST, *(path.field for path in self.paths.values() if path.segment == "OBX")])


def wanted(each: str, names: Iterable[str]) -> Wanted:
    """What is asked; raises RegistryError REG-401 when something is neither a name nor a path."""
    asked = tuple(names)
    if not EACH.fullmatch(each):
        raise RegistryError("REG-401", f"A profile says that each {each} is a row, which is no segment of HL7 v2.")
    known = {*NAMED, *OWN, *UNITS, NUMBER, "value"} if each == "OBX" else {*NAMED}
    return Wanted(each, asked, {name: parse(name) for name in asked if name not in known})


class Compiled:
    """The functions of the asked columns, for one set of separators.

    `values` says what of a row stands around it; `rows` makes the rows of OBX of which these values are known, and of
    all other segments the values are the row.
    """

    def __init__(self, asked: Wanted, marks: Marks) -> None:
        self.marks = marks
        self.getters: list[Getter] = []
        self.plain: list[Plain] = []
        self.columns = [self._own(asked, name) for name in asked.names] if asked.each == "OBX" else []
        if asked.each != "OBX":
            self.getters = [NAMED[name] if name in NAMED else asked.paths[name].getter() for name in asked.names]

    def outer(self, said: Said) -> tuple[str, ...]:
        """The same of what was said before an OBX: mostly one field says it."""
        found = []
        fields_of = said.fields
        for get, (segment, place, read, has_others) in zip(self.getters, self.plain, strict=True):
            fields = fields_of(segment)
            text = read(fields[place]) if place < len(fields) else ""
            found.append(get(said.around("OBX")) if has_others and not text else text)
        return tuple(found)

    def values(self, around: Around) -> tuple[str, ...]:
        """What stands around a row, in the order of the getters."""
        return tuple([get(around) for get in self.getters])

    def rows(self, fields: Fields, outer: Outer) -> Iterable[tuple[str, ...]]:
        """The rows of some OBX."""
        return zip(*[column(fields, outer) for column in self.columns], strict=True)

    def _own(self, asked: Wanted, name: str) -> Column:
        special = {"key": self._key, "time": self._time, "status": self._status}
        if name in special:
            return special[name]()
        if name in ("value", NUMBER):
            return self._value(number if name == NUMBER else value)
        if name in UNITS:
            return lambda fields, _: [measured(self.marks, one, name) for one in zip(*fields, strict=True)]
        if name in OWN:
            place, read = OWN[name]
            return _memoized(place, lambda raw: read(self.marks, raw))
        if name == "date":
            whole = self._time()
            return lambda fields, outer: [time[:10] for time in whole(fields, outer)]
        path = asked.paths.get(name)
        if path and path.segment == "OBX" and not path.code:
            return _memoized(path.field, lambda raw: path.read(self.marks, raw))
        if path:
            return self._around(
                path.getter(), (path.segment, path.field, lambda raw: path.read(self.marks, raw), False)
            )
        return self._around(NAMED[name], self._first_of.get(name))

    @cached_property
    def _first_of(self) -> dict[str, Plain]:
        """The field that mostly says what a name means."""
        return {
            "patient": ("PID", 3, lambda raw: best_id(self.marks, raw), True),
            "order": ("OBR", 3, self.marks.component_of, True),
            "time": ("OBR", 7, lambda raw: iso(self.marks.component_of(raw)), True),
            "status": ("OBR", 25, lambda raw: status("OBR-25", self.marks.component_of(raw)), False),
        }

    def _around(self, get: Getter, plain: Plain | None) -> Column:
        place = self._place(get, plain)
        return lambda _, outer: map(itemgetter(place), outer)

    def _place(self, get: Getter, plain: Plain | None) -> int:
        self.getters.append(get)
        self.plain.append(plain or ("", 0, lambda _: "", True))
        return len(self.getters) - 1

    def _key(self) -> Column:
        """The order, the code and, where there is one, the sub-id; OBX-1 starts again and is in no key."""
        place = self._place(NAMED["order"], self._first_of["order"])
        code = Memo(lambda raw: f"|{found}" if (found := coding(self.marks, raw).lasting) else "")
        sub = Memo(lambda raw: f"|{found}" if (found := self.marks.text(raw)) else "")
        return lambda fields, outer: [
            (order := values[place]) and (found := code[said]) and order + found + sub[sub_id]
            for said, sub_id, values in zip(fields[3], fields[4], outer, strict=True)
        ]

    def _value(self, read: Callable[[Marks, str, str], str]) -> Column:
        marks = self.marks
        kinds = Memos(lambda kind: Memo(lambda raw: read(marks, kind, raw)))
        return lambda fields, _: [kinds[kind][raw] for kind, raw in zip(fields[2], fields[5], strict=True)]

    def _time(self) -> Column:
        place = self._place(NAMED["time"], self._first_of["time"])
        own = Memo(lambda raw: iso(self.marks.component_of(raw)))
        return lambda fields, outer: [
            own[said] or values[place] for said, values in zip(fields[14], outer, strict=True)
        ]

    def _status(self) -> Column:
        place = self._place(lambda around: status("OBR-25", around.said("OBR", 25)), self._first_of["status"])
        own = Memo(lambda raw: status("OBX-11", self.marks.text(raw)))
        return lambda fields, outer: [
            own[said] or values[place] for said, values in zip(fields[11], outer, strict=True)
        ]


def _memoized(place: int, read: Callable[[str], str]) -> Column:
    memo = Memo(read)
    return lambda fields, _: map(memo.__getitem__, fields[place])
