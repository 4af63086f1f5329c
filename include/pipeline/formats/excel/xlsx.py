"""Errors and percentages of a sheet of .xlsx and .xlsm, which are XML."""

import html
import re
import zipfile
from collections.abc import Iterator

from include.pipeline.formats.excel.looks import PERCENT, Cells, is_percent, percent

BLOCK, OVERLAP = 1 << 20, 1 << 14
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
STYLES = re.compile(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
STYLE = re.compile(r"<(?:\w+:)?xf\s[^>]*>")
LOOKS = "xl/styles.xml"
CELL = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
FORMULA = rb"(?:<f[^>]*?(?:/>|>[^<]*</f>))?"
ERROR = re.compile(CELL + rb'[^>]*? t="e"[^>]*>' + FORMULA + rb"<v>(#[^<]{1,20})</v>")
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows."""
    percentages = _percentages(archive)
    for block in _blocks(archive, _path(archive, sheet)):
        for column, row, text in ERROR.findall(block):
            yield int(row), _number(column), text.decode("ascii", "replace")
        for column, row, text in percentages.findall(block) if percentages else ():
            yield int(row), _number(column), percent(float(text))
        for column, top, bottom in MERGED.findall(block):
            yield int(top), _number(column), int(bottom)


def _percentages(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """An expression of the cells whose number is shown as a percentage; None where no style does that."""
    if LOOKS not in archive.namelist():
        return None
    styles = archive.read(LOOKS).decode("utf-8", "replace")
    formats = {_attribute(tag, "numFmtId"): _attribute(tag, "formatCode") for tag in FORMAT.findall(styles)}
    percentages = {*map(str, PERCENT), *(number for number, code in formats.items() if is_percent(code))}
    listed = STYLES.search(styles)
    tags = STYLE.findall(listed[0]) if listed else []
    places = [str(place) for place, tag in enumerate(tags) if _attribute(tag, "numFmtId") in percentages]
    if not places:
        return None
    styled = rb'(?=[^>]* s="(?:' + "|".join(places).encode() + rb')")(?![^>]* t="[^n])[^>]*>'
    return re.compile(CELL + styled + FORMULA + rb"<v>([-+0-9.eE]{1,30})</v>")


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
