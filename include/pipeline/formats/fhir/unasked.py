"""What no feed of a file asks for: resources, a patient's death or link. One of the feeds of its file tells each."""

import re
from collections.abc import Sequence

from include.pipeline.formats.fhir.columns import is_person
from include.pipeline.formats.fhir.decoding import Node, parts
from include.pipeline.formats.fhir.named import is_withdrawn
from include.pipeline.formats.fhir.records import Resource
from include.pipeline.formats.fhir.words import grammar, usual
from include.pipeline.formats.interface import UNKNOWN_ROWS, Asked

REPORT, RESULT = "DiagnosticReport", "Observation"
TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}")
TAKERS = {"deceasedBoolean": "visits", "deceasedDateTime": "visits", "link": "merges"}
"""What a Patient says that is not of his own row, and the feed that takes it."""


class Unasked:
    """What nobody asks for, as one of the feeds of a file sees it."""

    def __init__(self, asked: Asked) -> None:
        beside = asked.beside
        types = {feed: _types(feed, each) for feed, each in beside.feeds.items()}
        taken = {kind for kinds in types.values() for kind in kinds}
        self.is_first = asked.feed == next(iter(types), None)
        self.ignored = {*beside.ignored.get("resourceType", ())}
        self.has_results = asked.feed == next((feed for feed, kinds in types.items() if RESULT in kinds), None)
        self.known = {*taken, *grammar()["passed_by"]}
        takers = [feed for feed, kinds in types.items() if "Patient" in kinds]
        self.of_person = {
            element
            for element, feed in TAKERS.items()
            if asked.feed == next(iter(takers), None) and feed not in takers and element not in beside.spoken
        }

    def reason(self, resource: Resource) -> str:
        """Why a resource is told that no feed takes, or that makes results of other resources doubtful; else empty."""
        node = resource.node
        kind = node["resourceType"]
        if kind in self.ignored:
            return ""
        if self.has_results and _takes_results_back(resource):
            return f"{UNKNOWN_ROWS}: withdrawn {REPORT}"
        if not self.is_first or kind in self.known or (is_person(node) and not _said(node)):
            return ""
        return f"{UNKNOWN_ROWS}: {kind}" if TYPE.fullmatch(kind) else UNKNOWN_ROWS

    def elements(self, node: Node) -> set[str]:
        """What a Patient whom a feed takes says and none asks for."""
        return _said(node) & self.of_person if self.of_person else set()


def _types(feed: str, each: str | Sequence[str]) -> set[str]:
    said: str | Sequence[str] = each or usual().get(feed, {}).get("each", "")
    return {one.split(".")[0] for one in ([said] if isinstance(said, str) else said)}


def _said(node: Node) -> set[str]:
    """A death and a link to another that a Patient tells."""
    return {element for element in TAKERS if element in node and node[element] is not False}


def _takes_results_back(resource: Resource) -> bool:
    """Whether a report is withdrawn that refers to results; of a deleted one nobody knows."""
    is_report = resource.node["resourceType"] == REPORT
    return is_report and is_withdrawn(resource) and (resource.is_deleted or bool(parts(resource.node, "result")))
