"""Changes of tables that somebody may be reading: they wait for a lock a little, let others read, and try again.

Whoever waits for PostgreSQL's strongest lock lets nobody else read meanwhile. So no wait is long, however long a
reader keeps its transaction open.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
import tenacity

from include.basics.errors import RegistryError
from include.warehouse.connection import Warehouse

LOCK_TIMEOUT = "2s"
PATIENCE_SECONDS = 60
"""How long it tries, however long a step waits for its turn."""
NOT_AVAILABLE = "55P03"
"""PostgreSQL's state of a statement that waited for a lock in vain."""


def between_readers(warehouse: Warehouse, change: Callable[[], Any], schemas: Sequence[str]) -> None:
    """Make a change in one transaction, again after a pause while a reader holds what it needs, for a minute at most.

    Raises RegistryError REG-121, which names the process that has read longest in the schemas.
    """
    attempt = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_has_timed_out),
        wait=tenacity.wait_random(0.5, 1.5),
        stop=tenacity.stop_after_delay(PATIENCE_SECONDS),
        reraise=True,
    )
    try:
        attempt(_once, warehouse, change)
    except sa.exc.OperationalError as error:
        if not _has_timed_out(error):
            raise
        raise RegistryError("REG-121", f"{_holder(warehouse, schemas)} holds tables that are to change.") from None


def _once(warehouse: Warehouse, change: Callable[[], Any]) -> None:
    with warehouse.transaction():
        if not warehouse.is_duckdb:
            warehouse.run_verbatim(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        change()


def _has_timed_out(error: BaseException) -> bool:
    return isinstance(error, sa.exc.OperationalError) and getattr(error.orig, "sqlstate", "") == NOT_AVAILABLE


def _holder(warehouse: Warehouse, schemas: Sequence[str]) -> str:
    found = warehouse.run_file("access/holders", schemas=list(schemas)).first()
    if found is None:
        return "Another process"
    since = f"{found.xact_start:%Y-%m-%d %H:%M:%S} UTC" if found.xact_start else "an unknown time"
    program = f"{found.application_name}, " if found.application_name else ""
    return f"Process {found.pid} ({program}role {found.usename}, since {since})"
