"""Copies delimited text with nothing in some of its columns: what names a person and no feed needs.

Every other byte of a row stays. A line that is no row may name a person anywhere: it stays a line, and says nothing but
what the dialect expects of lines that are none.
"""

import gzip
import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from include.basics.errors import RegistryError
from include.pipeline.formats.heading import BYTE_ORDER_MARK, heading
from include.pipeline.formats.table import NOT_FOUND, hidden
from include.pipeline.staging.content import NOT_GZIP, open_bytes
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import Marks
from include.pipeline.staging.salvage import LINE_END, Lines, split_record

LEFT_OUT = "left-out"


def empty_columns(
    file: Path,
    target: Path,
    columns: Collection[str],
    beside: Collection[str],
    encoding: str,
    marks: Marks,
    header_row: Sequence[int],
) -> bool:
    """Whether a file could be copied without the columns, those `beside` that it has, and what stands above its header.

    Else nothing is written. Raises RegistryError REG-218 when one of the columns is not in it.
    """
    try:
        with open_bytes(file) as content, _text(content, encoding) as text:
            lines = Lines(text)
            above = heading(lines, header_row, "", marks)
            places = [place for place, is_hidden in enumerate(hidden(above.names, columns, beside)) if is_hidden]
            if not places:
                return False
            with _written(target, encoding) as copy:
                copy.writelines(_emptied_whole(line) for line in above.lines[: above.titles])
                copy.writelines(above.lines[above.titles :])
                allowed = limits().allowed(file.stat().st_size)
                for line in lines:
                    copy.write(_emptied(lines, line, len(above.names), places, marks))
                    if (allowed := allowed - len(line)) < 0:
                        raise UnicodeError
    except (*NOT_GZIP, UnicodeError, RegistryError) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, RegistryError) and error.code == NOT_FOUND:
            raise
        return False
    return True


def _emptied_whole(line: str) -> str:
    """A line with nothing but its end, and a byte-order mark before it."""
    return line[: line.startswith(BYTE_ORDER_MARK)] + line[len(line.rstrip(LINE_END)) :]


def _emptied(lines: Lines, line: str, width: int, places: Sequence[int], marks: Marks) -> str:
    """The record that begins with a line, without the cells at some places."""
    body = line.rstrip(LINE_END)
    end = line[len(body) :]
    if not body:
        return line
    if len(line) <= limits().longest_line and not marks.has_quote(line) and line.count(marks.delimiter) == width - 1:
        plain = body.split(marks.delimiter)
        for place in places:
            plain[place] = ""
        return marks.delimiter.join(plain) + end
    cells, more = split_record(lines, line, width, marks)
    record = line + "".join(more)
    if cells is None or len(cells) != width or len(record) > limits().longest_line:
        lines.put_back(more)
        ignored = marks.ignored_in(line)
        return (ignored[0] if ignored else LEFT_OUT) + (end or "\n")
    for place in reversed(places):
        record = record[: cells[place].start()] + record[cells[place].end() :]
    return record


def _text(content: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(content, encoding, "surrogateescape", newline="")


@contextmanager
def _written(target: Path, encoding: str) -> Iterator[TextIO]:
    """A text file, compressed when its name ends with .gz; the same content is the same file."""
    with target.open("wb") as plain:
        is_packed = target.name.endswith(".gz")
        content = gzip.GzipFile("", "wb", fileobj=plain, mtime=0) if is_packed else plain
        with _text(cast(BinaryIO, content), encoding) as text:
            yield text
