"""SAS transport files: numbers, dates by their format, missing values, every row to the last."""

import os
import random
import re
import struct
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from include.pipeline.formats.xpt_layout import VARIABLE
from tests.pipeline.formats.tables import read, rejected, write

SEED = 20260102
EXAMPLES = int(os.environ.get("EXAMPLES", "1"))
FRAME = pd.DataFrame(
    {
        "USUBJID": ["P1", "Pé2", ""],
        "LBORRES": [62.1, 0.0, float("nan")],
        "VISITNUM": [1.0, -2.5, 1e-7],
        "LBDT": [date(2024, 5, 6), None, date(1959, 12, 31)],
        "LBDTM": [datetime(2024, 5, 6, 8, 10), datetime(1960, 1, 1), None],
        "LBTM": [time(8, 10), None, time(0, 0, 5)],
    }
)
CELLS = [
    ("P1", "62.1", "1", "2024-05-06", "2024-05-06T08:10:00", "08:10:00"),
    ("Pé2", "0", "-2.5", None, "1960-01-01T00:00:00", None),
    (None, None, "1e-07", "1959-12-31", None, "00:00:05"),
]


def xpt(folder: Path, frame: pd.DataFrame = FRAME, version: int = 5, **given: Any) -> Path:
    """A transport file of a frame."""
    file = folder / "lb.xpt"
    pyreadstat.write_xport(frame, file, file_format_version=version, table_name="LB", **given)
    return file


@pytest.mark.parametrize("version", [5, 8])
def test_cells_are_what_sas_shows(tmp_path: Path, version: int) -> None:
    rows, cells = read("xpt", xpt(tmp_path, version=version))
    assert (rows.columns, cells, rejected(rows)) == (tuple(FRAME.columns), CELLS, [])


def test_version_8_has_long_names(tmp_path: Path) -> None:
    rows, cells = read("xpt", xpt(tmp_path, pd.DataFrame({"collected_at_the_ward": ["x"]}), 8))
    assert (rows.columns, cells) == (("collected_at_the_ward",), [("x",)])


@pytest.mark.parametrize("version", [5, 8])
def test_columns_go_by_their_labels_where_the_dialect_says_so(tmp_path: Path, version: int) -> None:
    long = "Concentration of the analyte, " * 3 + "é"
    labels = ["Patient", long if version == 8 else "Résult", ""]
    file = xpt(tmp_path, pd.DataFrame({"ID": ["P1"], "VAL": [62.0], "UNIT": ["U/L"]}), version, column_labels=labels)
    rows, cells = read("xpt", file, names="label")
    assert (rows.columns, cells) == (("Patient", labels[1], "UNIT"), [("P1", "62", "U/L")])
    assert reader_of("xpt").without_personal(file, tmp_path / "copy.xpt", ("Patient",), Dialect(names="label"))
    assert read("xpt", tmp_path / "copy.xpt", names="label")[1] == [(None, "62", "U/L")]


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"**COMPRESSED** **COMPRESSED** **COMPRESSED**", "CPORT.*engine XPORT"),
        (bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c"), "data set of SAS.*engine XPORT"),
    ],
)
def test_other_files_of_sas_are_held_with_what_to_do(tmp_path: Path, begin: bytes, what: str) -> None:
    with pytest.raises(RegistryError) as held:
        read("xpt", write(tmp_path, begin + bytes(400), "lb.xpt"))
    assert held.value.code == "REG-301"
    assert re.search(what, str(held.value))


@pytest.mark.parametrize("count", range(1, 24))
def test_no_row_is_lost_at_the_end(tmp_path: Path, count: int) -> None:
    frame = pd.DataFrame({"A": ["x" if n % 3 else "" for n in range(count)], "B": [float(n) for n in range(count)]})
    frame["C"] = [" " * 8 for _ in range(count)]
    assert [b for _, b, _ in read("xpt", xpt(tmp_path, frame))[1]] == [str(n) for n in range(count)]


@pytest.mark.parametrize("letter", [b".", b"_", b"A", b"Z"])
def test_every_kind_of_missing_is_empty(tmp_path: Path, letter: bytes) -> None:
    file = xpt(tmp_path, pd.DataFrame({"A": [62.0], "B": ["x"]}))
    cell = b"\x42\x3e" + bytes(6)
    assert file.read_bytes().count(cell) == 1
    assert read("xpt", write(tmp_path, file.read_bytes().replace(cell, letter + bytes(7)), "m.xpt"))[1] == [(None, "x")]


