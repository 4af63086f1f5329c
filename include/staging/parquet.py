"""What a Parquet file says of itself in its metadata: its columns and how large it is once decompressed."""

from pathlib import Path
from typing import Any

import duckdb

from include.errors import RegistryError
from include.staging.limits import limits

NODES = "SELECT name, COALESCE(num_children, 0) FROM parquet_schema(?)"
SIZES = "SELECT SUM(total_uncompressed_size), SUM(num_values) FROM parquet_metadata(?)"


def read_parquet_header(file: Path, feed: str) -> list[str]:
    """Column names of a Parquet file.

    Raises RegistryError REG-301 when it is none, and REG-306 when it says that it holds more than the registry takes;
    a cell counts as one byte at least, for a billion equal cells are written in a few.
    """
    try:
        with duckdb.connect() as connection:
            nodes = connection.execute(NODES, [str(file)]).fetchall()
            size, cells = connection.execute(SIZES, [str(file)]).fetchone() or (0, 0)
    except (duckdb.Error, UnicodeDecodeError):
        raise RegistryError("REG-301", f"A {feed} file is not a whole Parquet file.") from None
    stored = file.stat().st_size
    limits().check_size(feed, int(size or 0), stored)
    limits().check_size(feed, int(cells or 0), stored)
    return _columns(nodes)


def _columns(nodes: list[Any]) -> list[str]:
    """The names directly below the root; nodes come in depth-first order with their number of children."""
    names = []
    place = 1
    while place < len(nodes):
        names.append(nodes[place][0].strip())
        place = _behind(nodes, place)
    return names


def _behind(nodes: list[Any], place: int) -> int:
    """The place of the node behind this one and all that is below it."""
    behind = place + 1
    for _ in range(nodes[place][1]):
        behind = _behind(nodes, behind)
    return behind
