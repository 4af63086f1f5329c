"""Names of what a profile may ask for without knowing where FHIR keeps it: docs/formats/fhir.md explains each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from include.pipeline.formats.fhir import measures
from include.pipeline.formats.fhir.codes import Coded, coded, concept_of
from include.pipeline.formats.fhir.decoding import Node, once, part, parts, text_of
from include.pipeline.formats.fhir.paths import getter, parse
from include.pipeline.formats.fhir.records import Resource
from include.pipeline.formats.fhir.references import People, key_of
from include.pipeline.formats.fhir.words import Kind, grammar, kind_of
from include.pipeline.formats.quantities import NUMBER, UNITS

WHOLE_DAY = len("2024-01-31")


@dataclass
class Record:
    """What becomes a row: a resource, or an element of it; `repeat` tells elements with one code apart."""

    resource: Resource
    node: Node
    people: People
    kind: Kind
    repeat: str = ""

    @property
    def is_part(self) -> bool:
        """Whether the row is an element of a resource."""
        return self.node is not self.resource.node

    @once
    def coded(self) -> Coded:
        """What it is about."""
        return coded(concept_of(self.node, ("code",) if self.is_part else self.kind.code))

    @once
    def normal(self) -> tuple[str | None, str | None]:
        """Its limits of normal."""
        return measures.normal(self.node)

    @once
    def value(self) -> str | None:
        """What it says."""
        return measures.value(self.node)

    @once
    def status(self) -> str | None:
        """The contract's word for its state; a reason, where it leaves no row; else the word that it has."""
        if self.resource.is_deleted:
            return "cancelled"
        if not self.kind.status:
            return "final"
        said = state(self.kind.status)(self.resource.node)
        return self.kind.words.get(said, said) if said else None


def is_withdrawn(resource: Resource) -> bool:
    """Whether a resource says that it was wrong, or is deleted."""
    path = kind_of(resource.node["resourceType"]).status
    return resource.is_deleted or (bool(path) and state(path)(resource.node) == "entered-in-error")


@cache
def state(path: str) -> Callable[[Any], str | None]:
    """A function that reads a path."""
    return getter(parse(path))


def patient(record: Record) -> str | None:
    """The id of the patient whom it is about."""
    if record.resource.node.get("resourceType") == "Patient":
        return key_of(record.resource.node, record.resource.url)
    return record.people.key(record.resource.node)


def key(record: Record) -> str | None:
    """The id of the resource, of an element with its code behind it; of a merge both ids."""
    found = key_of(record.resource.node, record.resource.url)
    if not record.is_part:
        return found
    if "other" in record.node:
        return f"{merged(record)}>{surviving(record)}"
    return f"{found}|{record.coded.code or ''}{record.repeat}"


def reference(record: Record) -> str | None:
    """The type and id of the resource, for feeds to which several types give rows."""
    return f"{record.resource.node['resourceType']}/{key(record)}"


def merged(record: Record) -> str | None:
    """Of a patient's link the id that is no longer used."""
    return _linked(record) if record.node.get("type") == "replaces" else patient(record)


def surviving(record: Record) -> str | None:
    """Of a patient's link the id that goes on."""
    return patient(record) if record.node.get("type") == "replaces" else _linked(record)


def _linked(record: Record) -> str | None:
    return record.people.named(record.node.get("other"), record.resource.node)


def time(record: Record) -> str | None:
    """When it was or began."""
    return _first(record.resource.node, record.kind.time)


def end(record: Record) -> str | None:
    """When it ended."""
    return _first(record.resource.node, record.kind.end)


def _first(node: Node, paths: tuple[str, ...]) -> str | None:
    """The first time that is there."""
    for get in _getters(paths):
        if (found := get(node)) is not None:
            return found
    return None


@cache
def _getters(paths: tuple[str, ...]) -> tuple[Callable[[Any], str | None], ...]:
    return tuple(map(state, paths))


def modality(record: Record) -> str | None:
    """Of a study the first modality that makes images."""
    series = [found for one in parts(record.node, "series") for found in parts(one, "modality")]
    codes = (text_of(one.get("code")) for one in [*parts(record.node, "modality"), *series])
    return next((code for code in codes if code and code not in grammar()["not_images"]), None)


def vital_status(record: Record) -> str | None:
    """dead: a patient with a death, an encounter that ended in death. Everybody else was alive at the time."""
    node = record.node
    is_dead = node.get("deceasedBoolean") is True or text_of(node.get("deceasedDateTime")) or _ended_in_death(node)
    return "dead" if is_dead else "alive"


def death_date(record: Record) -> str | None:
    """The day of death, of who is dead."""
    found = text_of(record.node.get("deceasedDateTime"))
    return found or (end(record) if _ended_in_death(record.node) else None)


def visit_date(record: Record) -> str | None:
    """When a visit began; of a death that a Patient tells its day, or where that is not known when it was told."""
    died = text_of(record.node.get("deceasedDateTime")) or ""
    return died if len(died) >= WHOLE_DAY else time(record)


def _ended_in_death(node: Node) -> bool:
    return coded(part(part(node, "hospitalization"), "dischargeDisposition")).code == "exp"


def _measured(unit: str) -> Callable[[Record], str | None]:
    return lambda record: measures.in_unit(record.node, unit)


NAMED: dict[str, Callable[[Record], str | None]] = {
    "key": key,
    "reference": reference,
    "patient": patient,
    "merged": merged,
    "surviving": surviving,
    "time": time,
    "end": end,
    "code": lambda record: record.coded.code,
    "loinc": lambda record: record.coded.loinc,
    "local_code": lambda record: record.coded.local,
    "name": lambda record: record.coded.name,
    "value": lambda record: record.value,
    NUMBER: lambda record: measures.number(record.node),
    "unit": lambda record: measures.unit(record.node),
    "low": lambda record: record.normal[0],
    "high": lambda record: record.normal[1],
    **{unit: _measured(unit) for unit in UNITS},
    "modality": modality,
    "vital_status": vital_status,
    "visit_date": visit_date,
    "death_date": death_date,
    "status": lambda record: record.status,
}
