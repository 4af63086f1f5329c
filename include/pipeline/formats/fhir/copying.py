"""Writes the copy of a file without what names a person."""

import gzip
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from include.basics.errors import RegistryError
from include.pipeline.formats.fhir.personal import stripper


def copy_lines(lines: Iterable[tuple[int, bytes]], target: Path, personal: Collection[str]) -> bool:
    """Copy lines; False, and nothing is written, when there is nothing to take away or the file cannot be read."""
    strip = stripper(personal)
    is_changed, last = False, 0
    try:
        with written(target) as out:
            for number, line in lines:
                out.write(b"\n" * (number - last - 1))
                text = strip(line.rstrip(b"\r\n"))
                is_changed, last = is_changed or text is not None, number
                out.write((line.rstrip(b"\r\n") if text is None else text) + b"\n")
    except RegistryError:
        is_changed = False
    return kept(target, is_changed=is_changed)


def kept(target: Path, *, is_changed: bool) -> bool:
    """Whether the copy is needed; removes one that is not."""
    if not is_changed:
        target.unlink(missing_ok=True)
    return is_changed


@contextmanager
def written(target: Path) -> Iterator[BinaryIO]:
    """A file to write; compressed when its name ends with .gz, the same bytes whenever it is."""
    with target.open("wb") as raw:
        if target.name.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        else:
            yield raw
