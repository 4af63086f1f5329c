"""Delimited text in any dialect: cells as they stand, one line at a time where a line is no row, no name kept."""

import gzip
import os
import random
import re
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from tests.pipeline.formats.tables import Cells, read, rejected, write

TEXT = 'Code;Résultat;Libellé\r\nA;62,0;"œ; ""x"""\r\nB;> 2\u00a0000;\r\n'
CELLS = [("A", "62,0", 'œ; "x"'), ("B", "> 2\u00a0000", None)]
NAMES = ("Code", "Résultat", "Libellé")
SEED = 20260101
EXAMPLES = int(os.environ.get("EXAMPLES", "1"))


def packed(content: bytes) -> bytes:
    """The same bytes for the same content, at any time: a test is known by them."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "name", "dialect"),
    [
        (TEXT.encode("cp1252"), "a.csv", {"delimiter": ";", "encoding": "cp1252"}),
        (TEXT.encode("cp1252"), "a.csv", {"delimiter": ";", "encoding": "windows-1252"}),
        (packed(TEXT.encode("cp1252")), "a.csv.gz", {"delimiter": ";", "encoding": "cp1252"}),
        (TEXT.encode(), "a.csv", {"delimiter": ";"}),
        (packed(TEXT.encode()), "a.csv.gz", {"delimiter": ";"}),
        (TEXT.encode("utf-8-sig"), "a.csv", {"delimiter": ";", "encoding": "cp1252"}),
        (TEXT.encode("utf-16"), "a.csv", {"delimiter": ";"}),
        (TEXT.encode("utf-16-be"), "a.csv", {"delimiter": ";", "encoding": "utf-16-be"}),
        (TEXT.replace(";", "\t").replace("œ\t", "œ;").encode(), "a.txt", {"delimiter": "\t"}),
        (TEXT.replace(";", "|").replace("œ|", "œ;").encode(), "a.csv", {"delimiter": "|"}),
        (
            TEXT.replace('""', "''").replace('"', "'").replace("''x''", '"x"').encode(),
            "a.csv",
            {"delimiter": ";", "quote": "'"},
        ),
        (TEXT.replace("\r\n", "\n").encode(), "a.csv", {"delimiter": ";"}),
        (TEXT.replace("\r\n", "\r").encode(), "a.csv", {"delimiter": ";"}),
        (
            b"Laboratoire\r\n\r\n" + TEXT.encode("cp1252"),
            "a.csv",
            {"delimiter": ";", "encoding": "cp1252", "header_row": 3},
        ),
        (b'Etat du "jour\r' + TEXT.encode(), "a.csv", {"delimiter": ";", "header_row": 2}),
    ],
)
def test_one_table_from_every_dialect(tmp_path: Path, content: bytes, name: str, dialect: dict[str, object]) -> None:
    rows, cells = read("csv", write(tmp_path, content, name), **dialect)
    assert (rows.columns, cells, rejected(rows)) == (NAMES, CELLS, [])


HEADINGS: dict[str, tuple[str, object, tuple[str, ...], int, list[int]]] = {
    "none": ("A;62;x\n\nB;1;\ntotal\n", 0, ("column 1", "column 2", "column 3"), 2, [4]),
    "none, quoted": ('"A;1";62;x\nB;1;"\n', "0", ("column 1", "column 2", "column 3"), 1, [2]),
    "two rows": (
        "Titre\nIPP;Biologie;;Poids\n;AST;ALT;Poids\n7;1;2;3\nx\n",
        [2, 3],
        ("IPP", "Biologie AST", "Biologie ALT", "Poids"),
        1,
        [5],
    ),
    "two rows and one between them": ("IPP;Poids\nx;y;z\n;kg\n7;3\nx\n", ["1", "3"], ("IPP", "Poids kg"), 1, [5]),
    "a name of two lines": ('"N°\r\nrésultat";IPP\r\n1;7\r\nx\r\n', 1, ("N° résultat", "IPP"), 1, [4]),
    "two rows, one of two lines": ('Poids;"a\nb"\nkg;"c"\n7;3\nx\n', [1, 2], ("Poids kg", "a b c"), 1, [5]),
}


@pytest.mark.parametrize("case", HEADINGS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_of_no_row_or_of_several(tmp_path: Path, case: str, encoding: str) -> None:
    text, header_row, names, count, aside = HEADINGS[case]
    file = write(tmp_path, text.encode(encoding), "a.csv")
    rows, cells = read("csv", file, delimiter=";", encoding=encoding, header_row=header_row)
    found = (rows.columns, len(cells), [number for number, _ in rejected(rows)])
    assert found == (names, count, aside)


def test_an_empty_file_without_names_is_a_quiet_night(tmp_path: Path) -> None:
    rows, cells = read("csv", write(tmp_path, b"", "a.csv"), ("column 2",), header_row=0)
    assert (rows.columns, cells) == (("column 2",), [])


def test_without_quotes_a_quote_is_text(tmp_path: Path) -> None:
    file = write(tmp_path, b'a|b\n5" dish|"x\nz\n', "a.csv")
    rows, cells = read("csv", file, delimiter="|", quote="")
    assert cells == [('5" dish', '"x')]
    assert rejected(rows) == [(3, "z")]


def test_lines_that_are_no_rows_are_set_aside_by_their_number_in_the_file(tmp_path: Path) -> None:
    text = f'Titre\n{TEXT}C;1\nD;"2;x\nE;3;"a\r\nb"\nTotal : 3\n'
    file = write(tmp_path, text.encode("cp1252"), "a.csv")
    rows, cells = read("csv", file, delimiter=";", encoding="cp1252", header_row=2)
    assert cells == [*CELLS, ("E", "3", "a\r\nb")]
    assert rejected(rows) == [(5, "C;1"), (6, 'D;"2;x'), (9, "Total : 3")]


def test_only_columns_that_are_asked_for_set_a_line_aside(tmp_path: Path) -> None:
    file = write(tmp_path, f"a;b\n1;{'é' * 3000}\n{'x' * 3000};2\nz\n".encode(), "a.csv")
    rows, cells = read("csv", file, ("a",), delimiter=";")
    assert [cell for cell, _ in cells] == ["1"]
    assert [number for number, _ in rejected(rows)] == [3, 4]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a;a;A;b", ("a", "a (2)", "A (3)", "b")),
        (";x;", ("column 1", "x", "column 3")),
        ("a;a (2);a", ("a", "a (2)", "a (3)")),
        ('it\'s;"say ""hi""";{x}', ("it's", 'say "hi"', "{x}")),
    ],
)
def test_every_column_has_a_name_of_its_own(tmp_path: Path, header: str, names: tuple[str, ...]) -> None:
    cells = tuple("1234"[: len(names)])
    for line in ("", "x;\n"):
        file = write(tmp_path, f"{header}\n{';'.join(cells)}\n{line}".encode(), "a.csv")
        rows, found = read("csv", file, delimiter=";")
        assert (rows.columns, found) == (names, [cells])


