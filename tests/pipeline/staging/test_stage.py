"""A file as the department wrote it becomes numbered rows in the contract's columns."""

import dataclasses
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.pipeline.staging import FileFacts, stage
from include.pipeline.staging.limits import limits
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, row

COLUMNS = contracts.read("visits").names
ROWS = [row("visits", "V1", weight_kg="61"), row("visits", "V2", weight_kg="62.5"), row("visits", "V3", weight_kg="")]
AS_STAGED = [(1, "V1", 61.0), (2, "V2", 62.5), (3, "V3", None)]
PLAIN = as_csv(ROWS, COLUMNS)
HEADER = as_csv([], COLUMNS)
SECRET = "Q7-secret"


def staged(session: Warehouse, columns: str = "row_number, visit_id, weight_kg") -> list[tuple[object, ...]]:
    """The staged rows in order."""
    return [tuple(found) for found in session.run(f"SELECT {columns} FROM staged_rows ORDER BY row_number")]


def write(folder: Path, content: bytes, name: str = "visits.csv") -> Path:
    """A file of these bytes."""
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(PLAIN, "visits.csv", id="crlf"),
        pytest.param(as_csv(ROWS, COLUMNS, line_end="\n"), "visits.csv", id="lf"),
        pytest.param(PLAIN.removesuffix(b"\r\n"), "visits.csv", id="no line end at the end"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN, "visits.csv", id="byte-order mark"),
        pytest.param(as_csv(ROWS, COLUMNS[::-1]), "visits.csv", id="columns reversed"),
        pytest.param(PLAIN.replace(b"61", b'"61"'), "visits.csv", id="quoted"),
        pytest.param(gzip.compress(PLAIN), "visits.csv.gz", id="gzip"),
        pytest.param(gzip.compress(PLAIN), "VISITS.CSV.GZ", id="gzip in capitals"),
        pytest.param(gzip.compress(b"\xef\xbb\xbf" + PLAIN), "visits.csv.gz", id="gzip with byte-order mark"),
    ],
)
def test_one_table_from_every_way_of_writing_it(session: Warehouse, tmp_path: Path, content: bytes, name: str) -> None:
    facts = stage(session, "visits", write(tmp_path, content, name))
    assert facts == FileFacts(row_count=3, missing=(), unknown_columns=0, repeated_columns=0)
    assert staged(session) == AS_STAGED


def test_an_empty_cell_is_missing_quoted_or_not(session: Warehouse, tmp_path: Path) -> None:
    content = as_csv([row("visits", "V1", weight_kg="", diarrhoea="")], COLUMNS).replace(b",,", b',"",', 1)
    stage(session, "visits", write(tmp_path, content))
    assert staged(session, "height_cm_text, weight_kg_text, diarrhoea") == [(None, None, None)]


def test_a_quoted_cell_keeps_its_commas_quotes_and_lines(session: Warehouse, tmp_path: Path) -> None:
    text = 'liver, "left"\r\nlobe'
    rows = [row("visits", "V1", death_cause=text), row("visits", "V2", death_cause="Fièvre, é")]
    stage(session, "visits", write(tmp_path, as_csv(rows, COLUMNS)))
    assert staged(session, "visit_id, death_cause") == [("V1", text), ("V2", "Fièvre, é")]


def test_rows_are_numbered_in_the_order_of_the_file(session: Warehouse, tmp_path: Path) -> None:
    rows = [row("visits", f"V{number}") for number in range(1, 30_001)]
    stage(session, "visits", write(tmp_path, as_csv(rows, COLUMNS)))
    moved = session.scalar("SELECT COUNT(*) FROM staged_rows WHERE visit_id <> 'V' || CAST(row_number AS TEXT)")
    assert (session.scalar("SELECT COUNT(*) FROM staged_rows"), moved) == (30_000, 0)


