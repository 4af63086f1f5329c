"""Workbooks: cells as a spreadsheet shows them, in whatever kind of file, and nothing that ends the process."""

import datetime as dt
import os
import random
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from tests.pipeline.formats.tables import read, rejected, write

SEED = 20260104
EXAMPLES = int(os.environ.get("EXAMPLES", "1"))
WORKBOOKS = Path(__file__).parent / "workbooks"
NAMES = ("IPP", "Prélevé le", "Heure", "Valeur", "Valide")
CELLS = [
    ("007", "2024-05-06T08:10:00", "08:10:00", "62", "TRUE"),
    ("008", "2024-05-07T00:00:00", "00:05:00", "0.3", "FALSE"),
]
ROWS: list[list[Any]] = [
    list(NAMES),
    ["007", dt.datetime(2024, 5, 6, 8, 10), dt.time(8, 10), 62, True],
    ["008", dt.date(2024, 5, 7), dt.time(0, 5), 0.1 + 0.2, False],
]


def workbook(folder: Path, rows: list[list[Any]] = ROWS, name: str = "labo.xlsx", title: str = "Labo") -> Path:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    file = folder / name
    book.save(file)
    return file


def copied(folder: Path, name: str) -> Path:
    """One of the workbooks that other programs wrote."""
    return write(folder, (WORKBOOKS / name).read_bytes(), name)


def test_one_table_from_every_kind_of_workbook(tmp_path: Path) -> None:
    for file in (workbook(tmp_path), copied(tmp_path, "labo.xls"), copied(tmp_path, "labo.ods")):
        rows, cells = read("excel", file)
        assert (rows.columns, cells, rejected(rows)) == (NAMES, CELLS, []), file.suffix


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("0012", "0012"),
        (12.0, "12"),
        (-0.5, "-0.5"),
        (1234567890123, "1234567890123"),
        (45000, "45000"),
        (62.1 * 3, "186.3"),
        (1e-7, "1e-07"),
        (1e22, "1e+22"),
        (dt.timedelta(hours=30), "30:00:00"),
        (dt.date(2024, 5, 6), "2024-05-06"),
        ('a\r\nb; "c"', 'a\r\nb; "c"'),
        ("a\rb", "a\rb"),
        ("#N/A", "#N/A"),
        ("#DIV/0!", "#DIV/0!"),
        ("=1+1", None),
    ],
)
def test_a_cell_says_what_the_sheet_shows(tmp_path: Path, cell: Any, text: str | None) -> None:
    assert read("excel", workbook(tmp_path, [["id", "x"], ["1", cell]]))[1] == [("1", text)]


@pytest.mark.parametrize(
    ("number", "shown_as", "text"),
    [
        (0.15, "0%", "15%"),
        (0.07, "0.00%", "7%"),
        (0.1555, "[<0.01]0.00%;0.0%", "15,55%"),
        (-2, "0 %", "-200%"),
        (0.15, '0.00" %"', "0,15"),
        (0.15, r"0.00\%", "0,15"),
        (0.15, "0.00", "0,15"),
        ("15 %", "0%", "15 %"),
    ],
)
def test_a_percentage_is_what_the_sheet_shows_of_it(tmp_path: Path, number: Any, shown_as: str, text: str) -> None:
    file = workbook(tmp_path, [["id", "x"], ["1", number], ["2", None]])
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["B2"].number_format = shown_as
    book.worksheets[0].merge_cells("B2:B3")
    book.save(file)
    assert read("excel", file, decimal=",")[1] == [("1", text), ("2", text)]


def test_an_error_is_shown_in_a_workbook_without_styles(tmp_path: Path) -> None:
    styled, bare = workbook(tmp_path, [["id", "x"], ["1", "#N/A"]]), tmp_path / "bare.xlsx"
    with zipfile.ZipFile(styled) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            if name != "xl/styles.xml":
                target.writestr(name, source.read(name))
    assert read("excel", bare)[1] == [("1", "#N/A")]


