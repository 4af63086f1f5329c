"""The bytes of a file: decompressed, no more than the registry takes, line by line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from include.basics.errors import RegistryError
from include.pipeline.staging.content import NOT_GZIP, open_bytes
from include.pipeline.staging.limits import limits, too_large

BOM = b"\xef\xbb\xbf"


@contextmanager
def opened(file: Path, feed: str) -> Iterator[BinaryIO]:
    """The content of a file; raises RegistryError REG-301 when its compression is broken."""
    try:
        with open_bytes(file) as content:
            yield content
    except NOT_GZIP:
        raise RegistryError("REG-301", f"A file of {feed} is not a whole gzip file.") from None


def lines(file: Path, feed: str, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, numbered from 1; one that is longer comes cut to one byte more than the longest.

    Raises RegistryError REG-301 (no whole gzip file) or REG-306 (too large).
    """
    allowed, number = limits().allowed(file.stat().st_size), 0
    with opened(file, feed) as content:
        while line := content.readline(longest + 1):
            number += 1
            allowed -= len(line)
            rest = line
            while len(rest) > longest and not rest.endswith(b"\n"):
                rest = content.readline(longest + 1)
                allowed -= len(rest)
                if allowed < 0:
                    break
            if allowed < 0:
                raise too_large(feed)
            text = line.removeprefix(BOM) if number == 1 else line
            if not text.isspace() and text:
                yield number, text
