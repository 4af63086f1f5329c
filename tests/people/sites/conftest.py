"""What is asked of a profile needs one, and a registry."""

from tests.pipeline.mapping.conftest import profile
from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "profile", "registry"]
