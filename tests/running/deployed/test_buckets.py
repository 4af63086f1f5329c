"""The buckets that `init` makes, on a real S3 server."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.basics.errors import RegistryError
from include.running.deployed.buckets import make_bucket
from tests.support.s3 import STRANGER


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_a_missing_bucket_is_made_once_in_any_region(s3: Any, monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    for _ in range(2):
        make_bucket(f"s3://made-in-{region}/study")
    assert s3.head_bucket(Bucket=f"made-in-{region}")


def test_another_region_than_the_first_is_told_to_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", lambda _, name, how: answered(asked, name, how))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    make_bucket("s3://elsewhere/study")
    assert asked == [{"Bucket": "elsewhere", "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}]


def answered(asked: list[dict[str, Any]], name: str, how: dict[str, Any]) -> None:
    """What S3 says of a bucket that is not there."""
    if name == "HeadBucket":
        raise ClientError({"Error": {"Code": "404"}}, name)
    asked.append(how)


@pytest.mark.usefixtures("s3")
def test_who_may_not_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", STRANGER)
    with pytest.raises(RegistryError, match="REG-21"):
        make_bucket("s3://not-theirs/study")
