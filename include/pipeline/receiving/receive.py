"""The receive step: stage and judge the waiting files of a feed, and one transaction that appends what they say."""

from collections.abc import Sequence

from include.basics.errors import RegistryError
from include.definitions.contracts.feed_sql import of_feed
from include.definitions.expectations import own_rules
from include.pipeline.receiving.batch import BatchFile, judge_files, read_batch, stage_batch
from include.pipeline.receiving.keep import keep
from include.pipeline.validation import judge
from include.pipeline.validation.compiled import count_checked
from include.pipeline.validation.judge import Judged
from include.warehouse import Warehouse
from include.warehouse.sql import OfTable

CHUNK = 500
"""Most files of a batch: what is staged of them is in one temporary table."""


def receive(warehouse: Warehouse, load_ids: Sequence[str]) -> dict[str, Exception]:
    """Receive the due ones among some loads of one feed; a load that is not due is left as it is.

    A file that cannot be read, fails a file rule or has too large a share of failing rows is held whole, with the
    reason in the ledger; the others go on. One that is held because a rule could not be evaluated (REG-303) or its
    landed copy is not what was pulled (REG-207) is due again, one that is held for its share (REG-307) once the
    threshold lets it through. Returns what files met that can be tried again, by load id.
    """
    failed: dict[str, Exception] = {}
    for start in range(0, len(load_ids), CHUNK):
        failed |= _receive_batch(warehouse, load_ids[start : start + CHUNK])
    return failed


def _receive_batch(warehouse: Warehouse, load_ids: Sequence[str]) -> dict[str, Exception]:
    """A batch that fails as a whole is received file by file, so that none keeps the others out."""
    try:
        return _receive_together(warehouse, load_ids)
    except Exception as error:
        warehouse.connection.rollback()
        if len(load_ids) == 1:
            return {load_ids[0]: error}
        failed: dict[str, Exception] = {}
        for load_id in load_ids:
            failed |= _receive_batch(warehouse, [load_id])
        return failed


def _receive_together(warehouse: Warehouse, load_ids: Sequence[str]) -> dict[str, Exception]:
    """Whether a load is due is asked once it is claimed: another process may have received it just before."""
    with warehouse.claimed(load_ids) as mine:
        files = read_batch(warehouse, mine)
        if not files:
            return {}
        failed = stage_batch(warehouse, files)
        if files:
            _judge_and_keep(warehouse, files)
        warehouse.drop_temporary()
        warehouse.connection.commit()
        return failed


def _judge_and_keep(warehouse: Warehouse, files: list[BatchFile]) -> None:
    of = of_feed(files[0].feed, is_duckdb=warehouse.is_duckdb)
    of_files = said(warehouse, judge_files(warehouse, files), "batch_file")
    warehouse.replace_temporary("staged", "receiving/staged", of)
    warehouse.drop_temporary("staged_rows", "unnumbered_rows")  # as large as `staged`, and nobody asks for them again
    judged = judge(warehouse, own_rules(of.f.name), "staged")
    for one in files:
        one.broken_rules += sorted(judged.broken)
        if one.broken_rules and not one.error:
            one.error = RegistryError("REG-303", f"cannot evaluate {', '.join(one.broken_rules)}")
    hold_by_share(warehouse, of.f.name, files)
    keep(warehouse, of, files, of_files + said(warehouse, judged, "staged"), judged)


def said(warehouse: Warehouse, judged: Judged, table: str) -> list[tuple[int, str, int, int]]:
    """What each rule said of each file: its number, the rule, rows checked, rows failed."""
    failed = {
        (number, rule_id): int(count)
        for number, rule_id, count in warehouse.run_file("receiving/failed_by_file", OfTable(table)).tuples()
    }
    checked = count_checked(warehouse, judged.rules, table)
    return [(number, rule_id, rows, failed.get((number, rule_id), 0)) for number, rule_id, rows in checked]


def hold_by_share(warehouse: Warehouse, feed: str, files: list[BatchFile]) -> None:
    """Hold the files of which too large a share of rows fails a critical rule, as `failing` has them."""
    failing = dict(warehouse.run_file("receiving/count_failing").tuples().all())
    limit = warehouse.run_file("receiving/hold_share", feed=feed).first()
    for one in files:
        one.failing = int(failing.get(one.number, 0)) + (one.facts.unreadable_rows if one.facts else 0)
        exceeds = limit and one.rows >= (limit.minimum_rows or 1) and 100 * one.failing > limit.high * one.rows
        if limit and exceeds and not one.is_released and not one.error:
            told = f"more than {limit.high:g} % ({limit.threshold_id})"
            one.error = RegistryError("REG-307", f"{one.failing} of {one.rows} rows fail a critical rule, {told}")
