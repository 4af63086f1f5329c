"""Sessions to stage in, and a registry to run a night of mutants on."""

from tests.staging.conftest import duckdb_session, postgresql_session
from tests.support.registry import plain_judging

__all__ = ["duckdb_session", "plain_judging", "postgresql_session"]
