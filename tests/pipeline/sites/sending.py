"""Extracts that sites send, and what became of them."""

from pathlib import Path
from typing import Any

from tests.support import extracts
from tests.support.extracts import Row
from tests.support.registry import Registry

NIGHT, LATER = "2020-01-01", "2020-01-02"
SITES = ("north", "south")


def send(registry: Registry, site: str, feed: str, day: str, *rows: Row, name: str = "a.csv") -> Path:
    """Write an extract of a site."""
    return extracts.send(registry.extracts / site, feed, day, rows, name)


def fates(registry: Registry) -> list[tuple[Any, ...]]:
    """What became of the files, site by site."""
    return registry.rows("SELECT site, feed, state, rows_loaded FROM ops.load ORDER BY site, feed, delivery")


def keys(registry: Registry, feed: str, columns: str) -> list[tuple[Any, ...]]:
    """Some columns of the current rows of a feed."""
    return registry.rows(f"SELECT {columns} FROM clinical.{feed} WHERE version_state = 'current' ORDER BY {columns}")