def test_numbers_are_those_of_another_reader(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    numbers = [chance.choice((-1, 1)) * chance.random() * 10.0 ** chance.randrange(-20, 20) for _ in range(2000)]
    file = xpt(tmp_path, pd.DataFrame({"A": numbers}))
    found = [float(cell or "nan") for (cell,) in read("xpt", file)[1]]
    assert found == pyreadstat.read_xport(file)[0]["A"].tolist()


def test_text_is_decoded_as_the_profile_says_and_no_other_way(tmp_path: Path) -> None:
    content = xpt(tmp_path).read_bytes().replace("Pé2".encode(), "Pé2 ".encode("latin-1"))
    file = write(tmp_path, content, "latin.xpt")
    assert read("xpt", file, encoding="latin-1")[1] == CELLS
    with pytest.raises(RegistryError, match="REG-301"):
        read("xpt", file)


def test_two_data_sets_or_half_a_one_are_held(tmp_path: Path) -> None:
    content = xpt(tmp_path).read_bytes()
    for number, broken in enumerate(
        (content + content[240:], content[:-80], content[:-7], content[:300], b"", b"x" * 800)
    ):
        with pytest.raises(RegistryError, match="REG-301: A file of results is not a whole XPT file of one data set"):
            read("xpt", write(tmp_path, broken, f"{number}.xpt"))


def test_a_copy_lacks_personal_cells_and_keeps_all_other_bytes(tmp_path: Path) -> None:
    file, target = xpt(tmp_path), tmp_path / "kept.xpt"
    assert reader_of("xpt").without_personal(file, target, ("USUBJID", "LBDT"), Dialect())
    assert read("xpt", target)[1] == [(None, *row[1:3], None, *row[4:]) for row in CELLS]
    differ = sum(a != b for a, b in zip(file.read_bytes(), target.read_bytes(), strict=True))
    assert 0 < differ <= 6 + 2 * 8
    with pytest.raises(RegistryError, match="REG-218"):
        reader_of("xpt").without_personal(file, target, ("NAME",), Dialect())


def described(content: bytes) -> list[int]:
    """Where in a file of this frame each variable is described."""
    begin = content.index(b"USUBJID") - 8
    return [begin + number * VARIABLE.size for number in range(len(FRAME.columns))]


def test_cells_lie_in_the_order_of_their_descriptions_whatever_places_these_say(tmp_path: Path) -> None:
    content = bytearray(xpt(tmp_path).read_bytes())
    text, *numbers = described(content)
    for number, place in enumerate(numbers):
        content[place + 84 : place + 88] = struct.pack(">l", number * 8)
    content[text + 84 : text + 88] = struct.pack(">l", len(numbers) * 8)
    file, target = write(tmp_path, bytes(content), "loc2xpt.xpt"), tmp_path / "kept.xpt"
    assert read("xpt", file)[1] == CELLS
    assert reader_of("xpt").without_personal(file, target, ("USUBJID",), Dialect())
    assert read("xpt", target)[1] == [(None, *row[1:]) for row in CELLS]


def test_a_file_of_which_widths_are_wrong_is_held(tmp_path: Path) -> None:
    content = bytearray(xpt(tmp_path).read_bytes())
    text, number, *_ = described(content)
    content[text + 5] += 1
    content[number + 5] -= 1
    with pytest.raises(RegistryError, match="REG-301"):
        read("xpt", write(tmp_path, bytes(content), "wrong.xpt"))


def test_a_file_that_has_another_number_of_variables_than_it_says_is_held(tmp_path: Path) -> None:
    content = xpt(tmp_path, pd.DataFrame({"A": [1.0] * 5, "B": [2.0] * 5})).read_bytes()
    said, fewer = (b"NAMESTR HEADER RECORD!!!!!!!%010d" % count for count in (2, 1))
    assert said in content
    with pytest.raises(RegistryError, match="REG-301"):
        read("xpt", write(tmp_path, content.replace(said, fewer), "fewer.xpt"))


def test_mutated_files_crash_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    good = xpt(tmp_path).read_bytes()
    for number in range(200 * EXAMPLES):
        content = bytearray(good)
        for _ in range(chance.randrange(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            rows, cells = read("xpt", write(tmp_path, bytes(content), f"{number}.xpt"), encoding="latin-1")
        except RegistryError as error:
            assert error.code == "REG-301"  # noqa: PT017
        else:
            assert len(cells) + len(rejected(rows)) in (2, 3)