def test_columns_beside_the_contract_are_counted_and_kept_out(session: Warehouse, tmp_path: Path) -> None:
    content = as_csv([{**ROWS[0], "ward": SECRET}], ("ward", *COLUMNS))
    facts = stage(session, "visits", write(tmp_path, content))
    assert facts.unknown_columns == 1
    assert SECRET not in str(staged(session, "*"))


def test_required_columns_that_lack_are_named_and_others_are_empty(session: Warehouse, tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if name not in ("vital_status", "weight_kg")]
    facts = stage(session, "visits", write(tmp_path, as_csv(ROWS, columns)))
    assert (facts.missing, facts.row_count) == (("vital_status",), 3)
    assert staged(session, "vital_status, weight_kg, weight_kg_text") == [(None, None, None)] * 3


def test_a_column_named_twice_is_counted(session: Warehouse, tmp_path: Path) -> None:
    content = PLAIN.replace(b"flushing", b"diarrhoea", 1)
    facts = stage(session, "visits", write(tmp_path, content))
    assert (facts.repeated_columns, facts.row_count) == (1, 3)


def test_a_header_alone_is_a_file_of_no_rows(session: Warehouse, tmp_path: Path) -> None:
    assert stage(session, "visits", write(tmp_path, as_csv([], COLUMNS))).row_count == 0


def test_parquet_is_read_as_its_text_would_be(session: Warehouse, tmp_path: Path) -> None:
    file = parquet(
        tmp_path,
        "SELECT 'V1' AS visit_id, 'P1' AS patient_id, DATE '2012-03-01' AS visit_date, 61 AS weight_kg, "
        "CAST(2 AS TINYINT) AS ecog, 'alive' AS vital_status, CAST(NULL AS DATE) AS death_date, 'final' AS status "
        "UNION ALL SELECT 'V2', 'P1', DATE '2012-04-01', 62.5, NULL, '', NULL, 'final'",
    )
    facts = stage(session, "visits", file)
    assert facts == FileFacts(row_count=2, missing=(), unknown_columns=0, repeated_columns=0)
    assert staged(session) == [(1, "V1", 61.0), (2, "V2", 62.5)]
    assert staged(session, "CAST(visit_date AS TEXT), ecog, vital_status") == [
        ("2012-03-01", 2, "alive"),
        ("2012-04-01", None, None),
    ]


def test_a_typed_timestamp_does_not_depend_on_the_zone_of_the_machine(tmp_path: Path) -> None:
    written = (
        "TIMESTAMP '2012-03-01 08:15:00'",
        "CAST('2012-03-01 08:15:00' AS TIMESTAMP_S)",
        "'2012-03-01T08:15+05:00'",
        "TIMESTAMPTZ '2012-03-01 08:15:00+00'",
    )
    for number, collected_at in enumerate(written):
        parquet(tmp_path, f"SELECT 'L1' AS result_id, {collected_at} AS collected_at", f"{number}.parquet")
    code = (
        "import sys; from pathlib import Path; from include.pipeline.staging import stage; "
        "from include.warehouse import open_warehouse\n"
        "with open_warehouse('duckdb:///:memory:') as session:\n"
        "    for file in sorted(Path(sys.argv[1]).iterdir()):\n"
        "        stage(session, 'results', file)\n"
        "        print(session.scalar('SELECT CAST(collected_at AS TEXT) FROM staged_rows'))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONPATH": str(Path.cwd())},
    )
    assert found.stdout.splitlines() == ["2012-03-01 08:15:00"] * len(written)


@pytest.mark.parametrize(
    "value", ["CAST(30.5 AS DOUBLE)", "CAST(30.5 AS DECIMAL(8, 3))", "CAST(30.5 AS REAL)", "'30.5'"]
)
def test_a_typed_number_is_a_result(session: Warehouse, tmp_path: Path, value: str) -> None:
    stage(session, "results", parquet(tmp_path, f"SELECT 'L1' AS result_id, {value} AS value"))
    assert staged(session, "value_number") == [(30.5,)]


