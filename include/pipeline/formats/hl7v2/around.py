"""What stands around a row: the segments that it belongs to, and the OBX of its group."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from include.pipeline.formats.cells import joined
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.values import iso, status


@dataclass
class Around:
    """Lines of segments by name, the row's own among them, and the OBX of its group; `event` is like ADT^A40.

    `codes` are those of the observations that the profile names; `is_ordered` says that the ORC is the row's own.
    """

    marks: Marks
    each: str
    event: str
    segments: Mapping[str, str]
    observed: list[list[str]] = field(default_factory=list)
    is_ordered: bool = False
    codes: Collection[str] = ()
    split: dict[str, list[str]] = field(default_factory=dict)

    def raw(self, segment: str, place: int) -> str:
        """A field as it stands there; empty when there is none."""
        fields = self.split.get(segment)
        if fields is None:
            fields = self.split[segment] = self.marks.fields(self.segments.get(segment, ""))
        return fields[place] if place < len(fields) else ""

    def said(self, segment: str, place: int) -> str:
        """The first component of a field."""
        return self.marks.component_of(self.raw(segment, place))

    def first(self, *places: tuple[str, int]) -> str:
        """The first of some fields that says something."""
        for segment, place in places:
            if said := self.said(segment, place):
                return said
        return ""

    def when(self, *places: tuple[str, int]) -> str:
        """The first of some times that is there."""
        return iso(self.first(*places))

    @cached_property
    def by_code(self) -> dict[str, list[list[str]]]:
        """The OBX of the group that say something, by each of their codes; of a file none is told."""
        found: dict[str, list[list[str]]] = {}
        for one in self.observed:
            if says_something(self.marks, one):
                for code in codes_of(self.marks, cell(one, 3)):
                    found.setdefault(code, []).append(one)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether the group has nothing, or, where the ORC is its own, comments and files that no profile names."""
        return not self.observed or (self.is_ordered and all(self._is_remark(one) for one in self.observed))

    def _is_remark(self, one: list[str]) -> bool:
        kinds = (*words()["texts"], *words()["documents"])
        is_named = not codes_of(self.marks, cell(one, 3)).isdisjoint(self.codes)
        return self.marks.text(cell(one, 2)) in kinds and not is_named

    @property
    def withdrawn(self) -> set[str]:
        """The codes of the OBX of the group that are taken back."""
        back = [one for one in self.observed if observation_status(self.marks, one) == "cancelled"]
        return {code for one in back for code in codes_of(self.marks, cell(one, 3))}


def cell(fields: list[str], place: int) -> str:
    """A field of a segment that may be shorter."""
    return fields[place] if place < len(fields) else ""


def observation_status(marks: Marks, fields: list[str]) -> str:
    """The word for OBX-11."""
    return status("OBX-11", marks.text(cell(fields, 11)))


def observed(around: Around, code: str, get: Callable[[list[str]], str]) -> str:
    """What the OBX with a code say; different ones joined by +."""
    return joined(get(one) for one in around.by_code.get(code, ()))


def says_something(marks: Marks, fields: list[str]) -> bool:
    """Whether an OBX holds and is no file."""
    is_file = marks.text(cell(fields, 2)) in words()["documents"]
    return not is_file and observation_status(marks, fields) not in ("cancelled", "no_result")


@lru_cache(maxsize=20_000)
def codes_of(marks: Marks, raw: str) -> frozenset[str]:
    """The codes of OBX-3, of every coding."""
    found = marks.components(raw, 12)
    return frozenset(filter(None, (found[0], found[3], found[9])))
