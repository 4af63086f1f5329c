"""Files that are changed at random are read with every record accounted for, or refused with a code."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from include.pipeline.formats.fhir.decoding import part
from tests.pipeline.formats.fhir.resources import bundle, ndjson, observation, quantity, read, usual
from tests.support.examples import TIMES

RANGE = {"low": quantity(5), "high": quantity(34)}
GOOD = [
    observation(f"o{number}", meta={"lastUpdated": f"2023-05-{31 - number}T00:00:00Z"}, referenceRange=[RANGE])
    for number in range(4)
] + [
    {
        "resourceType": "Patient",
        "id": "f-9",
        "name": [{"family": "SECRET"}],
        "link": [{"type": "replaces", "other": {}}],
    }
]
NUL, NUL_WRITTEN = "\0", "\\u0000"
VALUES = [
    None,
    5,
    1.5,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"coding": 5},
    {"coding": ["x"]},
    {"reference": "#p"},
    True,
]


def in_bytes(random: Random, content: bytes) -> bytes:
    """Bytes that are changed, cut out or doubled."""
    start = random.randrange(len(content))
    end = min(len(content), start + random.choice((1, 1, 2, 40)))
    mark = random.choice(
        (b"", b"\n", b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"\xff", b"\0", b"\xef\xbb\xbf", b"1e9", b"\\u0000")
    )
    return content[:start] + random.choice((mark, content[start:end] * 2, mark + content[start:end])) + content[end:]


def in_values(random: Random, resources: list[Any]) -> list[Any]:
    """Values that become something else, anywhere in a resource."""
    made = json.loads(json.dumps(resources))
    for _ in range(random.choice((1, 3))):
        node = random.choice(made)
        while True:
            place = random.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if not isinstance(node[place], dict | list) or not node[place] or random.random() < 0.3:
                node[place] = copy.deepcopy(random.choice(VALUES))
                break
            node = node[place]
    return made


def mutants(kind: str, written: Callable[..., bytes]) -> Iterator[bytes]:
    """Changed files, the same in every run."""
    for number in range(60 * TIMES):
        random = Random(f"{kind} {number}")  # noqa: S311
        yield in_bytes(random, written(*GOOD))
        yield written(*(one if isinstance(one, dict) else {"resource": one} for one in in_values(random, GOOD)))


FEEDS = {
    "results": "Observation",
    "lesions": "Observation",
    "patients": "Patient",
    "adverse_events": "AdverseEvent",
    "merges": None,
}
"""Which resources become rows; of links a plain count does not say."""


@pytest.mark.parametrize(("kind", "written"), [("fhir_ndjson", ndjson), ("fhir_bundle", bundle)])
def test_no_record_is_lost(tmp_path: Path, kind: str, written: Callable[..., bytes]) -> None:
    refused = 0
    for number, content in enumerate(mutants(kind, written)):
        feed = list(FEEDS)[number % len(FEEDS)]
        paths = dict.fromkeys(path for source in usual(feed).values() for path in source)
        try:
            found = read(tmp_path, content, paths, feed=feed, kind=kind)
        except RegistryError as error:
            assert error.code in ("REG-301", "REG-306")  # noqa: PT017
            refused += 1
        else:
            received = len(found.rows) + len(found.rejected) + sum(found.left_out.values())
            assert feed == "merges" or received == plain_count(content, kind, FEEDS[feed]), content
        reader_of(kind).without_personal(tmp_path / "a.json", tmp_path / "b.json", ("identifier[system=x]",), Dialect())
    assert refused < 55 * TIMES


def plain_count(content: bytes, kind: str, resource_type: str | None) -> int:
    """The resources of a type, and what is none, as Python's own JSON reads them."""
    if kind == "fhir_bundle":
        entries = _loaded(content.decode("utf-8-sig", "surrogateescape")).get("entry", [])
        return sum(_counts(entry, part(entry, "resource"), resource_type) for entry in entries)
    texts = [line for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    values = [_loaded(text.decode("utf-8", "surrogateescape")) for text in texts]
    return sum(_counts(value, value, resource_type) for value in values)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_marked_if_twice, parse_constant=lambda _: NUL)
    except ValueError:
        return NUL


def _marked_if_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs) | ({NUL: NUL} if len(dict(pairs)) < len(pairs) else {})


def _counts(whole: Any, resource: Any, resource_type: str | None) -> bool:
    """Whether it is a resource of the type or none at all."""
    text = json.dumps(whole, ensure_ascii=False)
    found = part(resource, "resourceType")
    is_resource = isinstance(found, str) and found.isalpha() and NUL_WRITTEN not in text and _is_utf8(text)
    return not is_resource or found == resource_type


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