def test_a_number_has_the_sign_of_the_sheets_texts_and_keeps_it_in_a_copy(tmp_path: Path) -> None:
    """Or 38.5 beside `1.234,5` would be read as 385."""
    file, copy = workbook(tmp_path, [["Nom", "x"], ["A", 38.5], ["B", "1.234,5"], ["C", 62]]), tmp_path / "copy.xlsx"
    dialect = {"decimal": ",", "group": "."}
    reader_of("excel").without_personal(file, copy, ("Nom",), Dialect())
    for one in (file, copy):
        assert [cells[1] for cells in read("excel", one, **dialect)[1]] == ["38,5", "1.234,5", "62"]


def test_titles_empty_rows_and_columns_are_no_rows(tmp_path: Path) -> None:
    rows = [[None, "Laboratoire"], [], [None, "id", None, "id"], [None, "1", "x", "2"], [], [None, "2"]]
    found, cells = read("excel", workbook(tmp_path, rows), header_row=3)
    assert found.columns == ("id", "column 2", "id (2)")
    assert cells == [("1", "x", "2"), ("2", None, None)]


@pytest.mark.parametrize(
    ("rows", "header_row", "names"),
    [
        (
            [["Titre"], ["IPP", "Biologie"], ["IPP", "AST\n(U/L)", "ALT"]],
            [2, 3],
            ("IPP", "Biologie AST (U/L)", "Biologie ALT"),
        ),
        ([], 0, ("column 1", "column 2", "column 3")),
    ],
)
def test_names_of_no_row_or_of_several(
    tmp_path: Path, rows: list[list[str]], header_row: object, names: tuple[str, ...]
) -> None:
    file, target = workbook(tmp_path, [*rows, ["7", 1, 2]]), tmp_path / "kept.xlsx"
    found, cells = read("excel", file, header_row=header_row)
    assert (found.columns, cells) == (names, [("7", "1", "2")])
    spoken = Dialect.model_validate({"header_row": header_row})
    assert reader_of("excel").without_personal(file, target, (names[0],), spoken)
    found, cells = read("excel", target, header_row=header_row)
    assert (found.columns, cells) == (names, [(None, "1", "2")])


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["id", "x"], ["1", dt.date(2024, 5, 6)]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "mac.xlsx")
    assert read("excel", tmp_path / "mac.xlsx")[1] == [("1", "2024-05-06")]


def test_what_is_merged_downwards_stands_in_each_row(tmp_path: Path) -> None:
    file = workbook(
        tmp_path, [[], [None, "id", "x", "y"], [None, "P1", 1, 5], [None, None, 2], [None, None, 3], [None, "P2", 4]]
    )
    book = openpyxl.load_workbook(file)
    for merged in ("B3:B5", "C6:D6"):
        book["Labo"].merge_cells(merged)
    book.save(file)
    cells = read("excel", file, header_row=2)[1]
    assert cells == [("P1", "1", "5"), ("P1", "2", None), ("P1", "3", None), ("P2", "4", None)]


def test_a_sheet_by_name_or_number_and_the_first_that_is_shown(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["a"], ["shown"]])
    book = openpyxl.load_workbook(file)
    for place, (title, state) in enumerate((("cachée", "hidden"), ("2", "visible"))):
        sheet = book.create_sheet(title, place * 2)
        sheet.append(["a"])
        sheet.append([title])
        sheet.sheet_state = state
    book.save(file)
    found = {sheet: read("excel", file, sheet=sheet)[1][0][0] for sheet in (None, "Labo", "cachée", "1", "2")}
    assert found == {None: "shown", "Labo": "shown", "cachée": "cachée", "1": "cachée", "2": "2"}


def test_a_cell_that_cannot_be_kept_sets_its_row_aside(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["id", "x"], ["1", "é" * 3000], ["2", "y"]])
    rows, cells = read("excel", file)
    assert (cells, [number for number, _ in rejected(rows)]) == ([("2", "y")], [2])
    assert [cell for cell, _ in read("excel", file, ("id",))[1]] == ["1", "2"]


