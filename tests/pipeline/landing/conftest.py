"""Landing needs a registry to enter files in, and an S3 server."""

from tests.support.registry import duckdb_registry, registry
from tests.support.s3 import s3, s3_endpoint

__all__ = ["duckdb_registry", "registry", "s3", "s3_endpoint"]
