"""References: whom a resource is about, by the id that its own row would have."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from include.pipeline.formats.fhir.decoding import Node, part, parts, text_of

LITERAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^/?#]+)(?:/_history/[^/]+)?$")
TEMPORARY = "urn:uuid:"
CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?identifier=(?:[^|]*\|)?([^&|]+)$")


def kind(reference: Any) -> str | None:
    """The type of what is referred to."""
    found = _split(reference)
    return found[0] if found else text_of(part(reference, "type"))


def target(reference: Any) -> str | None:
    """The id of what is referred to, without its type and version; else the identifier that the reference gives."""
    found = _split(reference)
    if found:
        return found[1]
    said = part(reference, "reference")
    return text_of(part(part(reference, "identifier"), "value")) or (said if type(said) is str and said else None)


def key_of(resource: Node, url: str | None = None) -> str | None:
    """The id of a resource; of one that has none yet its first identifier, else its URL, unless that is a new one
    whenever it is sent.
    """
    lasting = None if url and url.startswith(TEMPORARY) else url
    found = text_of(resource.get("id"))
    return found or next(
        (text_of(one.get("value")) for one in parts(resource, "identifier") if one.get("value")), lasting
    )


def _split(reference: Any) -> tuple[str, str] | None:
    said = part(reference, "reference")
    return _parts_of(said) if type(said) is str else None


@lru_cache(maxsize=4096)
def _parts_of(reference: str) -> tuple[str, str] | None:
    match = LITERAL.search(reference) or CONDITIONAL.search(reference)
    return (match[1], match[2]) if match else None


@dataclass
class People:
    """The patients of a file, by the URL under which a bundle has them; `late` = one came after it was asked for.

    Whole patients are kept only where a profile asks for what stands in them.
    """

    keeps_whole: bool
    keys: dict[str, str | None] = field(default_factory=dict)
    whole: dict[str, Node] = field(default_factory=dict)
    missed: bool = False
    late: bool = False

    def meet(self, patient: Node, url: str | None) -> None:
        """Remember a patient."""
        key = key_of(patient, url)
        self.late = self.late or self.missed
        if url:
            self.keys[url] = key
        if self.keeps_whole and key:
            self.whole[key] = patient

    def key(self, resource: Node) -> str | None:
        """The id of the patient that a resource is about; None when it is about something else."""
        if resource.get("resourceType") == "Patient":
            return key_of(resource)
        reference = resource.get("subject") or resource.get("patient")
        return self.named(reference, resource)

    def named(self, reference: Any, resource: Node) -> str | None:
        """The id of the patient whom a reference names."""
        said = part(reference, "reference")
        if type(said) is str and said in self.keys:
            return self.keys[said]
        if type(said) is str and said.startswith("#"):
            return _identifier(_contained(resource, said)) or target({**reference, "reference": None})
        if type(said) is str and said.startswith("urn:"):
            self.missed = True
            return said
        if found := _split(reference):
            return found[1] if found[0] == "Patient" else None
        return target(reference) if kind(reference) in ("Patient", None) else None

    def resource(self, resource: Node) -> Node | None:
        """The patient that a resource is about, where the file or the resource holds it."""
        if resource.get("resourceType") == "Patient":
            return resource
        said = part(resource.get("subject") or resource.get("patient"), "reference")
        if type(said) is str and said.startswith("#"):
            return _contained(resource, said)
        found = self.whole.get(self.key(resource) or "")
        self.missed = self.missed or found is None
        return found


def _contained(resource: Node, reference: str) -> Node | None:
    return next((one for one in parts(resource, "contained") if one.get("id") == reference[1:]), None)


def _identifier(resource: Node | None) -> str | None:
    """A contained resource's id says nothing outside of it."""
    return key_of({**resource, "id": None}) if resource else None
