"""Delimited text: CSV in any dialect. DuckDB reads the file itself, or a copy in UTF-8 that begins at its header."""

import codecs
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.emptying import empty_columns
from include.pipeline.formats.heading import Heading, heading
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.table import takes, unique_names
from include.pipeline.staging.content import NOT_GZIP, check_content, checked_blocks, open_bytes
from include.pipeline.staging.header import checked
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import Marks
from include.pipeline.staging.reading import csv_rows
from include.pipeline.staging.salvage import Lines, not_to_its_end, salvage

FEEDS: Collection[str] = ()
LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")
BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def usual_columns(feed: str) -> Mapping[str, Any]:
    """None: a table's columns have the names that the hospital gave them."""
    return {}


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file, strictly; `line_by_line` sets aside each line that is no row."""
    marks = marks_of(asked.dialect)
    encoding = _encoding(file, asked.feed, asked.dialect)
    found = _heading(file, encoding, asked, marks)
    names = unique_names(_checked(found.names, asked.feed, marks))
    text = _in_utf8(file, encoding, asked.feed, len(found.lines), marks.delimiter * (len(names) - 1), folder)
    unused = [name for name in names if not takes(asked, name)]
    rows = csv_rows(text, names, unused=unused, marks=marks)
    again = partial(_line_by_line, text, names, asked, len(found.lines) - 1, folder)
    return Rows(f"(SELECT * FROM {rows}) AS t", names, line_by_line=again)


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file with nothing in some columns; all other bytes of its rows stay."""
    try:
        encoding = _encoding(file, "", dialect)
    except (OSError, *NOT_GZIP):
        return False
    return empty_columns(file, target, personal, beside, encoding, marks_of(dialect), dialect.header_row)


def marks_of(dialect: Dialect) -> Marks:
    """The marks of a dialect; raises RegistryError REG-401 when they cannot be told apart."""
    marks = Marks(dialect.delimiter or ",", dialect.quote, tuple(dialect.ignored_lines))
    if len(marks.delimiter) != 1 or len(marks.quote) > 1 or marks.delimiter == marks.quote:
        raise RegistryError("REG-401", "A dialect needs a delimiter and a quote of one character each.")
    if marks.delimiter in " \r\n\0" or marks.quote in tuple(" \r\n\0"):
        raise RegistryError("REG-401", "The delimiter and the quote of a dialect cannot be a blank or a line end.")
    return marks


def _checked(names: Sequence[str], feed: str, marks: Marks) -> list[str]:
    try:
        return checked(names, feed, marks)
    except RegistryError as error:
        keys = "`encoding`, `delimiter` and `header_row` of the profile's dialect"
        raise RegistryError(error.code, f"{error.what} Look at {keys}.") from None


def _heading(file: Path, encoding: str, asked: Asked, marks: Marks) -> Heading:
    """The heading of a file; an empty one that needs none has the columns that are asked for."""
    try:
        with open_bytes(file) as content, io.TextIOWrapper(content, encoding, _seen(encoding), newline="") as text:
            found = heading(Lines(text), asked.dialect.header_row, asked.feed, marks)
    except NOT_GZIP:
        raise RegistryError("REG-301", f"A file of {asked.feed} is not a whole gzip file.") from None
    return found if found.names or found.lines or asked.dialect.header_row != [0] else Heading(asked.columns)


def _in_utf8(file: Path, encoding: str, feed: str, lines: int, header: str, folder: Path) -> Path:
    """The file itself where DuckDB can read it; else a copy with another header in the place of its first lines."""
    if encoding == "utf-8" and lines == 1:
        check_content(file, feed)
        return file
    copy = folder / "utf8.csv"
    with copy.open("w", encoding="utf-8", errors=_errors(encoding), newline="") as target:
        target.write(f"{header}\n")
        for text in _without_lines(_texts(file, encoding, feed), lines):
            target.write(text)
    return copy


def _encoding(file: Path, feed: str, dialect: Dialect) -> str:
    """What a file is written in: as its byte-order mark says, else as the profile does."""
    with open_bytes(file) as content:
        try:
            begins = content.read(3)
        except NOT_GZIP:
            raise RegistryError("REG-301", f"A file of {feed} is not a whole gzip file.") from None
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if begins.startswith(mark):
            return encoding
    try:
        found = codecs.lookup(dialect.encoding or "utf-8").name
        "".encode(found)
        codecs.getincrementaldecoder(found)
    except LookupError:
        raise RegistryError("REG-401", "A dialect has an encoding that nobody knows.") from None
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(found, found)


def _errors(encoding: str) -> str:
    """In UTF-8 a line that cannot be decoded is set aside alone; in other encodings one says nothing of the others."""
    return "surrogateescape" if encoding == "utf-8" else "strict"


def _seen(encoding: str) -> str:
    """The same for lines that are looked at before all of them are read strictly."""
    return "surrogateescape" if encoding == "utf-8" else "replace"


def _texts(file: Path, encoding: str, feed: str) -> Iterator[str]:
    """The text of a file in parts, without byte-order mark."""
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    mark = "\ufeff"
    try:
        for block in checked_blocks(file, feed):
            text = decoder.decode(block)
            if "\0" in text:
                raise RegistryError(
                    "REG-301", f"A file of {feed} has NUL characters: if it is UTF-16, say `encoding: utf-16-le`."
                )
            yield text.removeprefix(mark)
            mark = "" if text else mark
        yield decoder.decode(b"", final=True)
    except UnicodeError:
        raise RegistryError("REG-301", f"A file of {feed} is not {encoding} text, as its profile says.") from None


def _without_lines(texts: Iterator[str], lines: int) -> Iterator[str]:
    """What comes behind so many lines."""
    waiting = ""
    for text in texts:
        waiting += text
        while lines and (end := LINE_END.search(waiting)):
            waiting = waiting[end.end() :]
            lines -= 1
        if not lines:
            yield waiting
            waiting = ""
        elif len(waiting) > limits().longest_line:
            return


def _line_by_line(text: Path, names: Sequence[str], asked: Asked, before: int, folder: Path) -> Rows:
    kept, rejected = folder / "kept.csv", folder / "rejected.csv"
    marks = marks_of(asked.dialect)
    known = [place for place, name in enumerate(names) if takes(asked, name)]
    try:
        found = salvage(text, len(names), known, kept, rejected, marks, before)
    except OSError as error:
        raise not_to_its_end(error, asked.feed) from None
    if found.told not in (None, found.kept + found.rejected):
        told, read = found.told, found.kept + found.rejected
        raise RegistryError("REG-312", f"A file of {asked.feed} says that it has {told} rows, and has {read}.")
    relation = csv_rows(kept, names, has_header=False, marks=marks)
    return Rows(relation, tuple(names), rejected if found.rejected else None, {"ignored_line": found.ignored})
