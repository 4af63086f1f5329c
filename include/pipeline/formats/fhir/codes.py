"""Which of several codings counts: chosen by its system, never by its place."""

from functools import cache, lru_cache
from typing import Any, NamedTuple

from include.pipeline.formats.fhir.decoding import DECODER, ENCODER, Node, part, parts, text_of
from include.pipeline.formats.fhir.words import grammar


class Coded(NamedTuple):
    """What a concept says: its LOINC code, the hospital's own code, its name."""

    loinc: str | None
    local: str | None
    name: str | None

    @property
    def code(self) -> str | None:
        """The LOINC code, else the hospital's own."""
        return self.loinc or self.local


NOTHING = Coded(None, None, None)


@cache
def _systems() -> tuple[str, frozenset[str]]:
    return grammar()["loinc"], frozenset(grammar()["standard"])


def coded(concept: Any) -> Coded:
    """What a CodeableConcept or a Coding says.

    The hospital's own code is that of a system which is no standard, else of one that is not LOINC, else the text.
    """
    return _coded(ENCODER.encode(concept)) if type(concept) is dict else NOTHING


@lru_cache(maxsize=4096)
def _coded(written: bytes) -> Coded:
    """The same of a concept as JSON: a laboratory writes few concepts many times."""
    concept = DECODER.decode(written)
    loinc_system, standard = _systems()
    loinc = local = other = name = None
    for coding in parts(concept, "coding") if "coding" in concept else [concept]:
        system, code = coding.get("system"), text_of(coding.get("code"))
        name = name or text_of(coding.get("display"))
        if system == loinc_system:
            loinc = loinc or code
        elif system in standard if type(system) is str else False:
            other = other or code
        else:
            local = local or code
    said = text_of(concept.get("text"))
    return Coded(loinc, local or other or said, said or name)


def says(node: Any, wanted: str) -> bool:
    """That a simple value, a Coding or a CodeableConcept is what a filter asks for."""
    if type(node) is not dict:
        return text_of(node) == wanted
    codings = [node, *parts(node, "coding")]
    return any(text_of(coding.get("code")) == wanted for coding in codings) or text_of(node.get("text")) == wanted


def concept_of(resource: Node, names: tuple[str, ...]) -> Any:
    """The concept that says what a resource is about: of a medicine also that of the contained Medication."""
    for name in names:
        for found in parts(resource, name):
            reference = part(found, "reference")
            if reference is None:
                return found
            for contained in parts(resource, "contained"):
                if reference == f"#{part(contained, 'id')}":
                    return part(contained, "code")
    return None
