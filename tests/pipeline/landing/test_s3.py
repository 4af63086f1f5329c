"""Extracts and landing area on a real S3 server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import Settings
from include.pipeline.landing import pull_new
from include.pipeline.landing.bucket import Bucket
from include.pipeline.landing.places import Item
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, path_of, row

NIGHT = "2020-01-01"


def settings(bucket: str) -> Settings:
    """Extracts and landing area in one bucket."""
    return Settings(f"s3://{bucket}/hospital/extracts", "duckdb:///unused", f"s3://{bucket}/landing/")


def send(s3: Any, bucket: str, feed: str, *rows: dict[str, str], name: str = "a.csv") -> None:
    """Put an extract."""
    content = as_csv(rows, tuple(rows[0]))
    s3.put_object(Bucket=bucket, Key=f"hospital/extracts/{path_of(feed, NIGHT, name)}", Body=content)


def test_pulled_and_loaded(s3: Any, bucket: str, duckdb_warehouse: Warehouse) -> None:
    send(s3, bucket, "patients", row("patients"))
    s3.put_object(Bucket=bucket, Key="hospital/extracts/README.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="hospital/extracts/clinic/", Body=b"")
    s3.put_object(Bucket=bucket, Key="hospital/extracts-of-others/clinic/visits/2020-01-01/a.csv", Body=b"x")
    report = pull_new(duckdb_warehouse, settings(bucket))
    assert (report.entered, report.unrecognised) == (1, ["README.txt"])
    ((loaded,), _) = load_landed(duckdb_warehouse, report.waiting)
    assert (loaded.state, loaded.loaded) == ("loaded", 1)
    uri, landed = duckdb_warehouse.run("SELECT uri, landing_uri FROM ops.load").one()
    assert uri == f"s3://{bucket}/hospital/extracts/clinic/patients/{NIGHT}/a.csv"
    assert landed.startswith(f"s3://{bucket}/landing/clinic/patients/{NIGHT}/")
    assert landed.endswith(f"/{report.waiting[0]}.csv")


def test_a_landed_object_that_was_changed_is_not_loaded(s3: Any, bucket: str, duckdb_warehouse: Warehouse) -> None:
    send(s3, bucket, "patients", row("patients"))
    (load_id,) = pull_new(duckdb_warehouse, settings(bucket)).waiting
    s3.put_object(Bucket=bucket, Key=f"landing/clinic/patients/{NIGHT}/{load_id}.csv", Body=b"patient_id\r\nP1\r\n")
    ((held,), _) = load_landed(duckdb_warehouse, [load_id])
    assert (held.state, held.reason_code) == ("held", "REG-207")


def test_unchanged_and_replaced(s3: Any, bucket: str, duckdb_warehouse: Warehouse) -> None:
    send(s3, bucket, "visits", row("visits", weight_kg="61"))
    assert pull_new(duckdb_warehouse, settings(bucket)).entered == 1
    send(s3, bucket, "visits", row("visits", weight_kg="61"))
    assert pull_new(duckdb_warehouse, settings(bucket)).entered == 0
    send(s3, bucket, "visits", row("visits", weight_kg="62"))
    report = pull_new(duckdb_warehouse, settings(bucket))
    assert (report.entered, len(report.waiting)) == (1, 2)


def test_an_object_that_vanishes_while_it_is_pulled_is_left_for_the_next_run(
    s3: Any, bucket: str, duckdb_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(s3, bucket, "visits", row("visits"))
    listed, ghost = Bucket.list, Item(path_of("exams", NIGHT, "ghost.csv"), 3, "3-mark")

    def list_with_ghost(place: Bucket) -> Iterator[Item]:
        yield ghost
        yield from listed(place)

    monkeypatch.setattr(Bucket, "list", list_with_ghost)
    assert pull_new(duckdb_warehouse, settings(bucket)).entered == 1


def test_an_object_that_cannot_be_copied_is_reported_and_others_go_on(
    s3: Any, bucket: str, duckdb_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(s3, bucket, "visits", row("visits"))
    send(s3, bucket, "exams", row("exams"))
    copy = Bucket.copy

    def copy_visits(place: Bucket, item: Item, target: Path) -> Item:
        if "exams" in item.path:
            raise OSError
        return copy(place, item, target)

    with monkeypatch.context() as failing:
        failing.setattr(Bucket, "copy", copy_visits)
        report = pull_new(duckdb_warehouse, settings(bucket))
    assert (report.entered, report.unreadable) == (1, [path_of("exams", NIGHT, "a.csv")])
    assert pull_new(duckdb_warehouse, settings(bucket)).entered == 1


def test_a_landing_bucket_that_cannot_be_is_told(s3: Any, bucket: str, duckdb_warehouse: Warehouse) -> None:
    send(s3, bucket, "visits", row("visits"))
    report = pull_new(
        duckdb_warehouse, Settings(settings(bucket).extracts, "duckdb:///unused", "s3://no such bucket/landing")
    )
    assert [(one.path, one.code) for one in report.not_pulled] == [(path_of("visits", NIGHT, "a.csv"), "REG-205")]
