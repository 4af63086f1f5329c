"""JSON, exactly: a number is the text that it is written as; what could be understood in two ways is refused."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from include.basics.errors import RegistryError

Node = dict[str, Any]
DECODER = msgspec.json.Decoder(float_hook=str)
ENCODER = msgspec.json.Encoder()
NUL = "\0"
T = TypeVar("T")


class UnreadableError(Exception):
    """A text that is no JSON, or of which one cannot say what it means."""


def decode(text: bytes, decoder: msgspec.json.Decoder[Any] = DECODER) -> Any:
    """The value of a JSON text: fractions and powers as text, whole numbers as int.

    Raises UnreadableError (no JSON, no UTF-8, NaN, half a surrogate pair, a key that is there twice, a NUL character),
    and RegistryError REG-306 when values are nested too deep.
    """
    try:
        value = decoder.decode(text)
        if _is_doubtful(text, value):
            json.loads(text, object_pairs_hook=_without_twice, parse_int=str)
            if b"\\u0000" in ENCODER.encode(value):
                raise UnreadableError
    except RecursionError:
        raise RegistryError("REG-306", "A FHIR file has values that are nested too deep.") from None
    except (msgspec.MsgspecError, ValueError):
        raise UnreadableError from None
    return value


def _is_doubtful(text: bytes, value: Any) -> bool:
    """That a text may hold a key twice (then it has more colons than what was read of it) or a NUL character."""
    return b"\\u00" in text or text.count(b":") != ENCODER.encode(value).count(b":")


def _without_twice(pairs: list[tuple[str, Any]]) -> Node:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise UnreadableError
    return node


class once(Generic[T]):  # noqa: N801
    """A property that is worked out when it is first asked for; functools.cached_property of Python 3.11 locks."""

    def __init__(self, get: Callable[[Any], T]) -> None:
        self.get = get
        self.name = get.__name__

    def __get__(self, owner: Any, kind: type | None = None) -> T:
        found: T = self.get(owner)
        owner.__dict__[self.name] = found
        return found


def part(node: Any, name: str) -> Any:
    """A member of an object; None of anything else."""
    return node.get(name) if type(node) is dict else None


def parts(node: Any, name: str) -> list[Node]:
    """The objects under a name, be it one or a list."""
    found = part(node, name)
    if type(found) is list:
        return [item for item in found if type(item) is dict]
    return [found] if type(found) is dict else []


def text_of(value: Any) -> str | None:
    """What a simple value says; None of an object, a list or nothing."""
    if type(value) is str:
        return value or None
    if type(value) is bool:
        return "true" if value else "false"
    return str(value) if type(value) is int else None
