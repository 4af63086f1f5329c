"""A registry to load files into, and a judge that is quicker than Great Expectations."""

from tests.support.registry import duckdb_registry, plain_judging, registry

__all__ = ["duckdb_registry", "plain_judging", "registry"]
