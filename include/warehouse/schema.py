"""The tables and views that the warehouse is made of, as their definitions and the contracts describe them."""

from include.definitions import contracts
from include.warehouse.tables import Column, Table, columns_of, manifest, read_table, with_columns

TABLE_SCHEMAS = ("received", "decision", "resolved", "clinical", "ops")
VIEW_SCHEMAS = ("reference", "received", "decision", "quarantine", "clinical", "ops")

STORED = (
    Column("load_id", "text", "load whose file has the row"),
    Column("row_number", "integer", "row of that load's file"),
    Column("reading", "integer", "reading of the file that read it"),
    Column("content", "text", "MD5 of what the row says, where the columns cannot hold it; null = they can"),
    Column("payload", "text", "JSON: the row as it came, where a critical rule fails it"),
)
"""What a row of `received.<feed>` has beside the contract's columns."""
PROVENANCE = (
    Column("load_id", "text", "load that sent this version first"),
    Column("row_number", "integer", "row of that load's file"),
    Column("last_load_id", "text", "load of the last row that repeats it"),
    Column("last_row_number", "integer", "row of that load's file"),
    Column("site", "text", "site that sent it; '' = the extracts have no folder of a site"),
    Column("batch_date", "date", "day of the extract that sent it last"),
    Column("first_batch_date", "date", "day of the extract that sent it first"),
    Column("arrival", "text", "loaded (brought a new key) or updated (another version of a known key)"),
    Column(
        "version_state", "text", "current, past, waiting (unknown patient), quarantined (by birth or death, or moved)"
    ),
)
DERIVED_STAMPS = (
    Column("rule_version", "text", "rule set and version that derived the row"),
    Column("derived_at", "timestamp", "when the row was derived, UTC"),
)
MART_STAMPS = (
    Column("data_cutoff_date", "date", "latest batch date loaded"),
    Column("files_missing", "integer", "files that could not be copied: ops.not_pulled; their data are in no mart"),
    Column(
        "small_cell",
        "integer",
        "counts up to this are withheld: null; larger ones are told as the multiple of it at or below them, and "
        "percentages and estimates are of such counts; minimum and maximum are withheld; 0 = everything is told",
    ),
    Column("refreshed_at", "timestamp", "when the mart was refreshed, UTC"),
)


def ops_tables() -> list[Table]:
    """Facts that are alike for all feeds, what is resolved of them, and what steps note."""
    return [read_table(schema, name) for schema in TABLE_SCHEMAS for name in manifest(schema)]


def received_table(feed: str) -> Table:
    """The table of the facts of a feed: every row that was received."""
    contract = contracts.read(feed)
    return Table(f"received.{feed}", f"Fact: {contract.description}", (*_columns(feed), *STORED), (contract.key,))


def clinical_table(feed: str) -> Table:
    """The view of every version of a feed's rows."""
    contract = contracts.read(feed)
    return Table(f"clinical.{feed}", contract.description, (*_columns(feed), *PROVENANCE), (contract.key,))


def _columns(feed: str) -> tuple[Column, ...]:
    contract = contracts.read(feed)
    described = {
        field.name: {"type": contracts.WAREHOUSE_TYPES[field.type], "description": field.description}
        for field in contract.fields
    }
    beside = [Column(*beside) for field in contract.fields for beside in field.beside]
    return (*columns_of(described, feed), *beside)


def derived_tables() -> list[Table]:
    """The derived tables in the order in which they are built."""
    return [with_columns(read_table("derived", name), *DERIVED_STAMPS) for name in manifest("derived")]


def view_tables() -> list[Table]:
    """The views that others read, in the order in which they are built."""
    derived = [with_columns(read_table("derived", name), *DERIVED_STAMPS) for name in manifest("derived", "views")]
    others = [read_table(schema, name) for schema in VIEW_SCHEMAS for name in manifest(schema, "views")]
    return [*others, *derived]


def mart_tables() -> list[Table]:
    """The marts in the order in which they are built."""
    return [with_columns(read_table("marts", name), *MART_STAMPS) for name in manifest("marts")]
