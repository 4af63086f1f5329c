"""A registry to load files into, and a judge that is quicker than Great Expectations."""

from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]
