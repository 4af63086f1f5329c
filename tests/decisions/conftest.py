"""Decisions are tried on many small files, judged by plain SQL; tests/validation has the same rules judged by both."""

import pytest

from tests.support.registry import duckdb_registry, plain_judging, registry

__all__ = ["duckdb_registry", "plain_judging", "registry"]


@pytest.fixture(autouse=True)
def _judged_plainly(plain_judging: None) -> None:
    """Every test here."""
