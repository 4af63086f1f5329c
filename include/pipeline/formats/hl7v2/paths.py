"""Paths such as PID-3[PI].1, OBX-3.1 and OBX[1920-8]-5, and what they say of a row."""

import re
from dataclasses import dataclass, replace

from include.basics.errors import RegistryError
from include.pipeline.formats.cells import joined
from include.pipeline.formats.hl7v2.around import cell, observed
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.named import Getter
from include.pipeline.formats.hl7v2.values import iso, measured, number, value
from include.pipeline.formats.quantities import NUMBER, UNITS

PATH = re.compile(
    r"([A-Z][A-Z0-9]{2})(?:\[([^\]]+)\])?(?:-([1-9]\d{0,2})(?:\[([^\]]+)\])?(?:\.([1-9]\d?)(?:\.([1-9]\d?))?)?)?"
)
MEASURED = re.compile(rf"(OBX\[[^\]]+\])\.({'|'.join((*UNITS, NUMBER))})")


@dataclass(frozen=True)
class Path:
    """A place in a message. `code` chooses an OBX, `kind` a repetition by its type or who gave it.

    Without a field it is the value of the OBX, where `unit` says so in a unit or as a number; without a component or
    sub-component it is the first.
    """

    segment: str
    code: str = ""
    field: int = 0
    kind: str = ""
    component: int = 1
    part: int = 1
    unit: str = ""

    def read(self, marks: Marks, raw: str) -> str:
        """What the path says of its field; a time as ISO 8601."""
        repetitions = [_of_kind(marks, raw, self.kind)] if self.kind else raw.split(marks.repetition)
        texts = [marks.one(one, self.component, self.part) for one in repetitions[: self._most]]
        return joined(iso(text) if self._is_time else text for text in texts)

    def getter(self) -> Getter:
        """The path as a function of what stands around a row."""
        if not self.code:
            return lambda around: self.read(around.marks, around.raw(self.segment, self.field))
        if self.field:
            return lambda around: observed(
                around, self.code, lambda one: self.read(around.marks, cell(one, self.field))
            )
        if self.unit and self.unit != NUMBER:
            return lambda around: observed(around, self.code, lambda one: self._measured(around.marks, one))
        read = number if self.unit else value
        return lambda around: observed(around, self.code, lambda one: read(around.marks, cell(one, 2), cell(one, 5)))

    def _measured(self, marks: Marks, fields: list[str]) -> str:
        return measured(self.unit, marks, cell(fields, 2), cell(fields, 5), cell(fields, 6))

    @property
    def _most(self) -> int | None:
        """How many repetitions count: all of an observation, of other fields the first."""
        return None if self.segment == "OBX" else 1

    @property
    def _is_time(self) -> bool:
        return self.component == self.part == 1 and f"{self.segment}-{self.field}" in words()["times"]


def parse(text: str) -> Path:
    """A path; raises RegistryError REG-401 when it is none."""
    if in_unit := MEASURED.fullmatch(text):
        return replace(parse(in_unit[1]), unit=in_unit[2])
    found = PATH.fullmatch(text)
    if found is None or (found[2] and found[1] != "OBX") or not (found[2] or found[3]):
        raise RegistryError("REG-401", f"A profile names {text}, which is no path of HL7 v2.")
    segment, code, field, kind, component, part = found.groups()
    return Path(segment, code or "", int(field or 0), kind or "", int(component or 1), int(part or 1))


def _of_kind(marks: Marks, raw: str, kind: str) -> str:
    """The first repetition whose fifth component is a type, or whose fourth names who gave it."""
    for repetition in raw.split(marks.repetition):
        parts = (marks.one(repetition, 4, part) for part in (1, 2))
        if kind == marks.one(repetition, 5) or kind in parts:
            return repetition
    return ""
