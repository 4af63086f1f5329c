"""A registry on each engine, and the sample study's first night."""

from pathlib import Path

import pytest

from include.study.sample import NIGHTS, write_night
from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extracts of the first night: good rows and planted defects of all feeds."""
    out = tmp_path_factory.mktemp("first_night")
    write_night(out, NIGHTS[0])
    return out