def test_what_cannot_be_read_is_held_with_its_reason(tmp_path: Path) -> None:
    good = workbook(tmp_path).read_bytes()
    for name, content, dialect, reason in (
        ("locked.xlsx", (WORKBOOKS / "locked.xlsx").read_bytes(), {}, "is protected by a password"),
        ("a.xlsx", good, {"sheet": "Radio"}, "has no sheet of the name or number"),
        ("b.xlsx", good, {"sheet": "2"}, "has no sheet of the name or number"),
        ("c.xlsx", good, {"header_row": 9}, "has no header in row 9"),
        ("d.xlsx", good[:900], {}, "is no workbook"),
        ("e.xlsx", b"IPP;Valeur\n", {}, "is no workbook"),
        ("f.xlsx", b"", {}, "is no workbook"),
    ):
        with pytest.raises(RegistryError, match=f"REG-301: A file of results {reason}"):
            read("excel", write(tmp_path, content, name), **dialect)


def test_a_sheet_that_takes_all_memory_is_held(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "x", "y"
    book.save(tmp_path / "corners.xlsx")
    with pytest.raises(RegistryError, match="REG-306"):
        read("excel", tmp_path / "corners.xlsx")


def test_a_bomb_is_held_before_it_is_opened(tmp_path: Path) -> None:
    file = workbook(tmp_path)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.png", bytes(300_000_000))
    with pytest.raises(RegistryError, match="REG-306"):
        read("excel", file)


def test_a_copy_is_the_sheet_without_personal_cells_and_reads_the_same(tmp_path: Path) -> None:
    file, target = workbook(tmp_path, [["Dupont"], [], *ROWS]), tmp_path / "kept.xlsx"
    reader, dialect = reader_of("excel"), Dialect(header_row=3)
    with pytest.raises(RegistryError, match="REG-218"):
        reader.without_personal(file, target, ("Nom",), dialect)
    assert reader.without_personal(file, target, ("IPP",), dialect)
    assert not any(name in target.read_bytes() for name in (b"Dupont", b"007"))
    rows, cells = read("excel", target, header_row=3)
    assert (rows.columns, cells) == (NAMES, [(None, *row[1:]) for row in CELLS])


def test_a_copy_has_no_other_sheet_and_is_read_as_none(tmp_path: Path) -> None:
    file, target = workbook(tmp_path, title="Séances"), tmp_path / "kept.xlsx"
    book = openpyxl.load_workbook(file)
    book.create_sheet("Patients").append(["IPP", "Dupont"])
    book.save(file)
    for sheet in (None, "Séances", "1"):
        assert reader_of("excel").without_personal(file, target, (), Dialect(sheet=sheet))
        assert b"Dupont" not in target.read_bytes()
        for same in (None, "Séances", "1"):
            assert read("excel", target, sheet=same)[1] == CELLS
        with pytest.raises(RegistryError, match="REG-301"):
            read("excel", target, sheet="Patients")
    for sheet, header_row in (("Absent", 1), ("Patients", 7)):
        dialect = Dialect(sheet=sheet, header_row=header_row)
        with pytest.raises(RegistryError, match="REG-218"):
            reader_of("excel").without_personal(file, target, (), dialect, ("Nom",))
        assert not reader_of("excel").without_personal(file, target, (), dialect)


def test_mutated_workbooks_crash_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    good = [workbook(tmp_path).read_bytes(), *((WORKBOOKS / f"labo.{kind}").read_bytes() for kind in ("xls", "ods"))]
    for number in range(24 * EXAMPLES):
        content = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 20)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            read("excel", write(tmp_path, bytes(content), f"{number}.xlsx"))
        except RegistryError as error:
            assert error.code in ("REG-301", "REG-306")  # noqa: PT017
