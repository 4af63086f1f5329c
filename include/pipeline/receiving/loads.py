"""Receives loads and resolves what they touch: from waiting files to their reports."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import duckdb
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.definitions import contracts
from include.pipeline.receiving.receive import receive
from include.pipeline.receiving.report import LoadReport, read_reports
from include.pipeline.resolving import resolve
from include.warehouse import Warehouse, migration, open_warehouse, prepare_in_turn
from include.warehouse.openlineage import tell_received
from include.warehouse.postgresql import postgresql_error
from include.warehouse.refusal import kind_of

CLAIMED = "REG-305 (another process has it)"
"""What is said of a load that somebody else is receiving."""
FEW_BYTES = 1_000_000
"""Files of which one core receives so much about as fast as all."""


def load(settings: Settings, load_ids: list[str]) -> tuple[list[LoadReport], dict[str, str]]:
    """Receive some loads and resolve what they touch; loads that are not due are left as they are.

    Returns the reports of the loads, and what kept others from being received: the code and kind of each error. A load
    that another process has claimed, be it a killed task that still lives, is among those: it is not received yet.
    """
    with open_warehouse(settings.warehouse, turn=False) as warehouse:
        prepare_in_turn(warehouse)
        reports, failed = load_landed(warehouse, load_ids)
    left = {report.load_id: CLAIMED for report in reports if report.state == "received"}
    return [report for report in reports if report.load_id not in left], failed | left


def load_landed(warehouse: Warehouse, load_ids: Iterable[str]) -> tuple[list[LoadReport], dict[str, str]]:
    """The same on an open warehouse; raises RegistryError REG-304 when nobody pulled one of them.

    Others may receive meanwhile: what one of them has claimed is left to it, and its report says what is known so far.
    """
    wanted = list(load_ids)
    waiting = read_reports(warehouse, wanted) if wanted else []
    feed_of = {report.load_id: report.feed for report in waiting}
    warehouse.share_work(is_much=sum(report.size_bytes for report in waiting) > FEW_BYTES)
    failed: dict[str, Exception] = {}
    for of_feed in _by_feed(feed_of):
        failed |= receive(warehouse, of_feed)
    with warehouse.turn():
        _resolve(warehouse)
    kept = [load_id for load_id in wanted if load_id not in failed]
    tell_received(warehouse, (feed_of[load_id] for load_id in kept))
    reports = read_reports(warehouse, kept) if kept else []
    return reports, {load_id: code_of(error) for load_id, error in failed.items()}


def _resolve(warehouse: Warehouse) -> None:
    """Resolve what is due, with what people decided in a warehouse of an earlier version."""
    if not migration.is_pending(warehouse):
        resolve(warehouse)
        return
    migration.carry_subjects(warehouse)
    resolve(warehouse)
    while migration.carry_subjects(warehouse):
        resolve(warehouse)
    migration.finish(warehouse)


def code_of(error: Exception) -> str:
    """The code of an error and its kind; its text may quote cells."""
    if isinstance(error, RegistryError):
        return error.code
    of_database = isinstance(error, (sa.exc.DBAPIError, postgresql_error()))
    cause = error.orig or error if isinstance(error, sa.exc.DBAPIError) else error
    can_be_mended = isinstance(cause, (OSError, duckdb.Error, postgresql_error()))
    code = (kind_of(cause) if can_be_mended else None) or ("REG-106" if of_database else "REG-305")
    return f"{code} ({type(cause).__name__})"


def _by_feed(feed_of: dict[str, str]) -> Iterator[list[str]]:
    order = {feed: number for number, feed in enumerate(contracts.FEEDS)}
    for _, of_feed in groupby(sorted(feed_of, key=lambda load_id: order[feed_of[load_id]]), key=feed_of.__getitem__):
        yield list(of_feed)
