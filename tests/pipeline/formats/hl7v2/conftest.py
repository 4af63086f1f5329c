"""A registry that reads messages."""

from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]
