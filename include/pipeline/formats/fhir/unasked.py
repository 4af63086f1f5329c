"""Resources that no feed of a file asks for: the first of its feeds tells them."""

import re
from collections.abc import Callable, Sequence

from include.pipeline.formats.fhir.columns import is_person
from include.pipeline.formats.fhir.decoding import Node
from include.pipeline.formats.fhir.words import grammar, usual
from include.pipeline.formats.interface import Asked

TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}")
UNKNOWN = "unknown_rows"
"""The reason of what is told to a person."""


def teller(asked: Asked) -> Callable[[Node], str]:
    """Why a resource is told as one that nobody asks for, as one of the feeds sees it; empty when it is not."""
    if asked.feed != next(iter(asked.beside.feeds), None):
        return lambda node: ""
    taken = {kind for feed, each in asked.beside.feeds.items() for kind in _types(feed, each)}
    known = {*taken, *grammar()["passed_by"], *asked.beside.ignored.get("resourceType", ())}
    return lambda node: "" if node["resourceType"] in known or _is_only_about(node) else _reason(node["resourceType"])


def _types(feed: str, each: str | Sequence[str]) -> set[str]:
    said: str | Sequence[str] = each or usual().get(feed, {}).get("each", "")
    return {one.split(".")[0] for one in ([said] if isinstance(said, str) else said)}


def _is_only_about(node: Node) -> bool:
    """Whether a resource is a patient of whom no death and no link to another is told."""
    dead = node.get("deceasedBoolean") is True or "deceasedDateTime" in node
    return is_person(node) and not dead and "link" not in node


def _reason(kind: str) -> str:
    return f"{UNKNOWN}: {kind}" if TYPE.fullmatch(kind) else UNKNOWN
