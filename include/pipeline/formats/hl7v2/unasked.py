"""What a file says and no feed asks for: messages, segments, observations. One of the feeds of its file tells each."""

import re
from collections.abc import Collection, Sequence

from include.pipeline.formats.hl7v2.around import Around, cell, codes_of
from include.pipeline.formats.hl7v2.grammar import usual, words
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.named import NEEDED, ORDER, cancelled_by, is_dead
from include.pipeline.formats.hl7v2.values import coding
from include.pipeline.formats.interface import UNKNOWN_ROWS, Asked

PATH = re.compile(r"([A-Z][A-Z0-9]{2})(?:\[([^\]]+)\])?(?:[-.].*)?")
KIND = re.compile(r"[A-Z]{3}(?:\^[A-Z][A-Z0-9]{1,2})?")
DEATH = "PID-29"
PARTS = "OBX-4"
MOST = 200
"""How many observations are named."""


class Unasked:
    """What nobody asks for, as one of the feeds of a file sees it."""

    def __init__(self, asked: Asked, each: str) -> None:
        self.feed = asked.feed
        self.each = {one: str(said or usual(one).each) for one, said in asked.beside.feeds.items()} or {
            asked.feed: each
        }
        names = (*asked.columns, *asked.beside.spoken)
        paths = [found for name in names if (found := PATH.fullmatch(name))]
        needed = [segment for name in names for segment in NEEDED.get(name, ())]
        self.segments = {*needed, *(one[1] for one in paths), *self.each.values(), *words()["passed_by"]["segments"]}
        self.codes = {one[2] for one in paths if one[2]}
        self.ignored = {*asked.beside.ignored.get("MSH-9", ()), *words()["passed_by"]["messages"]}
        self.ignored_orders = {place: asked.beside.ignored.get(place, ()) for place in ORDER}
        self.tells_deaths = self.feed == "patients" and "visits" not in self.each and DEATH not in names
        self.takers: dict[tuple[str, str], list[str]] = {}
        self.met: set[str] = set()
        self.observed: set[str] = set()

    def reason(self, kind: str, event: str, lines: Sequence[str]) -> str:
        """Why a message that no feed takes is told by this one; empty when it is none of these."""
        is_first = self.feed == next(iter(self.each))
        if not is_first or self._takers(kind, event, lines) or {kind, f"{kind}^{event}"} & self.ignored:
            return ""
        return unknown(kind, event)

    def tells(self, kind: str, event: str, lines: Sequence[str] = ()) -> bool:
        """Whether this feed tells what nobody asks of a message: the first does that takes it."""
        return next(iter(self._takers(kind, event, lines)), "") == self.feed

    def has_results(self, kind: str, event: str, lines: Sequence[str] = ()) -> bool:
        """Whether each observation of a message is a row of some feed."""
        return "OBX" in [self.each[feed] for feed in self._takers(kind, event, lines)]

    def tells_orders(self, kind: str, event: str, lines: Sequence[str]) -> bool:
        """Whether this feed, whose rows are parts of orders, tells of cancelled ones: the first such feed does.

        Where each order is a row, that is withdrawn; where each observation is one, its feed tells.
        """
        takers = self._takers(kind, event, lines)
        parts = [feed for feed in takers if self.each[feed] == PARTS]
        return parts[:1] == [self.feed] and not {self.each[feed] for feed in takers} & {"OBR", "OBX"}

    def cancelled(self, around: Around, *, has_rows: bool) -> str:
        """The reason of a cancelled order, whose rows that came before and are not in the message stay; else empty.

        Where it has rows, and OBR-25 says a state of its results, that holds, whatever ORC says of the order.
        """
        place = cancelled_by(around)
        is_told = place and around.said(*ORDER[place]) not in self.ignored_orders[place]
        has_state = has_rows and place != "OBR-25" and around.said("OBR", 25)
        return f"{UNKNOWN_ROWS}: cancelled order" if is_told and not has_state else ""

    def meet(self, lines: Sequence[str], marks: Marks) -> None:
        """Look at the observations of a message that this feed tells of, where none is a row."""
        met = {cell(line.split(marks.field, 4), 3) for line in lines if line[:3] == "OBX"} - self.met
        for raw in met if len(self.observed) < MOST else ():
            self.met.add(raw)
            if not codes_of(marks, raw) & self.codes:
                self.observed.add(f"OBX[{coding(marks, raw).lasting}]")

    def meet_patient(self, around: Around) -> None:
        """Look at a patient's row: of a death that no feed takes the field is told."""
        if self.tells_deaths and is_dead(around):
            self.observed.add(DEATH)

    def paths(self, segments: Collection[str]) -> frozenset[str]:
        """What is told, of the names of segments that were not looked at."""
        return frozenset({*self.observed, *segments} - self.segments)

    def _takers(self, kind: str, event: str, lines: Sequence[str]) -> list[str]:
        """The feeds that take a message: by its type, or by a segment in it where their usual types are not known."""
        if (kind, event) not in self.takers:
            listed = [feed for feed in self.each if usual(feed).messages and usual(feed).takes(kind, event)]
            self.takers[kind, event] = listed
        free = [feed for feed in self.each if not usual(feed).messages]
        there = {line[:3] for line in lines} if free else set()
        return self.takers[kind, event] + [feed for feed in free if not lines or self.each[feed][:3] in there]


def unknown(kind: str, event: str) -> str:
    """The reason with the kind of a message, where it is one: another text may say something of a patient."""
    said = f"{kind}^{event}".rstrip("^")
    return f"{UNKNOWN_ROWS}: {said}" if KIND.fullmatch(said) else UNKNOWN_ROWS