UNREADABLE = {
    "another encoding": ("a.csv", "a;b\n1;\x81\n".encode("latin-1"), {"encoding": "cp1252"}),
    "half a character": ("a.csv", "a;b\n".encode("utf-16") + b"x", {}),
    "NUL": ("a.csv", b"a;b\n1;\0\n", {"encoding": "cp1252"}),
    "gzip cut short": ("a.csv.gz", packed(TEXT.encode())[:-9], {"encoding": "cp1252"}),
    "not gzip": ("a.csv.gz", TEXT.encode(), {}),
    "commas": ("a.csv", b"a,b\n1,2\n", {}),
    "no header": ("a.csv", b"a;b\n1;2\n", {"header_row": 9}),
    "empty": ("a.csv", b"", {"encoding": "cp1252"}),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_held(tmp_path: Path, case: str) -> None:
    name, content, dialect = UNREADABLE[case]
    with pytest.raises(RegistryError) as raised:
        read("csv", write(tmp_path, content, name), delimiter=";", **dialect)
    assert raised.value.code == "REG-301"


def test_a_bomb_is_held_while_it_is_recoded(tmp_path: Path) -> None:
    file = write(tmp_path, packed(b"a\n") + packed(b"x" * 30_000_000) * 20, "a.csv.gz")
    with pytest.raises(RegistryError, match="REG-306"):
        read("csv", file, delimiter=";", encoding="cp1252")


@pytest.mark.parametrize(
    "dialect",
    [{"delimiter": ";;"}, {"delimiter": '"'}, {"delimiter": "\n"}, {"encoding": "klingon"}, {"encoding": "hex"}],
)
def test_a_dialect_that_makes_no_sense_is_refused(tmp_path: Path, dialect: dict[str, str]) -> None:
    with pytest.raises(RegistryError, match="REG-401"):
        read("csv", write(tmp_path, TEXT.encode(), "a.csv"), **dialect)


@pytest.mark.parametrize(("encoding", "ending"), [("cp1252", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", ".gz")])
def test_a_copy_has_nothing_in_personal_columns_and_all_else_byte_for_byte(
    tmp_path: Path, encoding: str, ending: str
) -> None:
    text = 'Titre\r\nId;Nom;Code;Nom\r\n1;"Dupont; Jean" ;"a\r\nb";Durand\r\n2;Dupont;"x";\n\n3;Nom;y;"DUPONT"'
    pack = packed if ending else bytes
    file, target = write(tmp_path, pack(text.encode(encoding)), f"a.csv{ending}"), tmp_path / f"b.csv{ending}"
    spoken = Dialect(delimiter=";", encoding=encoding.removesuffix("-sig"), header_row=2)
    assert reader_of("csv").without_personal(file, target, ("nom",), spoken)
    copied = (gzip.decompress if ending else bytes)(target.read_bytes())
    assert copied == '\r\nId;Nom;Code;Nom\r\n1;;"a\r\nb";\r\n2;;"x";\n\n3;;y;'.encode(encoding)


@pytest.mark.parametrize(
    ("text", "header_row", "personal", "kept"),
    [
        ("1;Dupont\n2;Durand\n", 0, "column 2", "1;\n2;\n"),
        ("Dupont\nPatient;\nId;Nom\n1;Durand\n", [2, 3], "patient nom", "\nPatient;\nId;Nom\n1;\n"),
        ("Id;\n1;Durand\n", 1, "column 2", "Id;\n1;\n"),
    ],
)
def test_personal_columns_of_any_heading(
    tmp_path: Path, text: str, header_row: object, personal: str, kept: str
) -> None:
    file, target = write(tmp_path, text.encode(), "a.csv"), tmp_path / "b.csv"
    spoken = Dialect.model_validate({"delimiter": ";", "header_row": header_row})
    assert reader_of("csv").without_personal(file, target, (personal,), spoken)
    assert target.read_text() == kept


def test_a_line_that_is_no_row_keeps_no_name(tmp_path: Path) -> None:
    file = write(tmp_path, b'Id;Nom\n1;Dupont;x\n2;"Dupont\n3;Dupont\nDupont\n', "a.csv")
    target = tmp_path / "b.csv"
    assert reader_of("csv").without_personal(file, target, ("Nom",), Dialect(delimiter=";"))
    assert b"Dupont" not in target.read_bytes()
    rows, cells = read("csv", target, delimiter=";")
    assert cells == [("3", None)]
    assert [number for number, _ in rejected(rows)] == [2, 3, 5]


def test_a_column_that_is_not_there_may_be_there_by_another_name(tmp_path: Path) -> None:
    file = write(tmp_path, b"Id;Name\n1;x\n", "a.csv")
    with pytest.raises(RegistryError, match="REG-218"):
        reader_of("csv").without_personal(file, tmp_path / "b.csv", ("Nom",), Dialect(delimiter=";"))
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.parametrize("content", [b"", packed(TEXT.encode())[:-9]])
def test_nothing_is_written_where_there_is_nothing_to_take_away(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "b.csv.gz"
    file = write(tmp_path, content if content[:1] == b"\x1f" else packed(content), "a.csv.gz")
    assert not reader_of("csv").without_personal(file, target, ("Libellé",), Dialect(delimiter=";"))
    assert not target.exists()


def test_mutated_files_lose_no_line_and_crash_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    good = TEXT + "".join(f'{n};{n},5;"x;{n}"\r\n' for n in range(6))
    for number in range(200 * EXAMPLES):
        content = bytearray(good.encode("cp1252"))
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(content.index(b"\n") + 1, len(content))
            content[place : place + chance.randrange(2)] = chance.choice(
                [b";", b'"', b"\r", b"\n", b"\r\n", b" ", b"x", b"\xe9", b"", b'";"']
            )
        file = write(tmp_path, bytes(content), f"{number}.csv")
        rows, cells = read("csv", file, delimiter=";", encoding="cp1252")
        lines = re.split("\r\n|\r|\n", content.decode("cp1252"))[1:]
        assert len(rejected(rows)) + lines_of(cells) == sum(bool(line) for line in lines), content


def lines_of(cells: Cells) -> int:
    """How many lines that are not blank these rows took."""
    records = ("".join(f'"{cell or ""}"' for cell in row) for row in cells)
    return sum(bool(line) for record in records for line in re.split("\r\n|\r|\n", record))
