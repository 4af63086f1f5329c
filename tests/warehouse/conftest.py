"""A registry on each engine."""

from tests.support.registry import duckdb_registry, plain_judging, registry

__all__ = ["duckdb_registry", "plain_judging", "registry"]
