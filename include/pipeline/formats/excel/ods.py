"""Errors and percentages of a sheet of .ods, which is XML: rows and cells that are alike stand there once, numbered."""

import html
import re
import zipfile
from collections.abc import Iterator

from include.pipeline.formats.excel.looks import MOST, Cells, percent

BLOCK = 1 << 20
BEGIN = b"<table:"
TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>(?:<text:p>([^<]{1,20})</text:p>)?"
)


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows."""
    is_sheet, row, rows, column = False, 0, 1, 0
    for closes, tag, said, text in _tags(archive):
        if tag == b"table":
            is_sheet = not closes and _said(said, "table:name") == sheet
        elif is_sheet and tag == b"table-row":
            if not closes:
                rows, column = _repeated(said, "rows"), 0
            if closes or said.endswith(b"/"):
                row += rows
        elif is_sheet and not closes:
            columns = _repeated(said, "columns")
            if shows := _shown(said, text):
                yield from ((row + r, column + c, shows) for r in range(1, rows + 1) for c in range(1, columns + 1))
            column += columns


def _shown(said: bytes, text: bytes) -> str:
    """What a cell shows that has an error or a percentage."""
    if _said(said, "calcext:value-type") == "error":
        return text.decode("utf-8", "replace")
    is_percentage = _said(said, "office:value-type") == "percentage"
    return percent(float(_said(said, "office:value"))) if is_percentage else ""


def _tags(archive: zipfile.ZipFile) -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    """The tags of tables, rows and cells: how they end, their names, attributes, and the text that follows."""
    before = b""
    with archive.open("content.xml") as content:
        while block := content.read(BLOCK):
            text = before + block
            cut = max(text.rfind(BEGIN), 0)
            yield from TAG.findall(text[:cut])
            before = text[cut:]
    yield from TAG.findall(before)


def _repeated(said: bytes, what: str) -> int:
    return min(int(_said(said, f"table:number-{what}-repeated") or 1), MOST)


def _said(attributes: bytes, name: str) -> str:
    found = re.search(rb"\s%s=\"([^\"]*)\"" % name.encode(), attributes)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""
