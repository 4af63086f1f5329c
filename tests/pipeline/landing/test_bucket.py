"""A bucket as a place, on a real S3 server: what is listed, and that what is copied is what was listed."""

import os
import tracemalloc
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.landing import bucket as of_bucket
from include.pipeline.landing import pull_new
from include.pipeline.landing.bucket import Bucket
from include.pipeline.landing.places import Item
from include.pipeline.landing.s3_errors import OverwrittenError
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, path_of, row

NIGHT = "2020-01-01"
MANY = 1_101
NAMES = [
    "run 7, late.csv",
    "100 %.csv",
    "100%25.csv",
    "a+b&c=d.csv",
    unicodedata.normalize("NFC", "Übertrag é.csv"),
    unicodedata.normalize("NFD", "Übertrag é.csv"),
    "肝臓#1?.csv",
]


def test_more_objects_than_a_page_of_the_listing(s3: Any, bucket: str) -> None:
    keys = [f"in/{number:05}.csv" for number in range(MANY)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b""), [*keys, "inside.csv"]))

    assert [f"in/{item.path}" for item in Bucket(bucket, "in").list()] == keys


def test_keys_of_every_spelling_are_pulled_and_loaded(s3: Any, bucket: str, duckdb_warehouse: Warehouse) -> None:
    for number, name in enumerate(NAMES):
        content = as_csv([row("patients", f"P{number}")], tuple(row("patients")))
        s3.put_object(Bucket=bucket, Key=f"in/{path_of('patients', NIGHT, name)}", Body=content)

    settings = Settings(f"s3://{bucket}/in", "duckdb:///unused", f"s3://{bucket}/landing")
    report = pull_new(duckdb_warehouse, settings)

    assert (report.entered, report.not_pulled) == (len(NAMES), [])
    load_landed(duckdb_warehouse, report.waiting)
    found = duckdb_warehouse.run("SELECT file_name, state FROM ops.load").tuples()
    assert sorted(found) == sorted((name, "loaded") for name in NAMES)
    assert pull_new(duckdb_warehouse, settings).entered == 0


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of a few megabytes come in several parts."""
    monkeypatch.setattr(of_bucket, "MEGABYTE", 1 << 16)


def test_a_large_object_is_copied_in_parts_with_little_memory(s3: Any, bucket: str, tmp_path: Path) -> None:
    content = os.urandom(1 << 20) * 160
    put_in_parts(s3, bucket, content)
    place = Bucket(bucket, "in")
    (item,) = place.list()
    assert item.mark.endswith("-2")

    tracemalloc.start()
    assert place.copy(item, tmp_path / "copy") == item
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (tmp_path / "copy").read_bytes() == content
    assert peak < len(content) / 2


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("size", [0, 5, 3 << 20])
def test_an_object_that_was_overwritten_is_copied_as_it_is_now(s3: Any, bucket: str, tmp_path: Path, size: int) -> None:
    put(s3, bucket, b"before")
    place = Bucket(bucket, "in")
    (listed,) = place.list()
    put(s3, bucket, b"x" * size)

    copied = place.copy(listed, tmp_path / "copy")

    assert copied == place.stat("a.csv") != listed
    assert (tmp_path / "copy").read_bytes() == b"x" * size


@pytest.mark.usefixtures("small_parts")
def test_no_copy_is_part_of_one_content_and_part_of_another(s3: Any, bucket: str, tmp_path: Path) -> None:
    put(s3, bucket, b"a" * (3 << 20))
    place = Bucket(bucket, "in")
    (listed,) = place.list()
    overwrites = [b"b" * (3 << 20)]

    def overwrite(**_: Any) -> None:
        if overwrites:
            put(s3, bucket, overwrites.pop())

    place.client.meta.events.register("before-send.s3.GetObject", overwrite)

    copied = place.copy(listed, tmp_path / "copy")

    assert copied != listed
    assert (tmp_path / "copy").read_bytes() == b"b" * (3 << 20)


def test_an_object_that_changes_at_every_read_is_left_for_the_next_run(
    s3: Any, bucket: str, duckdb_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of("patients", NIGHT, "a.csv")
    contents = [as_csv([row("patients", f"P{number}")], tuple(row("patients"))) for number in range(9)]
    settings = Settings(f"s3://{bucket}", "duckdb:///unused", f"s3://{bucket}-landing")
    s3.create_bucket(Bucket=f"{bucket}-landing")
    put(s3, bucket, contents.pop(), path)
    put(s3, bucket, as_csv([row("visits")], tuple(row("visits"))), path_of("visits", NIGHT, "a.csv"))
    download = Bucket._download

    def overwritten_meanwhile(place: Bucket, asked: str, target: Path, how: dict[str, str]) -> None:
        if asked == path:
            put(s3, bucket, contents.pop(), path)
        download(place, asked, target, how)

    with monkeypatch.context() as changing:
        changing.setattr(Bucket, "_download", overwritten_meanwhile)
        report = pull_new(duckdb_warehouse, settings)

    assert (report.entered, [(one.path, one.code) for one in report.not_pulled]) == (1, [(path, "REG-217")])
    assert (pull_new(duckdb_warehouse, settings).entered, pull_new(duckdb_warehouse, settings).entered) == (1, 0)


def test_bytes_that_are_not_those_of_the_checksum_are_not_taken(
    s3: Any, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(s3, bucket, b"good")
    place = Bucket(bucket, "in")
    (listed,) = place.list()
    arriving = [b"bad1", b"bad2", b"bad3"]
    monkeypatch.setattr(Bucket, "_download", lambda _place, _path, target, _asked: target.write_bytes(arriving.pop()))

    with pytest.raises(RegistryError) as raised:
        place.copy(listed, tmp_path / "copy")

    assert raised.value.code == "REG-217"


def test_an_etag_that_another_store_makes_otherwise_keeps_no_object_out(
    s3: Any, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(s3, bucket, b"good")
    item = Item("a.csv", 4, f"4-{'0' * 32}")
    download = Bucket._download
    monkeypatch.setattr(Bucket, "_download", lambda place, path, target, _asked: download(place, path, target, {}))

    assert Bucket(bucket, "in").copy(item, tmp_path / "copy") == item
    assert (tmp_path / "copy").read_bytes() == b"good"


def test_a_download_that_breaks_off_has_a_code(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bucket, "_download", Mock(side_effect=OverwrittenError))
    with pytest.raises(RegistryError, match="REG-217"):
        Bucket(bucket, "in").fetch("a.csv", tmp_path / "copy")


def test_an_etag_that_is_no_checksum_is_not_taken_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, item = Bucket("encrypted", ""), Item("a.csv", 4, f"4-{'0' * 32}")
    monkeypatch.setattr(Bucket, "_download", lambda _place, _path, target, _asked: target.write_bytes(b"good"))
    monkeypatch.setattr(Bucket, "_head", lambda *_: {"ServerSideEncryption": "aws:kms"})

    assert place.copy(item, tmp_path / "copy") == item


def put(s3: Any, bucket: str, content: bytes, path: str = "in/a.csv") -> None:
    """Put an object."""
    s3.put_object(Bucket=bucket, Key=path, Body=content)


def put_in_parts(s3: Any, bucket: str, content: bytes) -> None:
    """Put an object in two parts."""
    where = {"Bucket": bucket, "Key": "in/a.csv"}
    upload = {**where, "UploadId": s3.create_multipart_upload(**where)["UploadId"]}
    halves = (content[: len(content) // 2], content[len(content) // 2 :])
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=half)["ETag"]}
        for number, half in enumerate(halves, 1)
    ]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
