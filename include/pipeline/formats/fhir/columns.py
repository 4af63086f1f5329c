"""What a profile asks for, as functions of a record."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from include.basics.errors import RegistryError
from include.pipeline.formats.cells import refuse_alike
from include.pipeline.formats.fhir.decoding import Node
from include.pipeline.formats.fhir.named import NAMED, Record, is_withdrawn, vital_status
from include.pipeline.formats.fhir.paths import Step, getter, nodes, parse
from include.pipeline.formats.fhir.records import RULES, Resource
from include.pipeline.formats.fhir.references import People
from include.pipeline.formats.fhir.words import grammar, kind_of, usual
from include.pipeline.formats.interface import UNKNOWN_ROWS, Asked

EACH = re.compile(r"([A-Z][A-Za-z]+)(?:\.([A-Za-z.]+))?")
OF_PATIENT = "patient."
MODIFIERS = frozenset({"modifierExtension", RULES})
"""What may turn the meaning of a resource round: who does not know it may not use the resource."""
Get = Callable[[Record], str | None]


@dataclass(frozen=True)
class Wanted:
    """Which resources become rows: those of some types, and elements of them that steps lead to; and each's columns.

    `only_dead`: a Patient is a row only where a death is told. `modifiers` are those that no path looks at.
    """

    types: Mapping[str, tuple[tuple[Step, ...], ...]]
    columns: Mapping[str, tuple[Get, ...]]
    keeps_patients: bool
    takes_preliminary: bool
    needs_value: bool
    only_dead: bool
    modifiers: frozenset[str]

    def records(self, resource: Resource, people: People) -> Iterator[Record]:
        """What of a resource becomes rows."""
        resource_type = resource.node["resourceType"]
        kind = kind_of(resource_type)
        seen: dict[str | None, int] = {}
        for steps in self.types[resource_type]:
            for node in nodes(resource.node, steps) if steps else (resource.node,):
                if type(node) is dict:
                    record = Record(resource, node, people, kind)
                    if record.is_part:
                        seen[record.coded.code] = count = seen.get(record.coded.code, 0) + 1
                        record.repeat = f"|{count}" if count > 1 else ""
                    yield record

    def why_no_part(self, resource: Resource, records: Sequence[Record]) -> str | None:
        """Why a resource of which elements are rows has none; one that is withdrawn does not say which it had."""
        resource_type = resource.node["resourceType"]
        ways = self.types[resource_type]
        if not any(ways) or any(record.is_part or record.value is not None for record in records):
            return None
        if is_person(resource.node):
            return "no_merge" if resource.is_deleted else None
        if is_withdrawn(resource):
            return f"{UNKNOWN_ROWS}: withdrawn {resource_type}"
        return "no_part" if all(ways) else None

    def why_not(self, record: Record) -> str | None:
        """Why a record leaves no row; None when it does. A value that is taken back cancels its row."""
        status = record.status
        if status in _reasons() and not (status == "preliminary" and self.takes_preliminary):
            return status
        if "other" in record.node and record.node.get("type") not in ("replaced-by", "replaces"):
            return "no_merge"
        if self.only_dead and is_person(record.node) and status == "final" and vital_status(record) == "alive":
            return "no_death"
        if (
            not self.needs_value
            or record.resource.node["resourceType"] != "Observation"
            or status == "cancelled"
            or record.value is not None
        ):
            return None
        if status == "corrected":
            record.status = "cancelled"
            return None
        return "panel" if "hasMember" in record.node or "component" in record.node else "no_result"


@cache
def _reasons() -> frozenset[str]:
    return frozenset(grammar()["left_out"])


def wanted(asked: Asked) -> Wanted:
    """What is asked; raises RegistryError REG-401 when a path or `each` is none."""
    given = usual().get(asked.feed, {})
    each = asked.each or given.get("each", "")
    types = _types([each] if isinstance(each, str) else each, asked.feed)
    refuse_alike(asked.columns)
    return Wanted(
        types,
        {one: tuple(_column(name, one, types) for name in asked.columns) for one in types},
        any(name.startswith(OF_PATIENT) for name in asked.columns),
        given.get("takes_preliminary", False),
        given.get("needs_value", False),
        given.get("only_dead", False),
        frozenset(one for one in MODIFIERS if not any(one in name for name in asked.columns)),
    )


def _types(each: Iterable[str], feed: str) -> dict[str, tuple[tuple[Step, ...], ...]]:
    """The types of resources that become rows, with the steps to what of each does: none where it does itself."""
    types: dict[str, tuple[tuple[Step, ...], ...]] = {}
    for one in each:
        match = EACH.fullmatch(one)
        if not match:
            raise RegistryError("REG-401", f"{one or feed} is no type of FHIR resource to make rows of.")
        steps = parse(match[2]) if match[2] else ()
        if steps in types.get(match[1], ()):
            raise RegistryError("REG-401", f"Rows of {feed} are made of {one} twice.")
        types[match[1]] = (*types.get(match[1], ()), steps)
    return types


def _column(name: str, resource_type: str, types: Collection[str]) -> Get:
    """A column of one of some types; a path that begins with another of these is empty."""
    if name in NAMED:
        return NAMED[name]
    if name.startswith(OF_PATIENT):
        of_patient = getter(parse(name.removeprefix(OF_PATIENT)))
        return lambda record: of_patient(record.people.resource(record.resource.node))
    steps = parse(name)
    if not steps[0].name[:1].isupper():
        get = getter(steps)
        return lambda record: get(record.node)
    if steps[0].name not in types:
        raise RegistryError("REG-401", f"{name} does not begin with {' or '.join(types)}, of which rows are made.")
    if steps[0].name != resource_type:
        return lambda record: None
    of_resource = getter((Step("", steps[0].choices), *steps[1:]))
    return lambda record: of_resource(record.resource.node)


def is_person(node: Node) -> bool:
    """Whether a resource is a patient."""
    return node.get("resourceType") == "Patient"
