"""Parquet, as the stage reads it: a copy whose cells are all text.

A copy without personal columns is such a copy, too.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from include.basics.errors import RegistryError
from include.basics.quoting import literal, name
from include.basics.scratch import scratch
from include.definitions.sites import Dialect
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.table import hidden, takes, unique_names
from include.pipeline.staging.limits import limits
from include.pipeline.staging.parquet import copy_as_text
from include.pipeline.staging.reading import parquet_rows

FEEDS: Collection[str] = ()


def usual_columns(feed: str) -> Mapping[str, Any]:
    """None: a table's columns have the names that the hospital gave them."""
    return {}


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file; one with a cell that cannot be kept is set aside."""
    copy, rejected = folder / "copy.parquet", folder / "rejected.csv"
    names = unique_names(copy_as_text(file, copy, asked.feed))
    rows = parquet_rows(copy, names)
    refused = _refused([one for one in names if takes(asked, one)])
    if not _reject(rows, names, refused, rejected):
        return Rows(f"(SELECT * FROM {rows}) AS t", names)
    return Rows(f"(SELECT * FROM {rows} WHERE NOT ({refused})) AS t", names, rejected)


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file as text, with nothing in some columns."""
    with scratch() as folder:
        copy = folder / "copy.parquet"
        try:
            header = copy_as_text(file, copy, "")
        except RegistryError:
            return False
        is_hidden, names = hidden(header, personal, beside), unique_names(header)
        if not any(is_hidden):
            return False
        cells = ", ".join(
            f"{'CAST(NULL AS VARCHAR)' if hide else name(one)} AS {name(one)}"
            for one, hide in zip(names, is_hidden, strict=True)
        )
        _run(f"COPY (SELECT {cells} FROM {parquet_rows(copy, names)}) TO {literal(str(target))} (FORMAT parquet)")
    return True


def _refused(names: Sequence[str]) -> str:
    """A condition that holds for rows with a cell that is too long or has a NUL character."""
    longest = limits().longest_cell
    found = " OR ".join(f"strlen({name(one)}) > {longest} OR contains({name(one)}, chr(0))" for one in names)
    return f"COALESCE({found or 'FALSE'}, FALSE)"


def _reject(rows: str, names: Sequence[str], refused: str, rejected: Path) -> int:
    """Write the rows that are refused; how many there are."""
    cells = ", ".join(map(name, names))
    text = f"left(replace(concat_ws(' ', {cells}), chr(0), chr(65533)), {limits().kept_text})"
    numbered = f'SELECT ROW_NUMBER() OVER () AS "row\'s number", * FROM {rows}'
    chosen = f'SELECT "row\'s number", {text} FROM ({numbered}) AS n WHERE {refused}'
    return _run(f"COPY ({chosen}) TO {literal(str(rejected))} (FORMAT csv, HEADER false)")


def _run(copying: str) -> int:
    """Carry out a COPY; how many rows it wrote."""
    with duckdb.connect() as connection:
        (written,) = connection.execute(copying).fetchone() or (0,)
    return int(written)
