"""Errors and percentages of a sheet of .xlsx and .xlsm, which are XML."""

import re
import zipfile
from collections.abc import Collection, Mapping

from include.basics.numbers import is_number
from include.pipeline.formats.excel.elements import Reading, elements
from include.pipeline.formats.excel.looks import PERCENT, Cells, is_percent, percent

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
LOOKS, TEXTS = "xl/styles.xml", "xl/sharedstrings.xml"
PLACE = re.compile(r"([A-Za-z]+)([0-9]{1,7})")
MOST_STYLES = 1 << 16
"""Of a workbook, as Excel has it."""
DIGITS, LETTERS = "0123456789", 26
SHOWN = ("e", "n")
"""Types of cells, of errors and of numbers; of these only those whose style shows a percentage are looked at."""
Cell = tuple[int, int, str | int]


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows; raises ExpatError or ValueError when calamine may have missed some of it."""
    parts = parts_of(archive)
    _look_at_texts(archive, parts)
    reading, found = Reading(), list[Cell]()
    _watch(reading, _percentages(archive, parts), found)
    for _ in reading.blocks(archive, _path(archive, parts, sheet)):
        yield from found
        found.clear()


def _look_at_texts(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> None:
    """Read the texts that cells share: of one with a broken reference calamine takes a part."""
    if TEXTS in parts:
        for _ in Reading().blocks(archive, parts[TEXTS]):
            continue


def _watch(reading: Reading, percentages: Collection[str], found: list[Cell]) -> None:
    """Let the parser enter what is found: closures take half the time that methods take.

    Cells and rows that do not say their place stand behind the one before them.
    """
    parser, names, value = reading.parser, reading.names, list[str]()
    row, place, behind, kind, name = 0, "", 0, "", ""

    def begins(tag: str, said: Mapping[str, str]) -> None:
        nonlocal row, place, behind, kind, name
        name = names[tag]
        if name == "c":
            place, behind = (said["r"], 0) if "r" in said else (place, behind + 1)
            kind = said.get("t", "n")
            if kind == "n" and said.get("s", "0") not in percentages:
                kind = ""
        elif name == "v" and kind in SHOWN:
            parser.CharacterDataHandler, parser.EndElementHandler = value.append, ends
        elif name == "row":
            row, place, behind = int(said["r"]) if "r" in said else row + 1, "", 0
        elif name == "mergeCell":
            (column, top), (_, bottom) = PLACE.findall(f"{said['ref']}:{said['ref']}")[:2]
            found.append((int(top), _number(column), int(bottom)))

    def ends(tag: str) -> None:
        text = "".join(value)
        value.clear()
        parser.CharacterDataHandler = parser.EndElementHandler = None
        if kind == "e" or is_number(text):
            letters = place.rstrip(DIGITS)
            own_row = int(place[len(letters) :]) if place and not behind else row
            found.append((own_row, _number(letters) + behind, text if kind == "e" else percent(float(text))))

    def interrupts(*_: str) -> None:
        nonlocal name
        if name == "v":
            name, parser.EndElementHandler = "interrupted", goes_on

    def goes_on(tag: str) -> None:
        """Of a number with a comment or the like in it calamine reads a part, or nothing."""
        parser.EndElementHandler = None
        if name == "interrupted" and names[tag] == "v":
            raise ValueError

    parser.StartElementHandler = begins
    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = interrupts


def parts_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of a workbook, whatever capitals and strokes their names are written with."""
    return {name.replace("\\", "/").casefold(): name for name in archive.namelist()}


def part(archive: zipfile.ZipFile, parts: Mapping[str, str], relations: str, name: str) -> str:
    """Where in the archive the part of a relation is; raises KeyError or StopIteration when it is nowhere."""
    found = elements(archive, parts[relations.casefold()], "Relationship")
    target = next(said["Target"] for _, said in found if said.get("Id") == name)
    target = target.replace("\\", "/").removeprefix("/").casefold()
    return parts[target if target.startswith("xl/") else f"xl/{target}"]


def _path(archive: zipfile.ZipFile, parts: Mapping[str, str], sheet: str) -> str:
    """Where in the archive a sheet is."""
    found = elements(archive, parts[BOOK], "sheet")
    said = next(said for _, said in found if said.get("name") == sheet)
    relation = next(text for name, text in said.items() if name.endswith(":id"))
    return part(archive, parts, RELATIONS, relation)


def _percentages(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> frozenset[str]:
    """The numbers of the styles that show a percentage."""
    if LOOKS not in parts:
        return frozenset()
    formats, styles, kind = {*map(str, PERCENT)}, list[str](), ""
    for tag, said in elements(archive, parts[LOOKS], "numFmt", "cellStyleXfs", "cellXfs", "dxfs", "xf"):
        if tag == "numFmt" and is_percent(said.get("formatCode", "")):
            formats.add(said.get("numFmtId", ""))
        elif tag != "xf":
            kind = tag
        elif kind == "cellXfs" and len(styles) < MOST_STYLES:
            styles.append(said.get("numFmtId", "0"))
    return frozenset(str(place) for place, look in enumerate(styles) if look in formats)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number
