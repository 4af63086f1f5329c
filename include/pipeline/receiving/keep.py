"""Appends what a batch says: rows, failures, lines, verdicts and the reading itself, in one transaction."""

from collections.abc import Sequence
from typing import Any

from include.definitions.contracts.feed_sql import FeedSql, OfFeed
from include.definitions.expectations import Rule, read_suite
from include.pipeline.receiving.batch import BatchFile, mark_received, still_due
from include.pipeline.staging import UNREADABLE_ROW
from include.pipeline.validation.judge import Judged
from include.pipeline.validation.times import keep_times, of_rows
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append

Said = tuple[int, str, int, int]
"""What a rule said of a file: the file's number, the rule, rows checked, rows failed."""


def keep(warehouse: Warehouse, of: OfFeed, files: list[BatchFile], said: Sequence[Said], judged: Judged) -> None:
    """Append the batch; of a file that is held only what its rows fail by themselves, if they were judged.

    It waits for its turn, so that no fact is added while others are resolved.
    """
    f = of.f
    rules = {rule.rule_id: rule for rule in (*read_suite("file"), *read_suite(f.name))}
    with warehouse.transaction():
        warehouse.wait_for_turn()
        files = still_due(warehouse, files)
        mark_received(warehouse, files)
        for statement in ("keep_rows", "keep_failures", "keep_lines"):
            warehouse.run_file(f"receiving/{statement}", of)
        append(warehouse, "received.verdict", _verdicts(f, files, rules, said))
        append(warehouse, "received.filled", _filled(warehouse, of, files))
        append(warehouse, "received.left_out", [row for one in files for row in _left_out(one)])
        append(warehouse, "received.reading", [reading_of(one) for one in files])
        keep_times(warehouse, of_rows(f.name, judged))
        warehouse.count_step("load")


def _verdicts(f: FeedSql, files: list[BatchFile], rules: dict[str, Rule], said: Sequence[Said]) -> list[dict[str, Any]]:
    by_number = {one.number: one for one in files}
    told = ((by_number.get(number), rules[rule_id], checked, failed) for number, rule_id, checked, failed in said)
    found = [_verdict(one, rule, checked, failed) for one, rule, checked, failed in told if one]
    late = [rule for rule in read_suite(f.name) if rule.level == "lifespan"]
    found += [_verdict(one, rule, one.rows, 0) for one in files if one.error is None for rule in late]
    broken = [(one, rules[rule_id]) for one in files if one.facts for rule_id in one.broken_rules]
    return found + [_verdict(one, rule, 0, 0, is_broken=True) for one, rule in broken]


def _verdict(one: BatchFile, rule: Rule, checked: int, failed: int, *, is_broken: bool = False) -> dict[str, Any]:
    if rule.rule_id == UNREADABLE_ROW and one.facts:
        checked, failed = one.facts.row_count, one.facts.unreadable_rows
    return {
        "load_id": one.load_id,
        "reading": one.reading,
        "rule_id": rule.rule_id,
        "level": rule.level,
        "severity": rule.severity,
        "rows_checked": checked,
        "rows_failed": failed,
        "is_broken": is_broken,
    }


def _filled(warehouse: Warehouse, of: OfFeed, files: list[BatchFile]) -> list[dict[str, Any]]:
    """In how many rows of each file that is received the columns are filled that may be empty."""
    by_number = {one.number: one for one in files if one.error is None}
    counted = warehouse.run_file("receiving/filled", of).mappings().all()
    return [
        {"load_id": one.load_id, "reading": one.reading, "column_name": name, "rows_filled": row[name]}
        for row in counted
        if (one := by_number.get(row["file_number"]))
        for name in of.f.optional
    ]


def _left_out(one: BatchFile) -> list[dict[str, Any]]:
    of_reading = {"load_id": one.load_id, "reading": one.reading}
    found = one.facts.left_out if one.facts else {}
    return [{**of_reading, "reason": reason, "rows": rows} for reason, rows in found.items()]


def reading_of(one: BatchFile) -> dict[str, Any]:
    """The row of received.reading of a file of a batch."""
    return {
        "load_id": one.load_id,
        "reading": one.reading,
        "is_whole": True,
        "outcome": "held" if one.error else "received",
        "reason": f"{one.error.code}: {one.error.what}" if one.error else None,
        "reason_code": one.error.code if one.error else None,
        "rows_received": one.rows,
        "rows_unreadable": one.facts.unreadable_rows if one.facts else 0,
        "rows_failing": one.failing,
        "profile": one.profile,
        "rows_left_out": sum(one.facts.left_out.values()) if one.facts else 0,
        "started_at": one.started_at,
        "finished_at": utc_now(),
    }
