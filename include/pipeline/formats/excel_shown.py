"""The cells of an .xlsx sheet that calamine shows otherwise than the sheet does.

An error (`#N/A`) is empty there, and of a percentage (15 %) it gives the fraction that stands behind it (0.15).
"""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

BLOCK, OVERLAP = 1 << 20, 1 << 14
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
STYLES = re.compile(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
STYLE = re.compile(r"<(?:\w+:)?xf\s[^>]*>")
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""What a format prints as it is."""
PERCENT = ("9", "10")
"""The numbers of the formats 0% and 0.00%, which no workbook writes out."""
LOOKS = "xl/styles.xml"
CELL = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
FORMULA = rb"(?:<f[^>]*?(?:/>|>[^<]*</f>))?"
ERROR = re.compile(CELL + rb'[^>]*? t="e"[^>]*>' + FORMULA + rb"<v>(#[^<]{1,20})</v>")
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
DIGITS = 15
"""What a spreadsheet shows of a number: the further ones are of its binary form."""
Shown = dict[int, dict[int, str]]


def shown(file: Path, sheet: str, first_column: int) -> Shown:
    """Errors and percentages of a sheet by row and by column, both from 1 on; of other workbooks nothing is known."""
    found: Shown = {}
    try:
        with zipfile.ZipFile(file) as archive:
            percent = _percentages(archive)
            for block in _blocks(archive, _path(archive, sheet)):
                for column, row, text in ERROR.findall(block):
                    found.setdefault(int(row), {})[_number(column) - first_column] = text.decode("ascii", "replace")
                for column, row, text in percent.findall(block) if percent else ():
                    found.setdefault(int(row), {})[_number(column) - first_column] = _percent(float(text))
                for column, top, bottom in MERGED.findall(block):
                    _reach(found, _number(column) - first_column, int(top), int(bottom))
    except (zipfile.BadZipFile, zlib.error, KeyError, StopIteration, RuntimeError, EOFError, ValueError):
        return {}
    return found


def _reach(found: Shown, column: int, top: int, bottom: int) -> None:
    """What is merged downwards is shown in each of its rows; merged cells stand behind all others."""
    if text := found.get(top, {}).get(column):
        for row in range(top + 1, min(bottom, top + BLOCK) + 1):
            found.setdefault(row, {})[column] = text


def _percent(fraction: float) -> str:
    return f"{(Decimal(f'{fraction:.{DIGITS}g}') * 100).normalize():f}%"


def _percentages(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """An expression of the cells whose number is shown as a percentage; None where no style does that."""
    if LOOKS not in archive.namelist():
        return None
    styles = archive.read(LOOKS).decode("utf-8", "replace")
    formats = {_attribute(tag, "numFmtId"): _attribute(tag, "formatCode") for tag in FORMAT.findall(styles)}
    percent = {*PERCENT, *(number for number, code in formats.items() if "%" in QUOTED.sub("", code))}
    listed = STYLES.search(styles)
    tags = STYLE.findall(listed[0]) if listed else []
    places = [str(place) for place, tag in enumerate(tags) if _attribute(tag, "numFmtId") in percent]
    if not places:
        return None
    styled = rb'(?=[^>]* s="(?:' + "|".join(places).encode() + rb')")(?![^>]* t="[^n])[^>]*>'
    return re.compile(CELL + styled + FORMULA + rb"<v>([-+0-9.eE]{1,30})</v>")


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