UNREADABLE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "empty": lambda: ("a.csv", b""),
    "blank lines": lambda: ("a.csv", b"\r\n\r\n"),
    "header not UTF-8": lambda: ("a.csv", PLAIN.replace(b"flushing", b"rougeur_\xe9", 1)),
    "header too long": lambda: ("a.csv", b"x" * 70_000 + b"," + PLAIN),
    "UTF-16": lambda: ("a.csv", PLAIN.decode().encode("utf-16")),
    "binary": lambda: ("a.csv", bytes(range(256)) * 40),
    "open quote in the header": lambda: ("a.csv", b'"' + PLAIN),
    "semicolons in all rows": lambda: ("a.csv", HEADER + f"V9;{SECRET};x\r\n".encode() * 3),
    "too many cells in all rows": lambda: ("a.csv", HEADER + f"V9,{SECRET}{',x' * 20}\r\n".encode()),
    "open quote in the only row": lambda: ("a.csv", HEADER + f'V9,"{SECRET},,,\r\n'.encode()),
    "NUL": lambda: ("a.csv", PLAIN.replace(b"alive", SECRET.encode() + b"\0", 1)),
    "NUL in a gzip file": lambda: ("a.csv.gz", gzip.compress(PLAIN.replace(b"alive", b"\0", 1))),
    "not gzip": lambda: ("a.csv.gz", PLAIN),
    "gzip cut short": lambda: ("a.csv.gz", gzip.compress(PLAIN)[:-20]),
    "gzip without its end": lambda: ("a.csv.gz", gzip.compress(PLAIN)[:-8]),
    "gzip with a changed byte": lambda: ("a.csv.gz", gzip.compress(PLAIN)[:-6] + b"\0" * 6),
    "not Parquet": lambda: ("a.parquet", PLAIN),
    "Parquet cut short": lambda: ("a.parquet", b"PAR1" + SECRET.encode() * 9),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_an_error_that_quotes_no_cell(session: Warehouse, tmp_path: Path, case: str) -> None:
    name, content = UNREADABLE[case]()
    with pytest.raises(RegistryError) as raised:
        stage(session, "visits", write(tmp_path, content, name))
    assert raised.value.code == "REG-301"
    assert SECRET not in str(raised.value)
    assert stage(session, "visits", write(tmp_path, PLAIN)).row_count == 3


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", PLAIN.decode().encode("utf-16"), "is not UTF-8 text"),
        ("a.csv.gz", PLAIN, "is not a whole gzip file"),
        ("a.csv.gz", gzip.compress(PLAIN)[:-20], "is not a whole gzip file"),
        ("a.parquet", PLAIN, "is not a whole Parquet file"),
        ("a.csv", PLAIN.replace(b",", b";"), "has a header without commas"),
        ("a.csv", b"", "has no header"),
        ("a.csv", b"\xef\xbb\xbf", "has no header"),
        ("a.csv", b'"' + PLAIN, "has a header with unbalanced quotes"),
        ("a.csv", b"x" * 70_000 + b"," + PLAIN, "has a header of more than 65536 characters"),
        ("a.csv", PLAIN.replace(b"alive", b"\0", 1), "has NUL characters"),
        ("a.csv.gz", gzip.compress(PLAIN.replace(b"alive", b"\0", 1)), "has NUL characters"),
        ("a.csv", HEADER + b"V9;P1;x\r\n", "has no line that can be read as a row"),
    ],
)
def test_the_reason_says_what_is_wrong(
    session: Warehouse, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(RegistryError, match=f"REG-301: A file of visits {reason}"):
        stage(session, "visits", write(tmp_path, content, name))


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("Europe/Paris", "02:10:00"),
        ("+01:00", "02:10:00"),
        ("UTC-05:00", "20:10:00"),
        ("UTC", "01:10:00"),
        ("Nowhere", "01:10:00"),
        (None, "01:10:00"),
    ],
)
def test_the_wall_clock_of_parquet_is_that_of_the_zone_in_the_file(
    session: Warehouse, tmp_path: Path, zone: str | None, clock: str
) -> None:
    column = {"name": "collected_at", "pandas_type": "datetimetz", "metadata": {"timezone": zone}}
    noted = {"pandas": json.dumps({"columns": [column]})} if zone else {}
    instant = "SELECT 'L1' AS result_id, TIMESTAMPTZ '2019-10-27 01:10:00+00' AS collected_at"
    stage(session, "results", parquet(tmp_path, instant, noted=noted))
    found = staged(session, "CAST(collected_at AS TEXT), CAST(collected_at_instant AS TEXT)")
    day = "2019-10-26" if clock > "20" else "2019-10-27"
    assert found == [(f"{day} {clock}", "2019-10-27 01:10:00")]


