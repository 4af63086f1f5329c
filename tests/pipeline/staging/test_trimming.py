"""Text is compared without blanks around it and as NFC; what is nothing but blanks is missing."""

from pathlib import Path

import duckdb
import pytest

from include.basics.blanks import BLANKS
from include.definitions import contracts
from include.pipeline.staging import stage
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, row

BLANK = [chr(code) for code in BLANKS]
ALL = "".join(BLANK)
CELLS: dict[str, str | None] = {
    "plain": "plain",
    "two  words": "two  words",
    ALL + "P1" + ALL: "P1",
    " P\u00a01\t": "P\u00a01",
    "u\u0308bel": "übel",
    "\u200bu\u0308bel\u200b": "übel",
    "übel ": "übel",
    "日本": "日本",
    "\u0301x": "\u0301x",
    "": None,
    **dict.fromkeys(BLANK),
    **{f"{blank}before {code}": f"before {code}" for blank, code in zip(BLANK, BLANKS, strict=True)},
    **{f"after {code}{blank}": f"after {code}" for blank, code in zip(BLANK, BLANKS, strict=True)},
}


@pytest.mark.parametrize("form", ["csv", "parquet", "csv with a line that is no row"])
def test_cells_are_trimmed_and_composed(session: Warehouse, tmp_path: Path, form: str) -> None:
    rows = [row("results", str(place), test_name=cell) for place, cell in enumerate(CELLS)]
    file = tmp_path / ("a.parquet" if form == "parquet" else "a.csv")
    content = as_csv(rows, contracts.read("results").names)
    if form == "parquet":
        whole = tmp_path / "whole.csv"
        whole.write_bytes(content)
        duckdb.sql(f"COPY (FROM read_csv('{whole}', all_varchar = true, nullstr = '')) TO '{file}' (FORMAT parquet)")
    else:
        file.write_bytes(content + b"no row\n" * ("no row" in form))

    stage(session, "results", file)

    found = session.run("SELECT test_name FROM staged_rows ORDER BY row_number").scalars().all()
    assert found == list(CELLS.values())


def test_every_column_is_trimmed_before_it_is_read(session: Warehouse, tmp_path: Path) -> None:
    names = contracts.read("results").names
    padded = {name: f"\u00a0{cell}\u200b" for name, cell in row("results", value="<5").items()}
    (tmp_path / "a.csv").write_bytes(as_csv([padded], names).replace(b"result_id", "\u00a0result_id\ufeff".encode()))

    facts = stage(session, "results", tmp_path / "a.csv")

    assert facts.missing == ()
    assert session.run("SELECT result_id, value_number, value_comparator, unit, status FROM staged_rows").one() == (
        row("results")["result_id"],
        5,
        "<",
        row("results")["unit"],
        "final",
    )
