"""Sessions to stage in, and a registry to run a night of mutants on."""

from tests.pipeline.staging.conftest import duckdb_session, postgresql_session

__all__ = ["duckdb_session", "postgresql_session"]
