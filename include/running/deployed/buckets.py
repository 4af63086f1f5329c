"""The buckets of the extracts and of the landing area."""

import boto3
from botocore.exceptions import ClientError


def make_bucket(uri: str) -> None:
    """Make the bucket of an `s3://` address when it is missing; one that may only be looked at stays as it is."""
    if not uri.startswith("s3://"):
        return
    bucket = uri.removeprefix("s3://").partition("/")[0]
    client = boto3.client("s3")
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        client.create_bucket(Bucket=bucket)
