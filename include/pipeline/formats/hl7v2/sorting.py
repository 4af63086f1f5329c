"""Which segments leave no row although they can be read, and why: the reasons of `left_out` in grammar.yml."""

from include.pipeline.formats.hl7v2.around import Around, cell
from include.pipeline.formats.hl7v2.columns import Wanted
from include.pipeline.formats.hl7v2.grammar import usual, words
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.memo import Memo
from include.pipeline.formats.hl7v2.named import merged, patient, state, visit
from include.pipeline.formats.hl7v2.values import LOOKS_NUMERIC, status, value
from include.pipeline.formats.interface import UNKNOWN_ROWS

LOOK = "look"
"""Neither a row nor a reason: it depends on the value."""


class Sorting:
    """Sorts OBX that are rows of their own."""

    def __init__(self, feed: str, marks: Marks) -> None:
        self.marks = marks
        self.is_result = feed == "results"
        self.takes_preliminary = usual(feed).takes_preliminary
        self.by_status = Memo[tuple[str, ...], str](lambda texts: self._by_status(*texts))
        """By OBX-2 and OBX-11."""

    def reason(self, kind: str, raw: str, said: str) -> str:
        """Why one is no row, by OBX-2, OBX-5 and OBX-11; empty where it is one."""
        found = self.by_status[kind, said]
        return self._looked(kind, raw, said) if found == LOOK else found

    def _by_status(self, kind: str, said: str) -> str:
        kind, found = self.marks.text(kind), status("OBX-11", self.marks.text(said))
        if kind in words()["documents"]:
            return "document"
        if found == "no_result":
            return found
        if found == "preliminary":
            return LOOK if self.takes_preliminary else found
        return LOOK if self.is_result and kind in words()["texts"] and found != "cancelled" else ""

    def _looked(self, kind: str, raw: str, said: str) -> str:
        found = value(self.marks, kind, raw)
        if self.is_result and kind in words()["texts"] and not LOOKS_NUMERIC.match(found):
            return "comment"
        return "" if found or status("OBX-11", self.marks.text(said)) != "preliminary" else "no_result"


def reason(around: Around, asked: Wanted, feed: str) -> str:
    """Why a segment that is no OBX is no row; empty when it is one."""
    match around.each:
        case "MRG":
            return "same_patient" if merged(around) == patient(around) != "" else ""
        case "PID":
            return "no_visit" if "visit" in asked.names and not visit(around) else ""
        case "OBR" | "OBX-4":
            return _of_group(around, asked, feed)
        case _:
            return ""


def _of_group(around: Around, asked: Wanted, feed: str) -> str:
    found = state(around)
    if found == "cancelled" or (not asked.codes and around.each == "OBR"):
        return "preliminary" if _is_early(found, feed) else ""
    if asked.codes and not asked.codes & around.by_code.keys():
        return f"{UNKNOWN_ROWS}: cancelled observation" if around.withdrawn & asked.codes else nothing_of(around)
    return "preliminary" if _is_early(found, feed) else ""


def _is_early(found: str, feed: str) -> bool:
    return found == "preliminary" and not usual(feed).takes_preliminary


def nothing_of(around: Around) -> str:
    """Why a group has nothing for a row."""
    kinds = {around.marks.text(cell(one, 2)) for one in around.observed}
    if kinds & set(words()["documents"]):
        return "document"
    if not kinds:
        return "no_result"
    return "comment" if kinds <= set(words()["texts"]) else "other_result"
