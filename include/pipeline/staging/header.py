"""The columns that a file says it has."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from include.basics.errors import RegistryError
from include.pipeline.staging.content import NOT_GZIP, open_bytes
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import COMMAS, Marks
from include.pipeline.staging.trimming import trimmed

OTHER_DELIMITER = re.compile(r"[,;\t|]")


def read_header(file: Path, feed: str, marks: Marks = COMMAS) -> list[str]:
    """Column names as they stand in a CSV file; raises RegistryError REG-301 when there is no readable header."""
    try:
        line = _first_line(file)
        first = next(_reader(line, marks), [])
    except (OSError, *NOT_GZIP, UnicodeEncodeError, csv.Error) as error:
        raise RegistryError("REG-301", f"A {feed} file {_what_is_wrong(error)}.") from None
    if len(line) > limits().longest_header:
        raise RegistryError("REG-301", f"A {feed} file has a header of more than {limits().longest_header} characters.")
    if not first:
        raise RegistryError("REG-301", f"A {feed} file has no header.")
    if len(first) == 1 and OTHER_DELIMITER.search(first[0]):
        mark = "commas" if marks == COMMAS else "the delimiter of its profile"
        raise RegistryError("REG-301", f"A {feed} file has a header without {mark}.")
    return [trimmed(name) for name in first]


def _reader(line: str, marks: Marks) -> Iterator[list[str]]:
    if not marks.quote:
        return csv.reader([line], strict=True, delimiter=marks.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader([line], strict=True, delimiter=marks.delimiter, quotechar=marks.quote)


def _what_is_wrong(error: Exception) -> str:
    match error:
        case UnicodeEncodeError():
            return "is not UTF-8 text"
        case OSError() if not isinstance(error, NOT_GZIP):
            return "cannot be opened"
        case csv.Error():
            return "has a header with unbalanced quotes"
        case _:
            return "is not a whole gzip file"


def _first_line(file: Path) -> str:
    """The first line; those behind it, which are decoded with it, may hold what they like."""
    with open_bytes(file) as content, io.TextIOWrapper(content, "utf-8-sig", "surrogateescape", newline="") as lines:
        line = lines.readline(limits().longest_header + 1)
    if "\0" in line:
        raise UnicodeEncodeError("utf-8", "", 0, 0, "binary content")
    line.encode()
    return line
