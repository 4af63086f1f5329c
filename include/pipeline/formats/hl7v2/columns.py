"""The asked columns as functions: of what stands around rows once for all of them, of OBX part by part."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from include.basics.errors import RegistryError
from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import as_csv, as_rows
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.memo import Memo
from include.pipeline.formats.hl7v2.named import NAMED, NEEDED, Getter, best_id
from include.pipeline.formats.hl7v2.paths import Path, parse
from include.pipeline.formats.hl7v2.values import coding, iso, limits_of, measured, number, status, unit, value
from include.pipeline.formats.quantities import NUMBER, UNITS

Plain = tuple[str, int, Callable[[str], str], bool]
"""A segment, a field of it, how it is read, and whether others are looked at where it says nothing."""
Own = tuple[tuple[int, ...], Callable[..., str]]
"""Fields of an OBX, and what they say: a function of the separators and of these fields."""
Places = tuple[int, ...]
STATE: Places = (2, 11)
"""What says whether an OBX is a row, beside its value."""
OWN: dict[str, list[Own]] = {
    "code": [((3,), lambda marks, raw: coding(marks, raw).code)],
    "loinc": [((3,), lambda marks, raw: coding(marks, raw).loinc)],
    "local_code": [((3,), lambda marks, raw: coding(marks, raw).local)],
    "name": [((3,), lambda marks, raw: coding(marks, raw).name)],
    "value": [((2, 5), value)],
    NUMBER: [((2, 5), number)],
    "unit": [((6,), unit)],
    "low": [((7,), lambda marks, raw: limits_of(marks.text(raw))[0])],
    "high": [((7,), lambda marks, raw: limits_of(marks.text(raw))[1])],
    **{one: [((2, 5, 6), partial(measured, one))] for one in UNITS},
}
"""Names of what an OBX says."""
OF_BOTH: dict[str, list[Own]] = {
    "key": [
        ((3,), lambda marks, raw: f"|{found}" if (found := coding(marks, raw).lasting) else ""),
        ((4,), lambda marks, raw: f"|{found}" if (found := marks.text(raw)) else ""),
    ],
    "time": [((14,), lambda marks, raw: iso(marks.component_of(raw)))],
    "date": [((14,), lambda marks, raw: iso(marks.component_of(raw))[:10])],
    "status": [((11,), lambda marks, raw: status("OBX-11", marks.text(raw)))],
}
"""Names of what an OBX says in place of what stands around it, and of the key, which has the order and this."""
AROUND: dict[str, Getter] = NAMED | {
    "key": NAMED["order"],
    "status": lambda around: status("OBR-25", around.said("OBR", 25)),
}
"""What stands around an OBX."""
EACH = re.compile("[A-Z][A-Z0-9]{2}|OBX-4")


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

    @cached_property
    def codes(self) -> set[str]:
        """The codes of the observations that are asked for."""
        return {path.code for path in self.paths.values() if path.code}

    @cached_property
    def around(self) -> list[str]:
        """What of a row stands around it; all of it, but of an OBX."""
        return [name for name in self.names if self.each != "OBX" or name in OF_BOTH or not self._own(name)]

    @cached_property
    def pieces(self) -> dict[Places, list[tuple[str, Own]]]:
        """What an OBX says, by the fields that say it."""
        found: dict[Places, list[tuple[str, Own]]] = {STATE: []}
        for name in self.names if self.each == "OBX" else ():
            for own in self._own(name):
                found.setdefault(STATE if {*own[0]} <= {*STATE} else own[0], []).append((name, own))
        return dict(sorted(found.items()))

    def _own(self, name: str) -> list[Own]:
        path = self.paths.get(name)
        if path and path.segment == "OBX" and not path.code:
            return [((path.field,), path.read)]
        return [] if path else OWN.get(name) or OF_BOTH.get(name, [])

    def select(self, names: Sequence[str]) -> str:
        """A select list of columns, of those that are `written`."""
        return ", ".join(map(self._selected, names))

    @property
    def written(self) -> list[str]:
        """What the columns are made of, in the order of the CSV file; what has no column has an empty one."""
        pieces = [[name for name, _ in piece] for piece in self.pieces.values()] if self.each == "OBX" else [[]]
        return [name for piece in (self.around, *pieces) for name in piece or [""]]

    def _selected(self, name: str) -> str:
        cells = [f"c{place}" for place, written in enumerate(self.written) if written == name]
        if name == "key" and self.each == "OBX":
            order, code, sub = cells
            cell = f"{order} || {code} || COALESCE({sub}, '')"
        else:
            cell = f"COALESCE({', '.join([*cells[1:], cells[0]])})"
        quoted = name.replace('"', '""')
        return f'{cell} AS "{quoted}"'


def wanted(each: str, names: Iterable[str]) -> Wanted:
    """What is asked; raises RegistryError REG-401 when something is neither a name nor a path."""
    asked = tuple(names)
    if not EACH.fullmatch(each):
        raise RegistryError("REG-401", f"A profile says that each {each} is a row, which is no segment of HL7 v2.")
    known = {*NAMED, *OWN} if each == "OBX" else {*NAMED}
    return Wanted(each, asked, {name: parse(name) for name in asked if name not in known})


class Compiled:
    """The functions of the asked columns, for one set of separators. They give cells of a CSV file."""

    def __init__(self, asked: Wanted, marks: Marks) -> None:
        self.marks = marks
        named = AROUND if asked.each == "OBX" else NAMED
        self.getters = [named.get(name) or asked.paths[name].getter() for name in asked.around]
        self.plain = [self._plain(name, asked.paths.get(name)) for name in asked.around]
        self.pieces = {places: [own for _, own in owns] for places, owns in asked.pieces.items()}

    def outers(self, all_segments: Sequence[Mapping[str, str]]) -> list[str]:
        """The same as `values` of what was said before each of several OBX: mostly one field says it."""
        names = {segment for segment, *_ in self.plain}
        fields = {name: [self.marks.fields(segments.get(name, "")) for segments in all_segments] for name in names}
        columns = []
        for get, (segment, place, read, has_others) in zip(self.getters, self.plain, strict=True):
            found = [read(one[place]) if place < len(one) else "" for one in fields[segment]]
            if has_others and "" in found:
                found = [
                    text or get(Around(self.marks, "OBX", "", segments))
                    for text, segments in zip(found, all_segments, strict=True)
                ]
            columns.append(found)
        return as_rows(columns) if columns else [""] * len(all_segments)

    def values(self, around: Around) -> str:
        """What stands around a row."""
        return as_csv([get(around) for get in self.getters])

    def said(self, places: Places, *texts: str) -> str:
        """What some fields of an OBX say."""
        fields = dict(zip(places, texts, strict=True))
        return as_csv([read(self.marks, *[fields[one] for one in those]) for those, read in self.pieces[places]])

    def _status(self, raw: str) -> str:
        return status("OBR-25", self.marks.component_of(raw))

    def _plain(self, name: str, path: Path | None) -> Plain:
        if path and not path.code:
            return path.segment, path.field, partial(path.read, self.marks), False
        return self._first_of.get(name, ("", 0, lambda _: "", True))

    @cached_property
    def _first_of(self) -> dict[str, Plain]:
        """The field that mostly says what a name means."""
        order: Plain = ("OBR", 3, self.marks.component_of, True)
        return {
            "patient": ("PID", 3, Memo[str, str](partial(best_id, self.marks)).__getitem__, True),
            "order": order,
            "key": order,
            "time": ("OBR", 7, lambda raw: iso(self.marks.component_of(raw)), True),
            "status": ("OBR", 25, Memo[str, str](self._status).__getitem__, False),
        }
