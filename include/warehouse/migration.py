"""Brings a warehouse up to date that kept rows, quarantine and ledger as tables, before facts were kept.

Nothing is thrown away: the old tables go to the schema `before`. `set_aside` and `carry_over` are part of `prepare`.
Every file that was loaded is due then, and the next run receives it again from its landed copy. What people decided is
carried over at once, with who, when and why; which values and rows it is about follows by `carry_subjects`, once the
rows are there. `finish` ends it, or tells what is missing.
"""

import logging
from dataclasses import dataclass

from include.basics.templates import Names
from include.definitions import contracts
from include.definitions.contracts.feed_sql import FeedSql, feed_sql
from include.warehouse.connection import Warehouse
from include.warehouse.tables import drop

logger = logging.getLogger("registry")


@dataclass(frozen=True)
class OfFeeds(Names, files="migration/found_content"):
    """The feeds whose rows decisions are about."""

    sources: list[FeedSql]


KEPT = {
    "load": "ops.load",
    "validation_result": "ops.validation_result",
    "record": "quarantine.record",
    "failure": "quarantine.failure",
    "override": "quarantine.override",
    "decision": "quarantine.decision",
    "rule": "reference.rule",
}
"""What the old tables are called in the schema `before`; the versions of a feed have the feed's name there."""
DROPPED = ("ops.changed_record", "ops.changed_file", "ops.unsettled_patient", "reference.state_transition")
CARRIED = (
    "files",
    "seen_files",
    "loaded_files",
    "trail",
    "readings",
    "verdicts",
    "failures",
    "decided",
    "events",
    "file_subjects",
    "forget_file_subjects",
)


def set_aside(warehouse: Warehouse) -> bool:
    """Move the old tables to the schema `before`, if they are there; whether they were.

    Inside the caller's transaction.
    """
    if _kind(warehouse, "ops", "load") != "BASE TABLE":
        return False
    warehouse.run_verbatim("CREATE SCHEMA before")
    feeds = [feed for feed in contracts.FEEDS if _kind(warehouse, "clinical", feed)]
    for name, table in {**KEPT, **{feed: f"clinical.{feed}" for feed in feeds}}.items():
        _keep(warehouse, name, table)
        warehouse.analyze(f"before.{name}")
    for table in (*DROPPED, *KEPT.values(), *(f"clinical.{feed}" for feed in feeds)):
        if table != "reference.rule":
            drop(warehouse, table)
    return True


def carry_over(warehouse: Warehouse) -> None:
    """Enter what is known of files, and what people decided, in the new tables; inside the caller's transaction."""
    for statement in CARRIED:
        warehouse.run_file(f"migration/{statement}")
    files = warehouse.scalar("SELECT COUNT(*) FROM received.loaded_before")
    logger.warning("The warehouse is of an earlier version: the next run receives its %d files again.", files)


def is_pending(warehouse: Warehouse) -> bool:
    """Whether files or decisions of the old warehouse are still to be carried over."""
    return _kind(warehouse, "before", "decided") is not None


def carry_subjects(warehouse: Warehouse) -> bool:
    """Enter what the old decisions are about, as far as it is known by now; whether there was something."""
    sources = OfFeeds([feed_sql(feed, is_duckdb=warehouse.is_duckdb) for feed in contracts.FEEDS])
    with warehouse.transaction():
        warehouse.replace_temporary("found_content", "migration/found_content", sources)
        warehouse.replace_temporary("found_value", "migration/found_value")
        for statement in (
            "content_subjects",
            "value_subjects",
            "forget_content",
            "forget_values",
            "unmark_decisions",
        ):
            warehouse.run_file(f"migration/{statement}")
        found = bool(
            warehouse.scalar("SELECT (SELECT COUNT(*) FROM found_content) + (SELECT COUNT(*) FROM found_value)")
        )
        warehouse.drop_temporary("found_content", "found_value")
    return found


def finish(warehouse: Warehouse) -> None:
    """End the migration when every file that was loaded is resolved again; tell how many are not otherwise."""
    if files := warehouse.run_file("migration/not_resolved").scalar():
        logger.warning("%d files that were loaded before are not received again; see schema before.", files)
        return
    if decisions := warehouse.run_file("migration/not_carried").scalar():
        logger.warning("%d decisions are about rows or values that are no more; see before.not_carried.", decisions)
    with warehouse.transaction():
        _keep(warehouse, "not_carried", "before.decided")
        for name in ("decided", *contracts.FEEDS):
            drop(warehouse, f"before.{name}")


def _keep(warehouse: Warehouse, name: str, table: str) -> None:
    warehouse.run_verbatim(f"CREATE TABLE before.{name} AS SELECT * FROM {table}")


def _kind(warehouse: Warehouse, schema: str, table: str) -> str | None:
    kind: str | None = warehouse.run_file("ops/table_kind", table_schema=schema, table_name=table).scalar()
    return kind
