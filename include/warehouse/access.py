"""Who may do what in PostgreSQL: roles that an administrator makes, what each may read, and what the server logs."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.templates import Names
from include.warehouse.connection import Warehouse
from include.warehouse.locks import between_readers
from include.warehouse.sql import render

SCHEMAS = (
    "received",
    "decision",
    "resolved",
    "ops",
    "quarantine",
    "reference",
    "clinical",
    "scope",
    "derived",
    "marts",
)
BEFORE = "before"
"""Where tables of an earlier version are kept."""
READS = {
    "bi_reader": ("marts", "reference"),
    "registry_reader": tuple(schema for schema in SCHEMAS if schema != "scope"),
}
"""The schemas that each role of a reader may read; the monitor shows rows as they came."""


@dataclass(frozen=True)
class Roles(Names, files="access/grants access/roles"):
    """The schemas that there may be, and who reads which of them."""

    schemas: tuple[str, ...]
    reads: Mapping[str, tuple[str, ...]]


ROLES = Roles((*SCHEMAS, BEFORE), READS)


def roles_sql() -> str:
    """What an administrator runs in the warehouse's database; it can be run again at any time."""
    return "\n".join(render(f"access/{name}", ROLES) for name in ("roles", "log", "grants"))


def open_databases(warehouse: Warehouse) -> list[str]:
    """The server's other databases that are open to everybody, so to readers too."""
    return list(warehouse.run_file("access/open_databases").scalars())


def make_roles(warehouse: Warehouse) -> None:
    """Make the roles and give them what is theirs; raises RegistryError REG-122 when this account may not."""
    try:
        between_readers(warehouse, lambda: warehouse.run_verbatim(roles_sql()), SCHEMAS)
    except sa.exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
        raise RegistryError("REG-122", "This account may not make the roles of the warehouse.") from None


def grant(warehouse: Warehouse) -> None:
    """Give the roles that there are what they may read, now and of what is made later; keep the server's log clean.

    Inside the caller's transaction; DuckDB has no roles.
    """
    if not warehouse.is_duckdb:
        warehouse.run_verbatim(render("access/grants", ROLES))
        warehouse.run_verbatim(render("access/log"))
