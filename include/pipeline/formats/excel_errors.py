"""The cells of an .xlsx sheet that hold an error (`#N/A`): calamine shows them as empty."""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

BLOCK, OVERLAP = 1 << 20, 1 << 14
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>(#[^<]{1,20})</v>'
)


def errors_of(file: Path, sheet: str, first_column: int) -> dict[int, dict[int, str]]:
    """The errors of a sheet by row and by column, both from 1 on; of other kinds of workbooks nothing is known."""
    found: dict[int, dict[int, str]] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            for block in _blocks(archive, _path(archive, sheet)):
                for column, row, text in ERROR.findall(block):
                    found.setdefault(int(row), {})[_number(column) - first_column] = text.decode("ascii", "replace")
    except (zipfile.BadZipFile, zlib.error, KeyError, StopIteration, RuntimeError, EOFError):
        return {}
    return found


def _path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where in the archive a sheet is; raises KeyError or StopIteration when it is nowhere."""
    tags = SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
    relation = next(_attribute(tag, r"\w+:id") for tag in tags if _attribute(tag, "name") == sheet)
    tags = RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
    target = next(_attribute(tag, "Target") for tag in tags if _attribute(tag, "Id") == relation)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _blocks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The text of a part, some at a time; the end of each comes again with the next."""
    before = b""
    with archive.open(path) as content:
        while block := content.read(BLOCK):
            yield before + block
            before = (before + block)[-OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
