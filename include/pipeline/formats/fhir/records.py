"""Records: the resources of a line or of a bundle's entry, and what was deleted."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from include.pipeline.formats.fhir.decoding import Node, parts

RULES = "implicitRules"
"""Rules that a resource, or all of a bundle, was made by: who does not know them may not use it."""
DELETED = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^/?#]+)(?:/_history/[^/]+)?$")


class Resource(NamedTuple):
    """A resource; of a deleted one no more than its type and id are known. `url` is its place in a bundle."""

    node: Node
    url: str | None = None
    is_deleted: bool = False


def of_line(value: Any) -> Iterator[Resource | None]:
    """The resources of a value: itself, or those of a bundle. None for what is none."""
    kind = value.get("resourceType") if type(value) is dict else None
    if kind == "Bundle":
        entries = value.get("entry", []) if RULES not in value else None
        for entry in entries if type(entries) is list else [entries]:
            yield from of_entry(entry)
    else:
        yield Resource(value) if type(kind) is str and kind.isalpha() else None


def of_entry(entry: Any) -> Iterator[Resource | None]:
    """The resources of a bundle's entry."""
    if type(entry) is not dict:
        yield None
        return
    url = entry.get("fullUrl")
    if any(request.get("method") == "DELETE" for request in parts(entry, "request")):
        yield _deleted(entry)
    elif "resource" in entry:
        for found in of_line(entry["resource"]):
            yield found._replace(url=found.url or url) if found and type(url) is str else found
    else:
        yield None


def _deleted(entry: Node) -> Resource | None:
    """What an entry deletes by type and id; None when it deletes what fits a search."""
    if found := parts(entry, "resource"):
        return Resource(found[0], None, is_deleted=True) if type(found[0].get("resourceType")) is str else None
    match = DELETED.search(str(entry["request"].get("url"))) if type(entry["request"]) is dict else None
    if not match:
        return None
    when = next((answer.get("lastModified") for answer in parts(entry, "response")), None)
    return Resource({"resourceType": match[1], "id": match[2], "meta": {"lastUpdated": when}}, None, is_deleted=True)
