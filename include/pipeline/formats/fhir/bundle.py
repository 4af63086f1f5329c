"""FHIR R4 as one bundle (searchset, history, transaction, collection), or one resource, in a file."""

import io
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.fhir import rows
from include.pipeline.formats.fhir.copying import kept, written
from include.pipeline.formats.fhir.lines import opened
from include.pipeline.formats.fhir.ndjson import FEEDS, usual_columns
from include.pipeline.formats.fhir.personal import LONGEST, stripper
from include.pipeline.formats.fhir.records import RULES, of_entry
from include.pipeline.formats.fhir.scanning import NoBundleError, Scanner, members
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.staging.limits import limits

__all__ = ["FEEDS", "read", "usual_columns", "without_personal"]


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file, whose entries are read one by one."""
    return rows.read(lambda: _entries(file, asked.feed), of_entry, asked, folder)


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file without what names a person; an entry that is no resource stays as it is."""
    is_changed = False
    strip = stripper([*personal, *beside])
    try:
        with written(target) as out:
            out.write(b"{")
            before = ""
            for name, value in _members(file, "FHIR"):
                text = _bytes(value)
                stripped = strip(text) if name == "entry" else None
                is_changed = is_changed or stripped is not None
                out.write(_between(before, name) + (text if stripped is None else stripped))
                before = name
            out.write(b"]}" if before == "entry" else b"}")
    except RegistryError:
        is_changed = False
    return kept(target, is_changed=is_changed)


def _between(before: str, name: str) -> bytes:
    """What stands between two members."""
    if before == name:
        return b","
    end = b"]" if before == "entry" else b""
    comma = b"," if before else b""
    return end + comma + json.dumps(name).encode() + (b":[" if name == "entry" else b":")


def _entries(file: Path, feed: str) -> Iterator[tuple[int, bytes]]:
    """The entries of a bundle with their numbers; of one resource itself, as if it stood in a bundle."""
    number, kind, others = 0, "", dict[str, str]()
    for name, value in _members(file, feed):
        if name == "entry" and kind in ("", '"Bundle"'):
            number += 1
            yield number, _bytes(value)
            continue
        kind = value if name == "resourceType" else kind
        others[name] = value
    if kind == '"Bundle"' and RULES in others:
        raise _unreadable(feed, "is a FHIR bundle that follows rules which the registry does not know (implicitRules)")
    if kind != '"Bundle"':
        if number or not kind:
            raise _unreadable(feed)
        written_out = ",".join(f"{json.dumps(name)}:{value}" for name, value in others.items())
        yield 1, _bytes(f'{{"resource":{{{written_out}}}}}')


def _members(file: Path, feed: str) -> Iterator[tuple[str, str]]:
    try:
        with _text(file, feed) as text:
            yield from members(Scanner(text, LONGEST, limits().allowed(file.stat().st_size)))
    except NoBundleError as error:
        raise _unreadable(feed, str(error)) from None
    except RecursionError:
        raise RegistryError("REG-306", "A FHIR bundle has values that are nested too deep.") from None


@contextmanager
def _text(file: Path, feed: str) -> Iterator[io.TextIOWrapper]:
    """The text of a file; bytes that are not UTF-8 are told where they stand, by the entry that has them."""
    with opened(file, feed) as content:
        yield io.TextIOWrapper(content, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _unreadable(feed: str, why: str = "is JSON, but no FHIR bundle or resource") -> RegistryError:
    return RegistryError("REG-301", f"A file of {feed} {why}.")