def parquet(
    folder: Path, select: str, name: str = "rows.parquet", noted: Mapping[str, str] = MappingProxyType({})
) -> Path:
    """A Parquet file of a SELECT's rows."""
    file = folder / name
    notes = ", KV_METADATA {" + ", ".join(f"{key}: '{note}'" for key, note in noted.items()) + "}" if noted else ""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet{notes})")
    return file


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", id="killed"),
        pytest.param("import time; time.sleep(60)", id="without end"),
        pytest.param("raise SystemExit('Q7-secret')", id="failed"),
    ],
)
def test_a_parquet_file_that_ends_its_reader_ends_nothing_else(
    duckdb_session: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    file = parquet(tmp_path, "SELECT 'V1' AS visit_id")
    monkeypatch.setattr("include.pipeline.staging.parquet.SCRIPT", write(tmp_path, script.encode(), "reader.py"))
    monkeypatch.setattr(
        "include.pipeline.staging.parquet.limits", lambda: dataclasses.replace(limits(), patience_seconds=2)
    )
    with pytest.raises(RegistryError, match=r"REG-301: A file of visits is not a whole Parquet file\. ") as raised:
        stage(duckdb_session, "visits", file)
    assert SECRET not in str(raised.value)
    assert stage(duckdb_session, "visits", write(tmp_path, PLAIN)).row_count == 3


def test_a_fault_in_a_column_that_nobody_asked_for_ends_no_session(session: Warehouse, tmp_path: Path) -> None:
    rows = [{**made, "note": "x"} for made in ROWS]
    content = as_csv(rows, (*COLUMNS, "note")).replace(b"x\r\n", b"\xc3\r\n", 1)
    facts = stage(session, "visits", write(tmp_path, content))
    assert (facts.row_count, facts.unreadable_rows) == (3, 1)
    assert staged(session) == [(1, "V2", 62.5), (2, "V3", None)]


@pytest.mark.parametrize("value", ["[1, 2]", "{'a': 1}", "15400", "TRUE", "CAST('x' AS BLOB)", "TIME '08:15:00'"])
def test_a_date_of_another_parquet_type_is_unreadable_text(session: Warehouse, tmp_path: Path, value: str) -> None:
    facts = stage(session, "visits", parquet(tmp_path, f"SELECT 'V1' AS visit_id, {value} AS visit_date"))
    assert facts.row_count == 1
    ((read, text),) = staged(session, "visit_date, visit_date_text")
    assert read is None
    assert text


@pytest.mark.parametrize("value", ["'a' || chr(0)", "repeat('x', 2001)", "['a' || chr(0)]"])
def test_a_parquet_cell_that_cannot_be_kept_holds_the_file(session: Warehouse, tmp_path: Path, value: str) -> None:
    with pytest.raises(RegistryError) as raised:
        stage(session, "visits", parquet(tmp_path, f"SELECT 'V1' AS visit_id, {value} AS diarrhoea"))
    assert raised.value.code == "REG-301"
