"""The stage: reads one landed file into the warehouse's session."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from include import contracts
from include.contracts import Contract
from include.errors import RegistryError
from include.scratch import scratch
from include.staging.content import check_content
from include.staging.copying import copy_table
from include.staging.header import read_header
from include.staging.parquet import copy_as_text
from include.staging.rows import Source, read_rows
from include.warehouse import Warehouse, open_warehouse

UNREADABLE_ROW = "file.row.unreadable"
"""The rule that a line fails which is no row."""
HOLDING = ("REG-301", "REG-306")
"""Codes of a file that is held as it cannot be staged."""


@dataclass(frozen=True)
class FileFacts:
    """What the file-level rules look at; `missing` are names of the contract's required columns.

    `unreadable_rows` are those of the `row_count` rows that are lines of a CSV file which are no rows.
    """

    row_count: int
    missing: tuple[str, ...]
    unknown_columns: int
    repeated_columns: int
    unreadable_rows: int = 0


def stage(warehouse: Warehouse, feed: str, file: Path) -> FileFacts:
    """Make the temporary tables `staged_rows` and `rejected_lines` of a file.

    Readable rows are numbered from 1 in `row_number`, in the file's order; the lines that are no rows are numbered
    behind them. Raises RegistryError REG-301 when nothing can be read, REG-306 when the file is too large, and REG-106
    when memory did not suffice; the text of the file is in no message.
    """
    contract = contracts.read(feed)
    with _plain_name(file) as local:
        source = _source(local, contract)
        if warehouse.is_duckdb:
            read_rows(warehouse, source)
        else:
            with open_warehouse("duckdb:///:memory:") as reader:
                read_rows(reader, source)
                for table in ("staged_rows", "rejected_lines"):
                    copy_table(reader, warehouse, table)
    return _facts(warehouse, contract, source.header)


@contextmanager
def _plain_name(file: Path) -> Iterator[Path]:
    """The file under a name without capitals and the characters that DuckDB takes for a pattern."""
    ending = next((ending for ending in (".parquet", ".gz") if file.name.lower().endswith(ending)), "")
    with scratch() as folder:
        link = folder / f"extract{ending}"
        link.symlink_to(file.resolve())
        yield link


def _source(file: Path, contract: Contract) -> Source:
    """The file, or of a Parquet file a copy beside it."""
    if file.suffix == ".parquet":
        copy = file.with_name(f"copy{file.suffix}")
        return Source(copy, contract, copy_as_text(file, copy, contract.feed))
    header = read_header(file, contract.feed)
    check_content(file, contract.feed)
    return Source(file, contract, header)


def _facts(warehouse: Warehouse, contract: Contract, header: list[str]) -> FileFacts:
    readable, rejected = (
        int(warehouse.scalar(f"SELECT COUNT(*) FROM {table}")) for table in ("staged_rows", "rejected_lines")
    )
    if rejected and not readable:
        raise RegistryError("REG-301", f"A {contract.feed} file has no line that can be read as a row.")
    counts = Counter(header)
    return FileFacts(
        row_count=readable + rejected,
        missing=tuple(f.name for f in contract.fields if f.required and f.name not in header),
        unknown_columns=len(counts.keys() - set(contract.names)),
        repeated_columns=sum(counts[name] > 1 for name in counts),
        unreadable_rows=rejected,
    )
