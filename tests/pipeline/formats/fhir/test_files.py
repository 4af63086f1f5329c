"""What a file of FHIR may look like: lines, bundles, encodings, packed, broken or too large."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.pipeline.staging import limits
from tests.pipeline.formats.fhir.resources import bundle, cell, deletion, ndjson, observation, read

STATE = ("key", "status")


GOOD = json.dumps(observation("o2"))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "no JSON",
        "[]",
        "5",
        '"text"',
        "null",
        "{}",
        '{"resourceType": 5}',
        '{"resourceType": ""}',
        GOOD + GOOD,
        GOOD.replace("62", "NaN"),
        GOOD.replace("62", "Infinity"),
        GOOD.replace("62", "0x1"),
        GOOD.replace("U/L", "\\ud800"),
        GOOD.replace("U/L", "\\u0000"),
        GOOD.replace("U/L", "a\x01b"),
        GOOD.replace('"status"', '"status": "final", "status"'),
        GOOD.replace('"status"', '"status" : "cancelled", "stat\\u0075s"'),
        GOOD.replace('"status"', '"note": "\\u003a", "status" : "cancelled", "status"'),
        GOOD.replace("62", "1" * 5000),
    ],
)
def test_a_line_that_is_no_resource_is_told_and_the_others_are_rows(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, ndjson(observation(), line, observation("o3")), STATE)

    assert found.rows == [("o1", "final"), ("o3", "final")]
    assert [number for number, _ in found.rejected] == ["2"]


def test_bytes_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    bad = GOOD.encode().replace(b"U/L", b"\xb5mol")
    lines = ndjson(observation()) + bad + b"\n"
    entries = bundle(observation(), json.loads(GOOD)).replace(b'"o2"', b'"o\xff"')

    for kind, content in (("fhir_ndjson", lines), ("fhir_bundle", entries)):
        found = read(tmp_path, content, STATE, kind=kind)
        assert ([key for key, _ in found.rows], len(found.rejected)) == (["o1"], 1)


def test_a_line_that_is_too_long_is_told(tmp_path: Path) -> None:
    long = observation(text={"div": "x" * limits.limits().longest_line})
    found = read(tmp_path, ndjson(observation(), long, observation("o3")), STATE)

    assert ([key for key, _ in found.rows], len(found.rejected)) == (["o1", "o3"], 1)
    assert len(found.rejected[0][1]) == limits.limits().kept_text


@pytest.mark.parametrize(
    "written",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\n  \n" + text.replace(b"\n", b"\n\n"),
        lambda text: text.rstrip(b"\n"),
    ],
)
def test_marks_and_ends_of_lines_that_occur(tmp_path: Path, written: Any) -> None:
    found = read(tmp_path, written(ndjson(observation(), observation("o2"))), STATE)

    assert (found.rows, found.rejected) == ([("o1", "final"), ("o2", "final")], [])


def test_a_cell_keeps_its_lines(tmp_path: Path) -> None:
    assert (
        cell(tmp_path, observation(valueString='a\r\nb\rc\n"d", e', valueQuantity=None), "value") == 'a\nb\nc\n"d", e'
    )


@pytest.mark.parametrize(
    ("kind", "content"), [("fhir_ndjson", ndjson(observation())), ("fhir_bundle", bundle(observation()))]
)
def test_a_packed_file(tmp_path: Path, kind: str, content: bytes) -> None:
    packed = gzip.compress(content)

    assert read(tmp_path, packed, STATE, kind=kind, name="a.json.gz").rows == [("o1", "final")]
    with pytest.raises(RegistryError) as error:
        read(tmp_path, packed[:-9], STATE, kind=kind, name="a.json.gz")
    assert error.value.code == "REG-301"


DEEP = json.dumps(observation())[:-1] + ', "extension": ' + '[{"extension": ' * 20000 + "[]" + "}]" * 20000 + "}"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("fhir_ndjson", DEEP.encode()),
        ("fhir_bundle", b'{"resourceType":"Bundle","entry":[{"resource":' + DEEP.encode() + b"}]}"),
    ],
)
def test_values_that_are_nested_too_deep(tmp_path: Path, kind: str, content: bytes) -> None:
    with pytest.raises(RegistryError) as error:
        read(tmp_path, content, STATE, kind=kind)

    assert error.value.code == "REG-306"


@pytest.mark.parametrize("kind", ["fhir_ndjson", "fhir_bundle"])
def test_more_than_the_registry_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(limits.Limits, "allowed", lambda self, stored: 100)
    with pytest.raises(RegistryError) as error:
        read(tmp_path, bundle(observation()), STATE, kind=kind)

    assert error.value.code == "REG-306"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("fhir_ndjson", b"patient_id,value\nP1,5\n"),
        ("fhir_ndjson", json.dumps(observation(), indent=1).encode()),
        ("fhir_ndjson", ndjson(observation()).decode().encode("utf-16")),
        ("fhir_bundle", b""),
        ("fhir_bundle", b"[]"),
        ("fhir_bundle", b"{}"),
        ("fhir_bundle", bundle(observation())[:-1]),
        ("fhir_bundle", bundle(observation()) + b"x"),
        ("fhir_bundle", bundle(observation()).replace(b'"entry"', b'"entry": [], "entry"')),
        ("fhir_bundle", b'{"entry": [{"resource": {"resourceType": "Observation"}}], "resourceType": "List"}'),
        ("fhir_bundle", bundle({"fullUrl": "x"})),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, kind: str, content: bytes) -> None:
    with pytest.raises(RegistryError) as error:
        read(tmp_path, content, STATE, kind=kind)

    assert error.value.code == "REG-301"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("fhir_ndjson", b""),
        ("fhir_bundle", b'{"resourceType": "Bundle", "type": "searchset", "total": 0}'),
        ("fhir_bundle", bundle()),
    ],
)
def test_a_quiet_night(tmp_path: Path, kind: str, content: bytes) -> None:
    assert read(tmp_path, content, STATE, kind=kind) == ([], [], {})


def test_one_resource_in_a_file(tmp_path: Path) -> None:
    content = json.dumps(observation(), indent=2).encode()

    assert read(tmp_path, content, STATE, kind="fhir_bundle").rows == [("o1", "final")]


def test_bundles_in_a_bundle(tmp_path: Path) -> None:
    inner = json.loads(bundle(observation(), deletion("Observation/o2")))

    assert read(tmp_path, bundle(inner), STATE, kind="fhir_bundle").rows == [("o1", "final"), ("o2", "cancelled")]


def test_a_bundle_is_read_by_the_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.pipeline.formats.fhir.scanning.BLOCK", 7)
    content = bundle(
        *(observation(f"o{number}", flag=[1.5, None, {}]) for number in range(5)), total=5, link=[{"x": "]}"}]
    )

    found = read(tmp_path, content, STATE, kind="fhir_bundle")
    assert found.rows == [(f"o{number}", "final") for number in range(5)]


def test_a_cell_that_is_too_long_sets_its_line_aside_alone(tmp_path: Path) -> None:
    long = observation("o2", valueString="x" * (limits.limits().longest_cell + 1))
    long.pop("valueQuantity")
    found = read(tmp_path, ndjson(observation("o1"), long, observation("o3")), ["key", "value"])
    assert ([key for key, _ in found.rows], [number for number, _ in found.rejected]) == (["o1", "o3"], ["2"])
