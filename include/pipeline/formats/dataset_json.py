"""CDISC Dataset-JSON 1.1: a data set as one JSON object (.json), or line by line (.ndjson)."""

import gzip
import io
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.json_parts import Part, PartError, Parts, lines_without, parts_of_lines, without_cells
from include.pipeline.formats.table import RowWriter, hidden, writing
from include.pipeline.staging.content import NOT_GZIP, check_content, open_bytes

FEEDS: Collection[str] = ()
LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")


def usual_columns(feed: str) -> Mapping[str, Any]:
    """None: a table's columns have the names that the hospital gave them."""
    return {}


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a data set. Numbers keep their text; a row that is no array of the columns' width is set aside."""
    check_content(file, asked.feed)
    try:
        with writing(_header(file), asked, folder) as rows, _opened(file) as text:
            records, found = _write(_parts(file, text), rows)
    except (PartError, KeyError, TypeError, AttributeError):
        raise RegistryError("REG-301", f"A file of {asked.feed} is not a whole Dataset-JSON 1.1 file.") from None
    except UnicodeError:
        raise RegistryError("REG-301", f"A file of {asked.feed} is not UTF-8 text.") from None
    except RecursionError:
        raise RegistryError("REG-306", f"A file of {asked.feed} is nested more deeply than any data set.") from None
    if records is not None and records != str(found):
        raise RegistryError("REG-301", f"A file of {asked.feed} has not as many rows as it says.")
    return rows.rows()


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file with null in some columns; all other text stays."""
    try:
        names = _header(file)
        places = [place for place, is_hidden in enumerate(hidden(names, personal, beside)) if is_hidden]
        if not places:
            return False
        with _opened(file) as text, closing(_written(target)) as copy:
            if file.name.endswith(LINES):
                copy.writelines(lines_without(text, places, len(names)))
            else:
                copy.writelines(
                    without_cells(part.text, places, len(names)) if part.key == "row" else part.text
                    for part in Parts(text)
                )
    except (PartError, KeyError, TypeError, AttributeError, UnicodeError, RecursionError, *NOT_GZIP):
        target.unlink(missing_ok=True)
        return False
    return True


def _opened(file: Path) -> TextIO:
    return io.TextIOWrapper(open_bytes(file), "utf-8-sig", "surrogateescape", newline="")


def _written(target: Path) -> TextIO:
    if target.name.endswith(".gz"):
        return io.TextIOWrapper(gzip.GzipFile(target, "wb", mtime=0), "utf-8", "surrogateescape", newline="")
    return target.open("w", encoding="utf-8", errors="surrogateescape", newline="")


def _parts(file: Path, text: TextIO) -> Iterable[Part]:
    return parts_of_lines(text) if file.name.endswith(LINES) else Parts(text)


def _header(file: Path) -> list[str]:
    """The names of the columns, wherever in the file they are."""
    with _opened(file) as text:
        for part in _parts(file, text):
            if part.key == "columns":
                names = [column["name"] for column in part.value]
                "".join(names).encode()
                if names:
                    return names
    raise PartError


def _write(parts: Iterable[Part], rows: RowWriter) -> tuple[str | None, int]:
    """How many rows the file says it has, and how many it has."""
    records, found = None, 0
    for part in parts:
        if part.key == "records":
            records = str(part.value)
        if part.key != "row":
            continue
        found += 1
        if _is_row(part.value, len(rows.names)):
            rows.add(part.number, [_text(value) for value in part.value])
        else:
            rows.reject(part.number, part.text)
    return records, found


def _is_row(value: Any, width: int) -> bool:
    return isinstance(value, list) and len(value) == width and not any(isinstance(one, list | dict) for one in value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
