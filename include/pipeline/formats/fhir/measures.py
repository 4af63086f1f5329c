"""What an Observation or one of its components measured: value, unit and normal range, with the digits as written."""

from functools import cache, lru_cache
from typing import Any

from include.pipeline.formats.fhir.codes import coded, says
from include.pipeline.formats.fhir.decoding import DECODER, ENCODER, Node, part, parts, text_of
from include.pipeline.formats.fhir.words import grammar
from include.pipeline.formats.hl7v2.values import limits_of
from include.pipeline.formats.quantities import code_in_words, converted

SIMPLE = ("valueString", "valueInteger", "valueBoolean", "valueDateTime", "valueTime")


def value(node: Any) -> str | None:
    """The value: a number behind its comparator, a text, the code of a concept, a range or ratio as `1-2` or `1:2`."""
    quantity = part(node, "valueQuantity")
    if quantity is not None:
        return _number(quantity)
    if (concept := part(node, "valueCodeableConcept")) is not None:
        return coded(concept).code
    for name in SIMPLE:
        if (found := text_of(part(node, name))) is not None:
            return found
    return _pair(part(node, "valueRange"), "low", "high", "-") or _pair(
        part(node, "valueRatio"), "numerator", "denominator", ":"
    )


def number(node: Any) -> str | None:
    """The same where a number is asked, be it of a Quantity: a code is none, whatever it looks like."""
    if (own := _number(node)) is not None:
        return own
    found = value(node)
    is_code = part(node, "valueQuantity") is None and parts(part(node, "valueCodeableConcept"), "coding")
    return code_in_words(found) if found and is_code else found


def unit(node: Any) -> str | None:
    """The unit of the value: its UCUM code, else as it is written for people."""
    return _unit(part(node, "valueQuantity"))


def normal(node: Any) -> tuple[str | None, str | None]:
    """The limits of the one normal range; none where several could be meant, or where they have another unit."""
    if type(node) is not dict or "referenceRange" not in node:
        return None, None
    quantity = node.get("valueQuantity")
    return _normal(ENCODER.encode((node["referenceRange"], part(quantity, "code"), part(quantity, "unit"))))


@lru_cache(maxsize=4096)
def _normal(written: bytes) -> tuple[str | None, str | None]:
    """The same of ranges, code and unit as JSON: a laboratory writes few ranges many times."""
    given, code, unit_ = DECODER.decode(written)
    ranges = [one for one in parts({"ranges": given}, "ranges") if _is_normal(one)]
    if len(ranges) > 1:
        ranges = [one for one in ranges if "appliesTo" not in one and "age" not in one]
    if len(ranges) != 1:
        return None, None
    [found] = ranges
    if "low" not in found and "high" not in found:
        below, above = limits_of(text_of(found.get("text")) or "")
        return below or None, above or None
    own = {text_of(code), text_of(unit_)} - {None}
    return _limit(found.get("low"), own), _limit(found.get("high"), own)


def in_unit(node: Any, wanted: str) -> str | None:
    """The value of an element, or of a Quantity, in a unit."""
    if type(part(node, "value")) in (str, int):
        return converted(_number(node), _unit(node), wanted)
    return converted(number(node), unit(node), wanted)


@cache
def _ucum() -> str:
    return str(grammar()["ucum"])


def _number(quantity: Any) -> str | None:
    number = text_of(part(quantity, "value"))
    comparator = part(quantity, "comparator")
    return number if comparator is None or number is None else f"{text_of(comparator) or ''}{number}"


def _pair(node: Any, first: str, second: str, mark: str) -> str | None:
    found = [_number(part(node, name)) for name in (first, second)]
    return None if found == [None, None] else mark.join(one or "" for one in found)


def _unit(quantity: Any) -> str | None:
    if type(quantity) is not dict:
        return None
    code, written = text_of(quantity.get("code")), text_of(quantity.get("unit"))
    return (code or written) if quantity.get("system") == _ucum() else (written or code)


def _is_normal(range_: Node) -> bool:
    kind = range_.get("type")
    if kind is None or says(kind, "normal"):
        return True
    return not parts(kind, "coding") and "normal" in (text_of(part(kind, "text")) or "").lower()


def _limit(limit: Any, own: set[str | None]) -> str | None:
    """A limit that names no unit, or the value's own; a value without unit leaves no doubt either."""
    if type(limit) is not dict:
        return None
    said = {text_of(limit.get("code")), text_of(limit.get("unit"))} - {None}
    return _number(limit) if not said or not own or said & own else None
