"""The columns that a file says it has."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.trimming import trimmed
from include.pipeline.staging.content import NOT_GZIP, open_bytes
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import COMMAS, Marks

OTHER_DELIMITER = re.compile(r"[,;\t|]")


def read_header(file: Path, feed: str) -> list[str]:
    """Column names as they stand in a CSV file; raises RegistryError REG-301 when there is no readable header."""
    try:
        line = _first_line(file)
    except (OSError, *NOT_GZIP) as error:
        said = "is not a whole gzip file" if isinstance(error, NOT_GZIP) else "cannot be opened"
        raise RegistryError("REG-301", f"A file of {feed} {said}.") from None
    return checked(names_in(line, feed), feed)


def names_in(line: str, feed: str, marks: Marks = COMMAS) -> list[str]:
    """The cells of a header; raises RegistryError REG-301 when its quotes do not close."""
    try:
        return [trimmed(name) for name in next(_reader(line, marks), [])]
    except csv.Error:
        raise RegistryError("REG-301", f"A file of {feed} has a header with unbalanced quotes.") from None


def checked(names: Sequence[str], feed: str, marks: Marks = COMMAS) -> list[str]:
    """These names; raises RegistryError REG-301 when there are none, too many, or one that no header has."""
    if said := _wrong(names, marks):
        raise RegistryError("REG-301", f"A file of {feed} {said}.")
    return list(names)


def _wrong(names: Sequence[str], marks: Marks) -> str | None:
    text = marks.delimiter.join(names)
    if not names:
        return "has no header"
    if len(text) > limits().longest_header:
        return f"has a header of more than {limits().longest_header} characters"
    if "\0" in text or any("\udc80" <= character <= "\udcff" for character in text):
        return "is not UTF-8 text"
    if len(names) == 1 and OTHER_DELIMITER.search(text):
        return f"has a header without {'commas' if marks == COMMAS else 'the delimiter of its profile'}"
    return None


def _reader(line: str, marks: Marks) -> Iterator[list[str]]:
    text = io.StringIO(line, newline="")
    if not marks.quote:
        return csv.reader(text, strict=True, delimiter=marks.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(text, strict=True, delimiter=marks.delimiter, quotechar=marks.quote)


def _first_line(file: Path) -> str:
    """The first line; those behind it, which are decoded with it, may hold what they like."""
    with open_bytes(file) as content, io.TextIOWrapper(content, "utf-8-sig", "surrogateescape", newline="") as lines:
        return lines.readline(limits().longest_header + 1)
