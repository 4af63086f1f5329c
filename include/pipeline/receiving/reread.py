"""Reads rows of a file again that were set aside by themselves, after a rule or a contract was mended.

Only rows that fail other rules than before, or at another level, become facts once more; the later reading of a row
counts.
"""

from typing import Any

from include.basics.errors import RegistryError
from include.definitions.contracts.feed_sql import OfFeed, of_feed
from include.definitions.expectations import own_rules
from include.pipeline.receiving.batch import BatchFile, mark_received, stage_batch
from include.pipeline.receiving.keep import reading_of
from include.pipeline.validation import judge
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.sql import OfTable


def reread(warehouse: Warehouse, file: dict[str, Any]) -> None:
    """Judge the rows of the temporary table `chosen_record` that a file has again.

    Raises RegistryError REG-303 when a rule cannot be evaluated, REG-203 or REG-207 when the landed file cannot be
    used.
    """
    one = BatchFile(number=1, is_released=True, is_rejected=False, known_rows=0, **file)
    if failed := stage_batch(warehouse, [one]):
        raise failed[one.load_id]
    if one.error:
        raise one.error
    of = of_feed(one.feed, is_duckdb=warehouse.is_duckdb)
    mark_received(warehouse, [one])
    warehouse.replace_temporary("staged", "receiving/staged", of)
    if broken := judge(warehouse, own_rules(one.feed), "staged").broken:
        raise RegistryError("REG-303", f"Rules cannot be evaluated: {', '.join(sorted(broken))}.")
    warehouse.replace_temporary("changed_row", "receiving/changed_row", of, load_id=one.load_id)
    if rows := int(warehouse.scalar("SELECT COUNT(*) FROM changed_row")):
        _keep(warehouse, of, one, rows)


def _keep(warehouse: Warehouse, of: OfFeed, one: BatchFile, rows: int) -> None:
    with warehouse.transaction():
        for table in ("staged", "failing"):
            warehouse.run_file("receiving/forget_unchanged", OfTable(table))
        for statement in ("keep_rows", "keep_failures", "keep_reread"):
            warehouse.run_file(f"receiving/{statement}", of)
        told = {**reading_of(one), "is_whole": False, "rows_received": rows, "rows_unreadable": 0, "rows_left_out": 0}
        append(warehouse, "received.reading", [told])
