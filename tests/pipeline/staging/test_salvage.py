"""A file of which some lines are no rows: they are set aside one by one, and every other row is staged."""

import gzip
from pathlib import Path

import pytest

from include.definitions import contracts
from include.pipeline.staging import FileFacts, stage
from include.pipeline.staging.limits import limits
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, row

COLUMNS = contracts.read("visits").names
HEADER, V1, V2, V3 = as_csv([row("visits", f"V{number}") for number in (1, 2, 3)], COLUMNS, "\n").splitlines(True)
MULTILINE = as_csv([row("visits", "V4", death_cause='tumour, "left"\nlobe')], COLUMNS, "\n").removeprefix(HEADER)
KEYS = "SELECT visit_id FROM staged_rows ORDER BY row_number"
LONG_LINE = b"V9," + b"x" * limits().longest_line + b"\n"
LONG_CELL = V1.replace(b"P1", b"x" * (limits().longest_cell + 1))

UNREADABLE = {
    "too few cells": b"V9,P1\n",
    "too many cells": V2.rstrip() + b",x,y,z\n",
    "open quote": b'V9,"P1,2012-03-01\n',
    "text behind a quote": V2.replace(b"P1", b'"P1"x'),
    "quote escaped by a backslash": V2.replace(b"P1", b'"P\\"1"'),
    "Latin-1": V2.replace(b"P1", b"P\xe8"),
    "a surrogate in UTF-8": V2.replace(b"P1", b"\xed\xa0\x80"),
    "another delimiter": V2.replace(b",", b";"),
    "spaces": b"   \n",
    "end of file of old": b"\x1a\n",
    "longer than a record": LONG_LINE,
    "20 MB in one cell": b"V9," + b"y" * 20_000_000 + b"\n",
    "a cell too long": LONG_CELL,
    "a cell too long in bytes": V2.replace(b"P1", ("é" * (limits().longest_cell // 2 + 1)).encode()),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_one_line_that_is_no_row_is_set_aside_alone(session: Warehouse, tmp_path: Path, case: str) -> None:
    facts = stage_bytes(session, tmp_path, HEADER + V1 + UNREADABLE[case] + V2 + MULTILINE + V3)
    assert facts == FileFacts(5, missing=(), unknown_columns=0, repeated_columns=0, unreadable_rows=1)
    assert keys(session) == ["V1", "V2", "V4", "V3"]
    ((number, line, text),) = rejected(session)
    assert (number, line) == (5, 3)
    assert UNREADABLE[case].decode(errors="replace").startswith(text)
    assert 0 < len(text) <= limits().kept_text


def test_lines_behind_an_open_quote_are_rows_again(session: Warehouse, tmp_path: Path) -> None:
    broken = b'V9,"P1,2012-03-01\n'
    facts = stage_bytes(session, tmp_path, HEADER + broken + V1 + broken + V2 + MULTILINE + broken)
    assert (facts.row_count, facts.unreadable_rows) == (6, 3)
    assert keys(session) == ["V1", "V2", "V4"]
    assert [(number, line) for number, line, _ in rejected(session)] == [(4, 2), (5, 4), (6, 8)]


def test_a_cell_keeps_its_lines_and_quotes_in_a_file_with_a_line_that_is_no_row(
    session: Warehouse, tmp_path: Path
) -> None:
    stage_bytes(session, tmp_path, HEADER + b"x\n" + MULTILINE.replace(b"\nlobe", b"\r\nlobe") + V1)
    found = session.run("SELECT row_number, death_cause FROM staged_rows ORDER BY row_number").tuples().all()
    assert found == [(1, 'tumour, "left"\r\nlobe'), (2, None)]


@pytest.mark.parametrize("ends", [(b"\n", b"\r\n"), (b"\r\n", b"\n"), (b"\n", b"\r"), (b"\r", b"\r\n"), (b"\r\r\n",)])
def test_mixed_line_ends_lose_no_row(session: Warehouse, tmp_path: Path, ends: tuple[bytes, ...]) -> None:
    lines = [HEADER, V1, V2, V3]
    content = b"".join(line.rstrip() + ends[place % len(ends)] for place, line in enumerate(lines))
    assert stage_bytes(session, tmp_path, content) == FileFacts(3, (), 0, 0)
    assert keys(session) == ["V1", "V2", "V3"]


def test_a_gzip_file_is_read_line_by_line_too(session: Warehouse, tmp_path: Path) -> None:
    facts = stage_bytes(session, tmp_path, gzip.compress(HEADER + V1 + b"x\n") + gzip.compress(V2), "a.csv.gz")
    assert (facts.row_count, facts.unreadable_rows) == (3, 1)
    assert keys(session) == ["V1", "V2"]


def test_gzip_files_joined_to_one_are_read_to_the_end(session: Warehouse, tmp_path: Path) -> None:
    joined = gzip.compress(HEADER + V1) + gzip.compress(b"") + gzip.compress(V2) + b"\0" * 512
    assert stage_bytes(session, tmp_path, joined, "a.csv.gz").row_count == 2
    assert keys(session) == ["V1", "V2"]


@pytest.mark.parametrize("spaced", [b' "P1"', b'"P1" ', b' "P1" '])
@pytest.mark.parametrize("other", [b"", b"x\n"])
def test_a_rows_fate_does_not_depend_on_other_lines(
    session: Warehouse, tmp_path: Path, spaced: bytes, other: bytes
) -> None:
    trailing = V3.rstrip() + b",,\n"
    stage_bytes(session, tmp_path, HEADER + V1.replace(b"P1", spaced) + other + trailing)
    found = session.run("SELECT visit_id, patient_id, status FROM staged_rows ORDER BY row_number").tuples().all()
    assert found == [("V1", "P1", "final"), ("V3", "P1", "final")]


def test_a_long_cell_of_a_column_that_nobody_asked_for_sets_nothing_aside(session: Warehouse, tmp_path: Path) -> None:
    rows = [{**row("visits", f"V{number}"), "note": "é" * 5000} for number in (1, 2)]
    content = as_csv(rows, ("note", *COLUMNS), "\n")
    for other in (b"", b"x\n"):
        stage_bytes(session, tmp_path, content + other)
        assert keys(session) == ["V1", "V2"]


def test_the_next_file_has_no_lines_of_the_one_before(session: Warehouse, tmp_path: Path) -> None:
    stage_bytes(session, tmp_path, HEADER + V1 + b"x\n")
    assert stage_bytes(session, tmp_path, HEADER + V1).unreadable_rows == 0
    assert rejected(session) == []


@pytest.mark.parametrize("name", ["a*.csv", "a[1].csv", "a?.csv", "x=1.csv", "it's.csv"])
def test_a_name_is_no_pattern(session: Warehouse, tmp_path: Path, name: str) -> None:
    (tmp_path / "a1.csv").write_bytes(HEADER + V2 + V3)
    assert stage_bytes(session, tmp_path, HEADER + V1, name).row_count == 1


def stage_bytes(session: Warehouse, folder: Path, content: bytes, name: str = "visits.csv") -> FileFacts:
    """Stage a file of these bytes."""
    file = folder / name
    file.write_bytes(content)
    return stage(session, "visits", file)


def keys(session: Warehouse) -> list[str]:
    """The keys of the staged rows, in order."""
    return list(session.run(KEYS).scalars())


def rejected(session: Warehouse) -> list[tuple[int, int, str]]:
    """Row number, line number and text of the lines that were set aside."""
    found = session.run("SELECT row_number, line, text FROM rejected_lines ORDER BY row_number")
    return [(number, line, text) for number, line, text in found]
