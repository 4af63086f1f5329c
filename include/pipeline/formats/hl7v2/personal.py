"""Copies a file of messages without what names a person: what goes is in grammar.yml under `personal`."""

import gzip
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from include.basics.errors import RegistryError
from include.pipeline.formats.hl7v2.around import codes_of
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.marks import UNKNOWN, marks_of
from include.pipeline.formats.hl7v2.masking import Told
from include.pipeline.formats.hl7v2.paths import PATH


def copy_without(file: Path, target: Path, personal: Collection[str], encoding: str | None = None) -> bool:
    """Copy a file; False, and nothing is written, when nothing is to be taken away or the file cannot be read.

    Raises RegistryError REG-401 when the profile's `personal` names something that is no segment, field or observation.
    """
    remover = _Remover(personal)
    try:
        lines = Lines(file, "landed", encoding)
        with _opened(target) as copy:
            for text in remover.copied(lines):
                copy.write(text.encode("utf-16-le" if lines.encoding == "utf-16" else lines.encoding))
    except RegistryError:
        remover.has_removed = False
    if not remover.has_removed:
        target.unlink(missing_ok=True)
    return remover.has_removed


def _opened(target: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(target, "wb")) if target.name.endswith(".gz") else target.open("wb")


class _Remover:
    """Takes away what names a person, a segment at a time."""

    def __init__(self, personal: Collection[str]) -> None:
        known = words()["personal"]
        further = [_place(name) for name in personal]
        self.segments = {*known["segments"], *(segment for segment, _, field in further if field is None)}
        self.codes = {code for _, code, _ in further if code}
        self.fields = {segment: set(fields) for segment, fields in known["dropped"].items()}
        for segment, code, field in further:
            if field and not code:
                self.fields.setdefault(segment, set()).add(field)
        self.marks = UNKNOWN
        self.told = Told()
        self.has_removed = False

    def copied(self, lines: Lines) -> Iterator[str]:
        """The text of the copy, in blocks; segments end with CR."""
        separator = ""
        for block in lines:
            yield separator + "\r".join([self._copied(line, lines.encoding) for line in block])
            separator = "\r"

    def _copied(self, line: str, encoding: str) -> str:
        name = line[:3]
        if name == "MSH":
            self.marks = marks_of(line, encoding)
            self.told = Told()
            return line
        if line[3:4] != self.marks.field or name in words()["wrappers"]:
            return line
        if name in words()["personal"]["told"]:
            self.told.learn(name, line.split(self.marks.field), self.marks)
        left = name + self.marks.field if name in self.segments else self._without(name, line)
        left = self.told.masked(left) if name[0] == "Z" else left
        self.has_removed |= left != line
        return left

    def _without(self, name: str, line: str) -> str:
        known = words()["personal"]
        if name not in known["kept"] and name not in known["staff"] and name not in self.fields:
            return line
        fields = line.split(self.marks.field)
        kept, staff, dropped = known["kept"].get(name), known["staff"].get(name, ()), set(self.fields.get(name, ()))
        for place in range(1, len(fields)):
            if place in dropped or (kept and place not in kept):
                fields[place] = ""
            elif place in staff:
                fields[place] = self._id_of(fields[place])
        self._identifiers(name, fields)
        for place in known["texts"].get(name, ()):
            if place < len(fields):
                fields[place] = self.told.masked(fields[place])
        if name == "OBX":
            self._observation(fields)
        return self.marks.field.join(fields)

    def _identifiers(self, name: str, fields: list[str]) -> None:
        """Drop nationwide ids of a person from lists of ids."""
        never = words()["ids"]["never"]
        for place in {"PID": (3,), "MRG": (1,)}.get(name, ()):
            if place < len(fields):
                mark = self.marks.repetition
                held = [one for one in fields[place].split(mark) if self.marks.one(one, 5).upper() not in never]
                fields[place] = mark.join(held)

    def _observation(self, fields: list[str]) -> None:
        """Drop the content of files and of values that are names, and what the profile says is personal."""
        if len(fields) <= 5:
            return
        is_personal = self.codes and self.codes & codes_of(self.marks, fields[3])
        kind = self.marks.text(fields[2])
        if is_personal or kind in words()["personal"]["types"]:
            fields[5] = ""
        elif kind in words()["texts"] or (kind == "ST" and " " in fields[5].strip()):
            fields[5] = self.told.masked(fields[5])

    def _id_of(self, raw: str) -> str:
        """The id of somebody: the first component where it has a digit."""
        said = [
            one.split(self.marks.component)[0].split(self.marks.part)[0] for one in raw.split(self.marks.repetition)
        ]
        return self.marks.repetition.join(one if any(map(str.isdigit, one)) else "" for one in said)


def _place(name: str) -> tuple[str, str, int | None]:
    """Segment, code and field; no field is the whole segment."""
    found = PATH.fullmatch(name)
    if found is None:
        raise RegistryError("REG-401", f"A profile says that {name} is personal, which is no path of HL7 v2.")
    code = found[2] or ""
    return found[1], code, int(found[3]) if found[3] else (5 if code else None)
