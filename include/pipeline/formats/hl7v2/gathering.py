"""Segments that become rows together with what stands behind them: OBR with their OBX, PID with their visits."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from include.pipeline.formats.hl7v2.around import Around, cell
from include.pipeline.formats.hl7v2.grammar import rank, words
from include.pipeline.formats.hl7v2.named import ids, order
from include.pipeline.formats.hl7v2.said import Said

Segment = tuple[str, str]
"""Name and line."""


@dataclass(frozen=True)
class Anchor:
    """A segment that becomes a row: where it is, what stood before it, and the OBX of its group.

    `is_ordered` says that the ORC before it is its own, not an earlier OBR's.
    """

    number: int
    line: str
    place: int
    before: dict[str, str]
    group: list[list[str]]
    is_ordered: bool


def anchor_name(each: str, lines: Sequence[str]) -> str:
    """The name of the segments of a message that become rows: of a document without an order TXA."""
    if each not in ("OBR", "OBX-4"):
        return each
    return "OBR" if any(line[:3] == "OBR" for line in lines) else "TXA"


def gathered(
    said: Said, each: str, codes: Collection[str], first: int, lines: Sequence[str]
) -> Iterator[tuple[Anchor, Around]]:
    """The rows of a message, each with what stands around it; `codes` are those that the profile names."""
    name = anchor_name(each, lines)
    trail, anchors = _anchors(said, name, first, lines)
    behind = _behind(trail, {anchor.place for anchor in anchors})
    for anchor in anchors:
        before = {other: line for other, line in anchor.before.items() if rank(other) < rank(name) or other == name}
        segments = {**behind[anchor.place], **before}
        yield anchor, Around(said.marks, each, said.event, segments, anchor.group, anchor.is_ordered, codes)


def _anchors(said: Said, name: str, first: int, lines: Sequence[str]) -> tuple[list[Segment], list[Anchor]]:
    trail: list[Segment] = []
    anchors: list[Anchor] = []
    group: list[list[str]] = []
    ends, is_ordered = words()["ends"], False
    for number, line in enumerate(lines, first):
        if not said.note(number, line):
            continue
        kind = line[:3]
        if kind == "OBX":
            group.append(said.marks.fields(line))
        elif kind in ends:
            group = []
        if kind == name:
            anchors.append(Anchor(number, line, len(trail), {**said.now, kind: line}, group, is_ordered))
        is_ordered = kind == "ORC" or (is_ordered and kind != "OBR")
        if kind in said.segments or kind in ends or kind == name:
            trail.append((kind, line))
    return trail, anchors


def _behind(trail: list[Segment], places: set[int]) -> dict[int, dict[str, str]]:
    """For each place the first segments of a name behind it, up to one that ends them."""
    found: dict[int, dict[str, str]] = {}
    behind: dict[str, str] = {}
    for place in range(len(trail) - 1, -1, -1):
        name, line = trail[place]
        if place in places:
            found[place] = behind
        behind = {**_outlasting(name, behind), name: line}
    return found


def _outlasting(name: str, behind: dict[str, str]) -> dict[str, str]:
    if name not in words()["ends"]:
        return behind
    return {other: line for other, line in behind.items() if rank(other) <= rank(name)}


def expanded(around: Around) -> list[Around]:
    """The rows of a segment: of an OBR each sub-id of its OBX, of MRG each id that is merged.

    A document that replaces another one, where no order tells that they are one report, withdraws that.
    """
    match around.each:
        case "MRG":
            return [_with(around, "MRG", ["MRG", one, *_rest(around)]) for one in _merged_ids(around)]
        case "OBX-4":
            groups = _by_sub_id(around)
            return [replace(_with(around, "OBX", observed[0]), observed=observed) for observed in groups]
        case "OBR":
            return [around, *_replaced(around)]
        case _:
            return [around]


def _replaced(around: Around) -> list[Around]:
    number, parent = around.said("TXA", 12), around.said("TXA", 13)
    if around.event not in words()["replacing"] or parent in ("", number) or order(around) != number:
        return []
    fields = around.marks.fields(around.segments["TXA"])
    return [replace(_with(around, "TXA", [*fields[:12], parent]), event=words()["withdrawing"], observed=[])]


def _merged_ids(around: Around) -> list[str]:
    return ids(around.marks, around.raw("MRG", 1)) or [around.raw("MRG", 1)]


def _rest(around: Around) -> list[str]:
    return around.marks.fields(around.segments["MRG"])[2:]


def _by_sub_id(around: Around) -> list[list[list[str]]]:
    groups: dict[str, list[list[str]]] = {}
    for fields in around.observed:
        if sub := around.marks.text(cell(fields, 4)):
            groups.setdefault(sub, []).append(fields)
    return list(groups.values())


def _with(around: Around, name: str, fields: list[str]) -> Around:
    segments = {**around.segments, name: around.marks.field.join(fields)}
    return replace(around, segments=segments, split={})
