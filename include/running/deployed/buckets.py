"""The buckets of the extracts and of the landing area."""

import os
from typing import Any

import boto3
from botocore.exceptions import ClientError

from include.pipeline.landing.s3_errors import s3_error, s3_errors

FIRST_REGION = "us-east-1"
"""The one that S3 does not want to be told where a bucket is made."""


def make_bucket(uri: str) -> None:
    """Make the bucket of an `s3://` address when it is missing; one that may only be looked at stays as it is.

    One that an Airflow connection leads to (S3_CONN_ID) is not this stack's to make. Raises RegistryError REG-210 when
    it cannot be made, REG-211 to REG-215 as reading it would.
    """
    if not uri.startswith("s3://") or os.environ.get("S3_CONN_ID"):
        return
    bucket = uri.removeprefix("s3://").partition("/")[0]
    try:
        with s3_errors(bucket):
            _make(boto3.client("s3"), bucket)
    except OSError:
        raise s3_error("REG-210", bucket) from None


def _make(client: Any, bucket: str) -> None:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        region = client.meta.region_name
        where = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != FIRST_REGION else {}
        client.create_bucket(Bucket=bucket, **where)
