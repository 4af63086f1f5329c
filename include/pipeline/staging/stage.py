"""The stage: reads landed files of a feed into the warehouse's session."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions import contracts
from include.definitions.contracts import Contract
from include.pipeline.staging.content import check_content
from include.pipeline.staging.copying import copy_table
from include.pipeline.staging.header import read_header
from include.pipeline.staging.mapped import MappedFile
from include.pipeline.staging.parquet import copy_as_text
from include.pipeline.staging.rows import (
    Source,
    add_mapped,
    add_raw,
    add_rows,
    begin_rows,
    count_rejected,
    number_rows,
    type_raw,
)
from include.warehouse import Warehouse, open_warehouse

UNREADABLE_ROW = "file.row.unreadable"
"""The rule that a line fails which is no row."""
SMALL_BYTES = 1_000_000
"""Size of files, as they are stored, up to which several are typed by one statement."""
HOLDING = ("REG-301", "REG-306", "REG-312")
"""Codes of a file that is held as it cannot be staged."""


@dataclass(frozen=True)
class FileFacts:
    """What the file-level rules look at; `missing` are names of the contract's required columns.

    `unreadable_rows` are those of the `row_count` rows that are lines of a CSV file which are no rows. `left_out`
    counts by reason what leaves no row.
    """

    row_count: int
    missing: tuple[str, ...]
    unknown_columns: int
    repeated_columns: int
    unreadable_rows: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


class Stage:
    """Files of a feed that are read one after the other into the warehouse's session.

    `close` leaves the temporary tables `staged_rows` (row_number counts through all files, file_row_number from 1 in
    each, both in the files' order) and `rejected_lines` (lines that are no rows, numbered behind their file's rows).
    """

    def __init__(self, warehouse: Warehouse, reader: Warehouse, feed: str) -> None:
        self.warehouse = warehouse
        self.reader = reader
        self.contract = contracts.read(feed)
        self.raw: dict[int, Source | MappedFile] = {}
        begin_rows(reader, self.contract)

    def add(self, number: int, file: Path, prefixes: Mapping[str, str] | None = None) -> FileFacts:
        """Read a file; raises RegistryError REG-301 when nothing can be read, REG-306 when the file is too large, and
        REG-106 when memory did not suffice; the text of the file is in no message. `prefixes` are put before the ids
        of some columns.
        """
        with _plain_name(file) as local:
            source = _source(local, self.contract, number, prefixes or {})
            return _facts(source, *self._add(source))

    def _add(self, source: Source) -> tuple[int, int]:
        is_small = source.file.suffix != ".parquet" and source.file.stat().st_size <= SMALL_BYTES
        found = add_raw(self.reader, source) if is_small else None
        if found is None:
            return add_rows(self.reader, source)
        self.raw[source.number] = source
        return found, 0

    def add_mapped(self, file: MappedFile) -> FileFacts:
        """Add a file that a site's profile maps; raises what `add` raises."""
        is_raw = file.size <= SMALL_BYTES or bool(file.lists)
        read, rows = add_mapped(self.reader, file, is_raw=is_raw)
        if is_raw:
            self.raw[file.number] = read
        rejected = count_rejected(self.reader, file.number)
        left_out = {reason: count for reason, count in read.left_out.items() if count}
        for select in read.counted:
            left_out |= {reason: count for reason, count in self.reader.run_verbatim(select).tuples() if count}
        if rejected and not rows and not left_out:
            raise RegistryError("REG-301", f"A file of {file.contract.feed} has nothing that can be read as a row.")
        return FileFacts(rows + rejected, read.missing, read.unknown, 0, rejected, left_out)

    def close(self, numbers: Sequence[int]) -> None:
        """Stage the files with these numbers; raises RegistryError REG-301 when PostgreSQL cannot hold a cell."""
        type_raw(self.reader, self.contract, self.raw)
        number_rows(self.reader, numbers)
        if self.reader is not self.warehouse:
            for table in ("staged_rows", "rejected_lines"):
                copy_table(self.reader, self.warehouse, table)


@contextmanager
def staging(warehouse: Warehouse, feed: str) -> Iterator[Stage]:
    """A stage of a feed: DuckDB reads files, whichever engine holds the warehouse."""
    if warehouse.is_duckdb:
        yield Stage(warehouse, warehouse, feed)
    else:
        with open_warehouse("duckdb:///:memory:") as reader:
            yield Stage(warehouse, reader, feed)


@contextmanager
def _plain_name(file: Path) -> Iterator[Path]:
    """The file under a name without capitals and the characters that DuckDB takes for a pattern."""
    ending = next((ending for ending in (".parquet", ".gz") if file.name.lower().endswith(ending)), "")
    with scratch() as folder:
        link = folder / f"extract{ending}"
        link.symlink_to(file.resolve())
        yield link


def _source(file: Path, contract: Contract, number: int, prefixes: Mapping[str, str]) -> Source:
    """The file, or of a Parquet file a copy beside it."""
    if file.suffix == ".parquet":
        copy = file.with_name(f"copy{file.suffix}")
        return Source(copy, contract, copy_as_text(file, copy, contract.feed), number, prefixes)
    header = read_header(file, contract.feed)
    check_content(file, contract.feed)
    return Source(file, contract, header, number, prefixes)


def _facts(source: Source, readable: int, rejected: int) -> FileFacts:
    contract = source.contract
    if rejected and not readable:
        raise RegistryError("REG-301", f"A file of {contract.feed} has no line that can be read as a row.")
    counts = Counter(source.header)
    return FileFacts(
        row_count=readable + rejected,
        missing=tuple(f.name for f in contract.fields if f.required and f.name not in source.header),
        unknown_columns=len(counts.keys() - set(contract.names)),
        repeated_columns=sum(counts[name] > 1 for name in counts),
        unreadable_rows=rejected,
    )


def stage(warehouse: Warehouse, feed: str, file: Path) -> FileFacts:
    """Stage one file alone; raises what `Stage.add` and `Stage.close` raise."""
    with staging(warehouse, feed) as opened:
        facts = opened.add(1, file)
        opened.close([1])
    return facts
