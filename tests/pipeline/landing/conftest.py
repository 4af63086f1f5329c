"""Landing needs a registry to enter files in, and an S3 server."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.warehouse import Warehouse, open_warehouse
from tests.support.registry import duckdb_registry, registry
from tests.support.s3 import s3, s3_endpoint
from tests.support.warehouses import Templates

__all__ = ["duckdb_registry", "registry", "s3", "s3_endpoint"]

_numbers = itertools.count(1)


@pytest.fixture
def bucket(s3: Any) -> str:
    """A new bucket."""
    name = f"bucket-{next(_numbers)}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def duckdb_warehouse(tmp_path: Path, templates: Templates) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(templates.duckdb(tmp_path / "registry.duckdb")) as opened:
        yield opened
