"""What a sheet shows of a number is the same in every kind of workbook."""

import re
import shutil
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from include.basics.errors import RegistryError
from include.pipeline.staging.limits import limits
from tests.pipeline.formats.tables import read

Made = Callable[[Path], Path]

WORKBOOKS = Path(__file__).parent / "workbooks"
SHOWN = [("1", "15%", "0.15"), ("2", "15.55%", "#N/A"), ("3", "15.55%", "-200%"), ("4", "7%", "50%")]
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet>
<table:table table:name="Other"><table:table-row>{half}</table:table-row></table:table>
<table:table table:name="Labo"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell/>{names}</table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell/>{one}{half}</table:table-row>
<table:table-row><table:table-cell/>{error}<table:table-cell office:value-type="float" office:value="0.5"/>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(folder: Path) -> Path:
    """A table from cell B3 on, of which two rows are alike."""

    def text(said: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    half = '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.5"/>'
    error = text("#N/A").replace("office:value-type", 'calcext:value-type="error" office:value-type')
    names = text("id") + text("x") + text("y")
    content = ODS.format(half=half, one=text("1"), names=names, error=error).replace(">\n", ">")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "META-INF/manifest.xml": "<manifest/>", "content.xml": content}
    return packed(folder / "labo.ods", parts)


