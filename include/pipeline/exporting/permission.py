"""Who may export: on PostgreSQL whoever may read the tables, on DuckDB where EXPORTS names the format."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.warehouse.address import read_url


def refuse_unpermitted(settings: Settings, name: str) -> None:
    """Raise RegistryError REG-901 when a DuckDB warehouse's export is not allowed by EXPORTS."""
    allowed = {word.strip() for word in os.environ.get("EXPORTS", "").split(",")}
    if read_url(settings.warehouse).drivername == "duckdb" and name not in allowed:
        raise RegistryError("REG-901", f"EXPORTS does not name {name}.")


@contextmanager
def granted() -> Iterator[None]:
    """Raise RegistryError REG-901 in place of PostgreSQL's own refusal."""
    try:
        yield
    except sa.exc.ProgrammingError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise RegistryError("REG-901", "The account may not read the tables.") from None
        raise
