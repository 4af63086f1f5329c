"""Takes away what names a person: names, addresses, numbers of insurances, narratives, documents."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

import msgspec

from include.basics.errors import RegistryError
from include.pipeline.formats.fhir.codes import says
from include.pipeline.formats.fhir.decoding import ENCODER, Node, UnreadableError, decode, parts
from include.pipeline.formats.fhir.paths import Step, nodes, parse
from include.pipeline.formats.fhir.words import of_personal
from include.pipeline.staging.limits import limits

LONGEST = 16 * limits().longest_line
"""Bytes of a resource that is copied: documents stand in it, which the copy no longer has."""
NESTED = (dict, list)
WRITTEN = msgspec.json.Decoder(float_hook=lambda text: msgspec.Raw(text.encode()))
"""Fractions and powers stay as they are written."""


def stripper(personal: Collection[str]) -> Callable[[bytes], bytes | None]:
    """A function that makes of a JSON text one without what names a person; None when there is nothing to take away."""
    paths = [parse(path) for path in personal]

    def strip(text: bytes) -> bytes | None:
        try:
            value = decode(text, WRITTEN)
            is_changed = type(value) in NESTED and _strip(value, paths)
        except (UnreadableError, RecursionError, RegistryError):
            return None
        return ENCODER.encode(value) if is_changed else None

    return strip


def _strip(value: Any, paths: list[tuple[Step, ...]]) -> bool:
    """Take away what names a person from a value and all below it; whether there was any."""
    is_changed = False
    if type(value) is dict:
        is_changed = not _telling().isdisjoint(value) and _strip_node(value, paths)
        value = value.values()
    for item in value:
        if type(item) in NESTED and _strip(item, paths):
            is_changed = True
    return is_changed


def _strip_node(node: Node, paths: list[tuple[Step, ...]]) -> bool:
    """Take away what names a person from one object, but not from those below it."""
    before = len(node)
    is_changed = False
    for name in _personal_names(node):
        node.pop(name, None)
    if "resourceType" in node:
        is_changed = sum([_drop(node, path) for path in paths]) > 0
    if "identifier" in node:
        is_changed = _keep(node, "identifier", lambda item: not _is_nationwide(item)) or is_changed
    if "extension" in node:
        is_changed = _keep(node, "extension", lambda item: not _is_of_a_person(item)) or is_changed
    return is_changed or len(node) != before


def _personal_names(node: Node) -> Iterable[str]:
    """Members that name a person: by the type of resource, of a reference what it displays, of a document its bytes."""
    everywhere, persons = _words()
    yield from everywhere
    yield from persons.get(str(node.get("resourceType")), ())
    if "reference" in node or "identifier" in node:
        yield "display"
    if "contentType" in node:
        yield "data"
    if type(node.get("text")) is dict:
        yield "text"


@cache
def _telling() -> frozenset[str]:
    """Members of objects that may name a person; most objects have none of them."""
    return frozenset({"resourceType", "reference", "identifier", "extension", "contentType", "text", *_words()[0]})


@cache
def _words() -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    given = of_personal()
    return tuple(given["everywhere"]), {name: tuple(names) for name, names in given["persons"].items()}


def _is_nationwide(identifier: Any) -> bool:
    given = of_personal()
    if type(identifier) is not dict:
        return False
    types = parts(identifier, "type")
    return identifier.get("system") in given["identifier_systems"] or any(
        says(kind, code) for kind in types for code in given["identifier_types"]
    )


def _is_of_a_person(extension: Any) -> bool:
    return type(extension) is dict and str(extension.get("url")).endswith(tuple(of_personal()["extensions"]))


def _keep(node: Node, name: str, is_kept: Callable[[Any], bool]) -> bool:
    """Keep those items under a name; whether any has gone."""
    found = node[name]
    items = found if type(found) is list else [found]
    left = [item for item in items if is_kept(item)]
    if len(left) == len(items):
        return False
    node[name] = left
    if not left:
        del node[name]
    return True


def _drop(resource: Node, path: tuple[Step, ...]) -> bool:
    """Take away what a profile's path leads to; a type in front says of which resources."""
    if path[0].name[:1].isupper():
        if path[0].name != resource["resourceType"]:
            return False
        path = (Step("", path[0].choices), *path[1:])
    last = path[-1]
    holders = [node for node in nodes(resource, path[:-1]) if type(node) is dict and last.name in node]
    return sum([_keep(node, last.name, lambda item: not _takes(last, item)) for node in holders]) > 0


def _takes(step: Step, item: Any) -> bool:
    return all(choice.takes(item) for choice in step.choices)
