"""Sessions of PostgreSQL: what they need of the server, and what they do not leave to its defaults."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.warehouse.refusal import place

if TYPE_CHECKING:
    import psycopg

OLDEST = 15
"""The oldest version of PostgreSQL that the tests were run with."""
PINNED = {
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    "search_path": "public",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
}
"""What decides how values and names are read and written, whatever a house has set for server, database or account."""
READING = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
    "statement_timeout": "600s",
}
"""A reader's session writes nothing, no statement runs for ever, all see the tables of one moment."""
WRITING = {
    "default_transaction_isolation": "read committed",
    "idle_in_transaction_session_timeout": "0",
    "jit": "off",
    "work_mem": "64MB",
}
"""A step's session works in Python between statements, sorts and joins many rows, and would compile a SELECT for longer
than it takes."""
KEPT_ALIVE = {
    "keepalives_idle": "60",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "90000",
}
"""A server whose host is gone is noticed within a minute and a half, not after hours; the URL may say otherwise.

The last is for what was sent and is not acknowledged: nobody asks whether the host lives meanwhile.
"""


def connect_args(url: sa.URL, *, read_only: bool) -> dict[str, str]:
    """What libpq is told beside the URL."""
    settings = PINNED | (READING if read_only else WRITING)
    options = " ".join("-c " + f"{name}={value}".replace(" ", r"\ ") for name, value in settings.items())
    return {"options": options, **{name: value for name, value in KEPT_ALIVE.items() if name not in url.query}}


def check_server(connection: sa.Connection) -> None:
    """Raise RegistryError REG-125 where the server is too old, or the database holds no Unicode."""
    driver: Any = connection.connection.driver_connection
    version, encoding = driver.info.server_version // 10_000, driver.info.parameter_status("server_encoding")
    where = place(connection.engine.url)
    if version < OLDEST:
        raise RegistryError("REG-125", f"The server is PostgreSQL {version}, older than {OLDEST}: {where}.")
    if encoding != "UTF8":
        raise RegistryError("REG-125", f"The database is in {encoding}, not in UTF8: {where}.")


def postgresql_error() -> "type[psycopg.Error]":
    """What a driver raises that SQLAlchemy has not asked; who asks for it has an error at hand."""
    import psycopg

    return psycopg.Error