def xlsx(folder: Path) -> Path:
    """The table of percent.xls."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Labo"
    for row in ([], [], [None, "id", "x", "y"], [None, "1", 0.15, 0.15], [None, "2", 0.1555, "#N/A"]):
        sheet.append(row)
    for row in ([None, "3", None, -2], [None, "4", 0.07, 0.5]):
        sheet.append(row)
    for cell, look in {"C4": "0%", "D4": '0.0" %"', "C5": "0.0 %", "D6": "0%", "C7": "0%", "D7": "0%"}.items():
        sheet[cell].number_format = look
    sheet.merge_cells("C5:C6")
    book.save(folder / "labo.xlsx")
    return folder / "labo.xlsx"


def xlsb(folder: Path) -> Path:
    """The same; its numbers are written in both ways that there are."""
    row, texts = 2, {"id": 0, "x": 1, "y": 2}
    sheet = record(129) + record(148, struct.pack("<IIII", 2, 6, 1, 3)) + record(145)
    for names in (texts, *SHOWN):
        sheet += record(0, struct.pack("<I", row) + bytes(21))
        sheet += b"".join(cell(row, column, said) for column, said in enumerate(names, 1))
        row += 1
    sheet += (
        record(146) + record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", 4, 5, 2, 2)) + record(178)
    )
    styles = record(278) + record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + wide("0.0 %"))
    styles += record(616) + record(617, struct.pack("<I", 3))
    styles += b"".join(record(47, struct.pack("<HH", 0, look) + bytes(12)) for look in (0, 9, 164)) + record(618)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Labo"))
    book += record(144) + record(132)
    relation = (
        '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    parts = {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relation, "xl/styles.bin": styles}
    return packed(folder / "labo.xlsb", {**parts, "xl/worksheets/sheet1.bin": sheet + record(130)})


def cell(row: int, column: int, said: str) -> bytes:
    """A cell of what is shown; of merged ones all but the first are blank."""
    place = struct.pack("<I", column)
    if (row, column) == (5, 2):
        return record(1, place + bytes(4))
    if said == "#N/A":
        return record(3, place + bytes(4) + b"\x2a")
    if said == "50%":
        return record(2, place + b"\x01\0\0\0" + struct.pack("<I", 50 << 2 | 3))
    if said.endswith("%"):
        look = 2 if "." in said else 1
        return record(5, place + struct.pack("<Id", look, float(said[:-1]) / 100))
    if said == "0.15":
        return record(5, place + struct.pack("<Id", 0, 0.15))
    return record(6, place + bytes(4) + wide(said))


def record(kind: int, said: bytes = b"") -> bytes:
    numbers = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return numbers + bytes([len(said)]) + said


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def packed(file: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def xls(folder: Path) -> Path:
    """A copy: what is read of a workbook is written beside it."""
    return shutil.copy(WORKBOOKS / "percent.xls", folder / "percent.xls")


@pytest.mark.parametrize("made", [xlsx, xlsb, xls])
def test_a_percentage_and_an_error_are_shown_in_every_kind_of_workbook(tmp_path: Path, made: Made) -> None:
    assert read("excel", made(tmp_path), header_row=3, sheet="Labo")[1] == SHOWN


def test_cells_of_an_open_document_that_are_alike_show_the_same(tmp_path: Path) -> None:
    alike = ("1", "50%", "50%")
    assert read("excel", ods(tmp_path), header_row=3, sheet="Labo")[1] == [alike, alike, ("#N/A", "0.5", None)]


Change = Callable[[str, bytes], bytes]
SHEET_PART = "xl/worksheets/sheet1.xml"


def changed(folder: Path, change: Change, name: Callable[[str], str] = str) -> Path:
    """The workbook with its sheet, styles and list of sheets written otherwise, and its parts called otherwise."""
    made, is_changed = folder / "changed.xlsx", False
    with zipfile.ZipFile(xlsx(folder)) as given, zipfile.ZipFile(made, "w") as archive:
        for part in given.namelist():
            content = given.read(part)
            written = change(part, content) if part in (SHEET_PART, "xl/styles.xml", "xl/workbook.xml") else content
            archive.writestr(name(part), written)
            is_changed = is_changed or (name(part), written) != (part, content)
    assert is_changed
    return made


def by(expression: bytes, text: Any) -> Change:
    """Write something otherwise wherever it stands."""
    return lambda _, content: re.sub(expression, text, content)


def in_sheet(change: Change) -> Change:
    """The same of the sheet alone."""
    return lambda part, content: change(part, content) if part == SHEET_PART else content


@pytest.mark.parametrize(
    "change",
    [
        by(rb'<(/?)([A-Za-z])|xmlns="', lambda found: b"<%sx:%s" % found.groups() if found[2] else b'xmlns:x="'),
        by(rb'="([^"]*)"', rb"='\1'"),
        by(rb'<c r="(\w+)"((?: \w+="\w+")+)', rb'<c\2 r="\1"'),
        by(rb"><(?!/)", b">\n  <"),
        by(rb"^", b"<!-- <x:worksheet><x:c> -->"),
        in_sheet(by(rb"<c ", b'<c a="1>2" ')),
        in_sheet(by(rb"<row ", b"<!-- none --><row ")),
        in_sheet(by(rb'<row r="[34567]"', b"<row")),
        in_sheet(by(rb'(?<=</c>)<c r="\w[457]"', b"<c")),
        in_sheet(by(rb"<t>id</t>", b"<t>id\x0b&#11;</t>")),
    ],
    ids=[
        "names with a prefix", "single quotes", "another order", "lines", "a comment before the root",
        "an attribute with >", "comments", "rows without place", "cells without place",
        "characters that XML forbids",
    ],
)  # fmt: skip
def test_however_a_program_writes_its_xml(tmp_path: Path, change: Change) -> None:
    assert read("excel", changed(tmp_path, change), header_row=3, sheet="Labo")[1] == SHOWN


@pytest.mark.parametrize("name", [lambda part: part.replace("/", "\\"), str.upper], ids=["other strokes", "capitals"])
def test_whatever_its_parts_are_called(tmp_path: Path, name: Callable[[str], str]) -> None:
    made = changed(tmp_path, lambda _, content: content, name)
    assert read("excel", made, header_row=3, sheet="Labo")[1] == SHOWN


@pytest.mark.parametrize(
    "change",
    [
        by(rb'</c></row><row r="6"[^>]*>', b""),
        by(rb"(?<=</sheetData>).*", b""),
        lambda _, content: content.decode().encode("utf-16"),
        by(rb"<v>0\.", b"<v>0.<!-- none -->"),
        by(rb"<v>([^<]+)</v>", rb"<v><![CDATA[\1]]></v>"),
        by(rb"<worksheet", b'<!DOCTYPE worksheet [<!ENTITY x "0.5">]><worksheet'),
        by(rb"<sheetData>", b"<!--" + b"<c " * 3_000_000 + b"--><sheetData>"),
    ],
    ids=[
        "a row runs into the next", "no end", "UTF-16", "a comment in a number", "CDATA in a number", "a DOCTYPE",
        "a comment of megabytes",
    ],
)  # fmt: skip
def test_a_sheet_of_which_something_may_be_missing_is_held(tmp_path: Path, change: Change) -> None:
    with pytest.raises(RegistryError, match="REG-301"):
        read("excel", changed(tmp_path, in_sheet(change)), header_row=3, sheet="Labo")


@pytest.mark.parametrize(
    ("texts", "is_held"),
    [
        ("<sst><si><t>id</t></si></sst>", False),
        ("<sst><si><t>id&x;</t></si></sst>", True),
        ('<!DOCTYPE sst [<!ENTITY x "0.5">]><sst><si><t>id&x;</t></si></sst>', True),
    ],
    ids=["whole", "an unknown reference", "a DOCTYPE"],
)
def test_a_workbook_whose_shared_texts_may_be_incomplete_is_held(tmp_path: Path, texts: str, is_held: bool) -> None:
    shared = by(rb't="inlineStr"><is><t>id</t></is>', b't="s"><v>0</v>')
    made = changed(tmp_path, in_sheet(shared))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", texts)
    if is_held:
        with pytest.raises(RegistryError, match="REG-301"):
            read("excel", made, header_row=3, sheet="Labo")
    else:
        assert read("excel", made, header_row=3, sheet="Labo")[1] == SHOWN


def test_a_sheet_of_more_percentages_than_memory_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(limits(), shown_cells=3)
    monkeypatch.setattr(import_module("include.pipeline.formats.excel.shown"), "limits", lambda: few)
    with pytest.raises(RegistryError, match="REG-306"):
        read("excel", ods(tmp_path), header_row=3, sheet="Labo")


def test_a_long_comment_costs_no_time(tmp_path: Path) -> None:
    long = changed(tmp_path, in_sheet(by(rb"<sheetData>", b"<!--" + b"<c " * 100_000 + b"--><sheetData>")))
    began = time.process_time()
    assert read("excel", long, header_row=3, sheet="Labo")[1] == SHOWN
    assert time.process_time() - began < 10
