"""The S3 server that buckets are made on."""

from tests.support.s3 import s3, s3_endpoint

__all__ = ["s3", "s3_endpoint"]
