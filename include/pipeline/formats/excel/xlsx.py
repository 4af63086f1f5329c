"""Errors and percentages of a sheet of .xlsx and .xlsm, which are XML."""

import html
import re
import zipfile
from collections.abc import Iterator

from include.pipeline.formats.excel.looks import PERCENT, Cells, is_percent, percent

BLOCK, OVERLAP = 1 << 20, 1 << 14
PREFIX = r"(?:[\w.-]+:)?"
SHEET = re.compile(rf"<{PREFIX}sheet\s[^<>]*>")
RELATION = re.compile(rf"<{PREFIX}Relationship\s[^<>]*>")
FORMAT = re.compile(rf"<{PREFIX}numFmt\s[^<>]*>")
STYLES = re.compile(rf"</?{PREFIX}cellXfs(?:\s[^<>]*)?>")
STYLE = re.compile(rf"<{PREFIX}xf\s[^<>]*>")
LOOKS = "xl/styles.xml"
NOTHING = rb"(?!)"
ROOT = re.compile(rb"<([\w.-]+:)?worksheet[\s>]")
PLACE = rb"(?=[^<>]*\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'])[^<>]*>"
"""Of the tag of a cell where that is, and the rest."""
VALUE = PLACE + rb"\s*(?:<~f(?:\s[^<>]*?)?(?:/>|>[^<]*</~f\s*>))?\s*<~v\s*>"
"""The same up to its value; `~` stands for what the names of the sheet's elements begin with."""
ERROR = rb"<~c(?=\s)(?=[^<>]*\st=[\"']e[\"'])" + VALUE + rb"(#[^<]{1,20})<"
MERGED = rb"<~mergeCell(?=\s)[^<>]*?\sref=[\"']([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})[\"']"


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows."""
    path = _path(archive, sheet)
    percentages, error, merged = (_named(archive, path, one) for one in (_percentages(archive), ERROR, MERGED))
    for block in _blocks(archive, path):
        for column, row, text in error.findall(block):
            yield int(row), _number(column), text.decode("ascii", "replace")
        for column, row, text in percentages.findall(block):
            yield int(row), _number(column), percent(float(text))
        for column, top, bottom in merged.findall(block):
            yield int(top), _number(column), int(bottom)


def _named(archive: zipfile.ZipFile, path: str, expression: bytes) -> re.Pattern[bytes]:
    """An expression with what the names of a part's elements begin with."""
    with archive.open(path) as content:
        found = ROOT.search(content.read(BLOCK))
    return re.compile(expression.replace(b"~", re.escape(found[1] or b"") if found else b""))


def _percentages(archive: zipfile.ZipFile) -> bytes:
    """An expression of the cells whose number is shown as a percentage; of none where no style does that."""
    if LOOKS not in archive.namelist():
        return NOTHING
    styles = archive.read(LOOKS).decode("utf-8", "replace")
    formats = {_attribute(tag, "numFmtId"): _attribute(tag, "formatCode") for tag in FORMAT.findall(styles)}
    percentages = {*map(str, PERCENT), *(number for number, code in formats.items() if is_percent(code))}
    _, *listed = STYLES.split(styles)
    tags = STYLE.findall(listed[0]) if listed else []
    places = [str(place) for place, tag in enumerate(tags) if _attribute(tag, "numFmtId") in percentages]
    if not places:
        return NOTHING
    styled = rb"<~c(?=\s)(?=[^<>]*\ss=[\"'](?:" + "|".join(places).encode() + rb")[\"'])(?![^<>]*\st=[\"'][^n])"
    return styled + VALUE + rb"([-+0-9.eE]{1,30})<"


def _path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where in the archive a sheet is; raises KeyError or StopIteration when it is nowhere."""
    tags = SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
    relation = next(_attribute(tag, r"\w+:id") for tag in tags if _attribute(tag, "name") == sheet)
    return part(archive, "xl/_rels/workbook.xml.rels", relation)


def part(archive: zipfile.ZipFile, relations: str, name: str) -> str:
    """Where in the archive the part of a relation is."""
    tags = RELATION.findall(archive.read(relations).decode("utf-8", "replace"))
    target = next(_attribute(tag, "Target") for tag in tags if _attribute(tag, "Id") == name)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}=([\"'])(.*?)\1", tag, re.DOTALL)
    return html.unescape(found[2]) if found else ""


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
