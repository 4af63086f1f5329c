"""What a changed profile would change of what was read by another version of it; nothing is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from include.basics.errors import RegistryError
from include.definitions.contracts.feed_sql import of_feed
from include.pipeline.mapping import Plans
from include.pipeline.receiving.batch import BatchFile, stage_batch
from include.warehouse import Warehouse


@dataclass(frozen=True)
class Change:
    """What would become of a file's rows; `columns` counts the changed cells. A file with an error stays as it is.

    `rows_decided` are those that change or go and have a key that people decided about: they may be open again.
    """

    load_id: str
    site: str
    export: str
    feed: str
    batch_date: str
    rows_before: int
    rows_after: int
    rows_new: int
    rows_gone: int
    rows_changed: int
    rows_decided: int
    columns: dict[str, int]
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The change as plain values."""
        return asdict(self)


def compare(warehouse: Warehouse, plans: Plans, site: str) -> list[Change]:
    """Each file that would be read again, with what would change."""
    entries = warehouse.run_file("sites/read_files", site=site).mappings().all()
    files = [dict(row) for row in entries if _is_other(plans, row)]
    found: list[Change] = []
    for feed, rows in groupby(files, key=lambda row: row["feed"]):
        found += _of_feed(warehouse, feed, list(rows))
    return found


def _is_other(plans: Plans, row: Any) -> bool:
    try:
        return plans.of(row["site"], row["export"], row["feed"]).version != str(row["profile"])
    except RegistryError:
        return False


def _of_feed(warehouse: Warehouse, feed: str, rows: Sequence[dict[str, Any]]) -> list[Change]:
    files = [
        BatchFile(number, is_released=True, is_rejected=False, known_rows=0, **{**row, "profile": None})
        for number, row in enumerate(rows, start=1)
    ]
    failed = {load_id: _code(error) for load_id, error in stage_batch(warehouse, files).items()}
    failed |= {one.load_id: one.error.code for one in files if one.error}
    found = warehouse.run_file("sites/changed", of_feed(feed, is_duckdb=warehouse.is_duckdb))
    counted = {row["load_id"]: dict(row) for row in found.mappings()}
    warehouse.drop_temporary()
    warehouse.connection.rollback()
    return [_change(row, counted.get(row["load_id"], {}), failed.get(row["load_id"])) for row in rows]


def _change(row: dict[str, Any], counted: dict[str, Any], error: str | None) -> Change:
    totals = {name: int(counted.pop(name, 0) or 0) for name in ("before", "after", "new", "gone", "changed", "decided")}
    return Change(
        load_id=row["load_id"],
        site=row["site"],
        export=row["export"],
        feed=row["feed"],
        batch_date=str(row["batch_date"]),
        **{f"rows_{name}": count for name, count in totals.items()},
        columns={name: int(count) for name, count in counted.items() if name != "load_id" and count},
        error=error,
    )


def _code(error: Exception) -> str:
    return error.code if isinstance(error, RegistryError) else type(error).__name__
