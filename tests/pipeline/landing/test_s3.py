"""Extracts and landing area on a real S3 server."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.landing import pull_new
from include.pipeline.landing.places import Bucket, Item
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse, open_warehouse
from tests.support.extracts import as_csv, path_of, row
from tests.support.warehouses import Templates

NIGHT = "2020-01-01"
_numbers = itertools.count(1)


@pytest.fixture
def bucket(s3: Any) -> str:
    """A new bucket."""
    name = f"bucket-{next(_numbers)}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def warehouse(tmp_path: Path, templates: Templates) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(templates.duckdb(tmp_path / "registry.duckdb")) as opened:
        yield opened


def settings(bucket: str) -> Settings:
    """Extracts and landing area in one bucket."""
    return Settings(f"s3://{bucket}/hospital/extracts", "duckdb:///unused", f"s3://{bucket}/landing/")


def send(s3: Any, bucket: str, feed: str, *rows: dict[str, str], name: str = "a.csv") -> None:
    """Put an extract."""
    content = as_csv(rows, tuple(rows[0]))
    s3.put_object(Bucket=bucket, Key=f"hospital/extracts/{path_of(feed, NIGHT, name)}", Body=content)


def test_pulled_and_loaded(s3: Any, bucket: str, warehouse: Warehouse) -> None:
    send(s3, bucket, "patients", row("patients"))
    s3.put_object(Bucket=bucket, Key="hospital/extracts/README.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="hospital/extracts/clinic/", Body=b"")
    s3.put_object(Bucket=bucket, Key="hospital/extracts-of-others/clinic/visits/2020-01-01/a.csv", Body=b"x")
    report = pull_new(warehouse, settings(bucket))
    assert (report.entered, report.unrecognised) == (1, ["README.txt"])
    ((loaded,), _) = load_landed(warehouse, report.waiting)
    assert (loaded.state, loaded.loaded) == ("loaded", 1)
    uri, landed = warehouse.run("SELECT uri, landing_uri FROM ops.load").one()
    assert uri == f"s3://{bucket}/hospital/extracts/clinic/patients/{NIGHT}/a.csv"
    assert landed.startswith(f"s3://{bucket}/landing/clinic/patients/{NIGHT}/")
    assert landed.endswith(f"/{report.waiting[0]}.csv")


def test_a_landed_object_that_was_changed_is_not_loaded(s3: Any, bucket: str, warehouse: Warehouse) -> None:
    send(s3, bucket, "patients", row("patients"))
    (load_id,) = pull_new(warehouse, settings(bucket)).waiting
    s3.put_object(Bucket=bucket, Key=f"landing/clinic/patients/{NIGHT}/{load_id}.csv", Body=b"patient_id\r\nP1\r\n")
    ((held,), _) = load_landed(warehouse, [load_id])
    assert (held.state, held.reason_code) == ("held", "REG-207")


def test_unchanged_and_replaced(s3: Any, bucket: str, warehouse: Warehouse) -> None:
    send(s3, bucket, "visits", row("visits", weight_kg="61"))
    assert pull_new(warehouse, settings(bucket)).entered == 1
    send(s3, bucket, "visits", row("visits", weight_kg="61"))
    assert pull_new(warehouse, settings(bucket)).entered == 0
    send(s3, bucket, "visits", row("visits", weight_kg="62"))
    report = pull_new(warehouse, settings(bucket))
    assert (report.entered, len(report.waiting)) == (1, 2)


def test_more_objects_than_a_page_of_the_listing(s3: Any, bucket: str, warehouse: Warehouse) -> None:
    for number in range(5):
        send(s3, bucket, "visits", row("visits", f"V{number}"), name=f"{number}.csv")
    listing = Bucket(bucket, "hospital/extracts")
    paginator = listing.client.get_paginator("list_objects_v2")
    listing.client.get_paginator = lambda _: _Small(paginator)
    assert len(list(listing.list())) == 5
    assert pull_new(warehouse, settings(bucket)).entered == 5


def test_an_object_that_vanishes_while_it_is_pulled_is_left_for_the_next_run(
    s3: Any, bucket: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(s3, bucket, "visits", row("visits"))
    listed, ghost = Bucket.list, Item(path_of("exams", NIGHT, "ghost.csv"), 3, "3-mark")

    def list_with_ghost(place: Bucket) -> Iterator[Item]:
        yield ghost
        yield from listed(place)

    monkeypatch.setattr(Bucket, "list", list_with_ghost)
    assert pull_new(warehouse, settings(bucket)).entered == 1


def test_an_object_that_changes_while_it_is_pulled_is_left_for_the_next_run(
    s3: Any, bucket: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(s3, bucket, "visits", row("visits", weight_kg="61"))
    fetch = Bucket.fetch

    def fetch_and_change(place: Bucket, path: str, target: Path) -> None:
        fetch(place, path, target)
        send(s3, bucket, "visits", row("visits", weight_kg="62"))

    with monkeypatch.context() as changing:
        changing.setattr(Bucket, "fetch", fetch_and_change)
        assert pull_new(warehouse, settings(bucket)).entered == 0
    assert pull_new(warehouse, settings(bucket)).entered == 1


def test_an_object_that_cannot_be_copied_is_reported_and_others_go_on(
    s3: Any, bucket: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(s3, bucket, "visits", row("visits"))
    send(s3, bucket, "exams", row("exams"))
    fetch = Bucket.fetch

    def fetch_visits(place: Bucket, path: str, target: Path) -> None:
        if "exams" in path:
            raise OSError
        fetch(place, path, target)

    with monkeypatch.context() as failing:
        failing.setattr(Bucket, "fetch", fetch_visits)
        report = pull_new(warehouse, settings(bucket))
    assert (report.entered, report.unreadable) == (1, [path_of("exams", NIGHT, "a.csv")])
    assert pull_new(warehouse, settings(bucket)).entered == 1


def test_a_landing_bucket_that_cannot_be_is_told(s3: Any, bucket: str, warehouse: Warehouse) -> None:
    send(s3, bucket, "visits", row("visits"))
    report = pull_new(warehouse, Settings(settings(bucket).extracts, "duckdb:///unused", "s3://no such bucket/landing"))
    assert [(one.path, one.code) for one in report.not_pulled] == [(path_of("visits", NIGHT, "a.csv"), "REG-205")]


@pytest.mark.parametrize("wrong", ["bucket", "credentials"])
def test_what_cannot_be_listed_is_an_error(
    s3: Any, bucket: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    if wrong == "credentials":
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not the secret")
    with pytest.raises(RegistryError) as raised:
        pull_new(warehouse, settings(bucket if wrong == "credentials" else "no-such-bucket"))
    assert raised.value.code == "REG-101"


class _Small:
    """A paginator with pages of two."""

    def __init__(self, paginator: Any) -> None:
        self.paginator = paginator

    def paginate(self, **asked: Any) -> Any:
        return self.paginator.paginate(**asked, PaginationConfig={"PageSize": 2})
