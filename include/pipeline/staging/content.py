"""What can be said of a file's bytes before anybody reads rows in them: its size, whether it is whole, NUL characters.

DuckDB takes what it can of a gzip file that was cut short and says nothing, would decompress a bomb to its end, and
loads NUL characters, which PostgreSQL cannot hold.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from include.basics.errors import RegistryError
from include.pipeline.staging.limits import limits, too_large

BLOCK = 1 << 20
NOT_GZIP = (gzip.BadGzipFile, EOFError, zlib.error)


def check_content(file: Path, feed: str) -> None:
    """Read a CSV file once; raises RegistryError REG-301 (not whole, NUL characters) or REG-306 (too large)."""
    for block in checked_blocks(file, feed):
        if b"\0" in block:
            raise RegistryError("REG-301", f"A file of {feed} has NUL characters.")


def checked_blocks(file: Path, feed: str) -> Iterator[bytes]:
    """The content of a file; raises RegistryError REG-301 when it is not whole, REG-306 when it is too large."""
    allowed = limits().allowed(file.stat().st_size)
    size = 0
    try:
        for block in _blocks(file):
            size += len(block)
            if size > allowed:
                raise too_large(feed)
            yield block
    except NOT_GZIP:
        raise RegistryError("REG-301", f"A file of {feed} is not a whole gzip file.") from None


def open_bytes(file: Path) -> BinaryIO:
    """The content of a file, decompressed when its name ends with .gz."""
    return cast(BinaryIO, gzip.open(file)) if file.name.endswith(".gz") else file.open("rb")


def _blocks(file: Path) -> Iterator[bytes]:
    with open_bytes(file) as content:
        while block := content.read(BLOCK):
            yield block
