"""One mart as a Parquet file: of the same facts the same bytes, in a freeze and in what is published."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.basics.settings import ROOT
from include.basics.templates import Names
from include.definitions import contracts
from include.warehouse import Warehouse
from include.warehouse.noted import fingerprint_of
from include.warehouse.sql import FOLDER as SQL
from include.warehouse.sql import render
from include.warehouse.tables import Column, Table

LEFT_OUT = {"refreshed_at", "last_loaded_at", "is_late", "patient_key"}
"""Columns of marts that tell of the moment of reading, or are random."""


@dataclass(frozen=True)
class Written(Names, files="history/freeze_mart history/mart_content"):
    """Columns of a mart, and the file that they are written to, if they are."""

    table: str
    columns: list[str]
    file: str = ""


def write_parquet(session: Warehouse, table: Table, folder: Path) -> Path:
    """Write a mart's rows, in the order of their cells; `session` is DuckDB's, on one thread."""
    file = folder / file_name(table)
    of = Written(table.name, list(map(_written, kept(table))), str(file).replace("'", "''"))
    session.run_verbatim(render("history/freeze_mart", of))
    return file


def file_name(table: Table) -> str:
    """The file of a mart."""
    return f"{short_name(table)}.parquet"


def short_name(table: Table) -> str:
    """A mart's name without its schema."""
    return table.name.removeprefix("marts.")


def kept(table: Table) -> list[Column]:
    """The columns that are written."""
    return [column for column in table.columns if column.name not in LEFT_OUT]


def left_out(table: Table) -> list[str]:
    """The columns that are not."""
    return [column.name for column in table.columns if column.name in LEFT_OUT]


@cache
def versions() -> dict[str, str]:
    """Hashes of what the marts are made by: SQL and contracts, and the platform's Python."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "include").rglob("*.py")):
        digest.update(f"{file.relative_to(ROOT).as_posix()}\n".encode() + file.read_bytes())
    return {"schema_version": fingerprint_of(SQL, contracts.FOLDER), "code_version": digest.hexdigest()}


def _written(column: Column) -> str:
    """Of a float twelve digits: the last ones depend on the order in which a sum is added up."""
    if column.type != "double":
        return f'"{column.name}"'
    return f'CAST(printf(\'%.12g\', "{column.name}") AS DOUBLE) AS "{column.name}"'
