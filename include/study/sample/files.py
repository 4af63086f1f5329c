"""Extract files: CSV, gzipped CSV and Parquet, the same bytes at every writing."""

import csv
import gzip
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from include.study.sample.rows import Row


class Extract(NamedTuple):
    """One file: its path under the extracts, its columns in order, its rows."""

    path: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    byte_order_mark: bool = False


def write(out: Path, extract: Extract) -> Path:
    """Write one file; the ending of its name says in what format."""
    target = out / extract.path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = as_csv(extract)
    if target.suffix == ".parquet":
        write_parquet(target, text, extract.columns)
    elif target.suffix == ".gz":
        target.write_bytes(gzip.compress(text, mtime=0))
    else:
        target.write_bytes(text)
    return target


def as_csv(extract: Extract) -> bytes:
    """The rows as CSV in UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(extract.columns)
    writer.writerows([row.get(column, "") for column in extract.columns] for row in extract.rows)
    return buffer.getvalue().encode("utf-8-sig" if extract.byte_order_mark else "utf-8")


def write_parquet(target: Path, text: bytes, columns: Sequence[str]) -> None:
    """Write CSV as Parquet: diameters as doubles, everything else as text, empty cells as nulls."""
    import duckdb  # here: needed for a single file

    typed = [f'CAST("{name}" AS DOUBLE) AS "{name}"' if name.endswith("_mm") else f'"{name}"' for name in columns]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as connection:
        source = Path(folder) / "rows.csv"
        source.write_bytes(text)
        relation = connection.read_csv(str(source), header=True, all_varchar=True)
        relation.project(", ".join(typed)).write_parquet(str(target), compression="snappy")
