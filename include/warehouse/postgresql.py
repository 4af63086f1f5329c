"""Sessions of PostgreSQL: what they need of the server, and what they do not leave to its defaults."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.warehouse.refusal import SAID, place

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

NOTICE_GONE = """
    SELECT SET_CONFIG('client_connection_check_interval', '2s', FALSE)
    WHERE VERSION() !~* 'windows|mingw|visual'
"""
"""A statement ends, and its locks with it, soon after its process was killed; on Windows no server looks for that."""


def connect_args(url: sa.URL, *, read_only: bool) -> dict[str, str]:
    """What libpq is told beside the URL, whose `options` come before what is pinned."""
    own = url.query.get("options", "")
    asked = [_options(READING if read_only else WRITING), own if isinstance(own, str) else " ".join(own)]
    kept = {name: value for name, value in KEPT_ALIVE.items() if name not in url.query}
    return {"options": " ".join([*asked, _options(PINNED)]), **kept}


def _options(settings: dict[str, str]) -> str:
    return " ".join("-c " + f"{name}={value}".replace(" ", r"\ ") for name, value in settings.items())


def check_server(connection: sa.Connection) -> None:
    """Raise RegistryError REG-125: the server is too old, the database holds no Unicode, or a pooler is between.

    Let one that is right notice when its client is gone.
    """
    info = connection.connection.driver_connection.info  # type: ignore[union-attr]
    version, encoding = info.server_version // 10_000, info.parameter_status("server_encoding")
    reasons = {
        f"The server is PostgreSQL {version}, older than {OLDEST}": version < OLDEST,
        f"The database is in {encoding}, not in UTF8": encoding != "UTF8",
        SAID["REG-125"]: connection.exec_driver_sql("SHOW search_path").scalar() != PINNED["search_path"],
    }
    for reason, is_so in reasons.items():
        if is_so:
            raise RegistryError("REG-125", f"{reason}: {place(connection.engine.url)}.")
    connection.exec_driver_sql(NOTICE_GONE)
    connection.commit()


def postgresql_error() -> "type[psycopg.Error]":
    """What a driver raises that SQLAlchemy has not asked; who asks for it has an error at hand."""
    import psycopg

    return psycopg.Error
