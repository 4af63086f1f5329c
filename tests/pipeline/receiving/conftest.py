"""Receiving is tested on many small files."""

from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]
