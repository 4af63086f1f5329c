"""The URL of a warehouse."""

import sqlalchemy as sa

from include.basics.errors import RegistryError

DRIVERS = ("duckdb", "postgresql+psycopg")


def read_url(text: str) -> sa.URL:
    """The parts of a URL; raises RegistryError REG-102, which quotes nothing of it: a password may stand anywhere."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in DRIVERS:
        raise RegistryError("REG-102", "The warehouse URL cannot be read.")
    return url
