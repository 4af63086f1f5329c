"""The rules that look across feeds: what they find goes to resolved.finding, their counts to ops.cross_check.

A row of one feed can become wrong or right by a row of another, so a load cannot judge it. It is judged in the
warehouse, for the patients whose rows changed, before they are derived, by the rules that look at what changed. A rule
that is new, was changed or could not be evaluated the last time is judged for everybody. Nothing is set aside, so
nothing that is derived depends on it.
"""

import hashlib
import json
import time
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from include.definitions.contracts.feed_sql import of_feed
from include.definitions.expectations import Rule, read_suite
from include.pipeline.validation.compiled import COUNTS, CompiledRule, keep_rules, known_rules
from include.pipeline.validation.times import TABLE as TIMES
from include.pipeline.validation.times import across_feeds, keep_times
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append
from include.warehouse.lineage import sources_of
from include.warehouse.made import Made
from include.warehouse.near import Near
from include.warehouse.sql import OfTable


def cross_check(warehouse: Warehouse, near: Near) -> list[str]:
    """Judge the touched patients by the rules across feeds; returns the rules that could not be evaluated.

    Great Expectations needs the session's transactions for itself, so this happens before the derivation's own. The
    patients stay touched: after a crash between the two they are judged again, to the same end.
    """
    rules = read_suite("warehouse")
    known = dict(warehouse.run("SELECT rule_id, fingerprint FROM ops.cross_check").tuples().all())
    _forget(warehouse, known.keys() - {rule.rule_id for rule in rules})
    made = Made(warehouse)
    late = [rule for rule in rules if known.get(rule.rule_id) != _fingerprint(rule)]
    broken = _judge_patients(warehouse, near, made, late, "validation/enter_everyone") if late else set()
    settled = [rule for rule in rules if rule not in late and made.is_stale(_step(rule), _read_by(rule))]
    if settled and warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient"):
        broken |= _judge_patients(warehouse, near, made, settled, "ops/enter_scope", "validation/enter_linked")
    return sorted(broken)


def feed_of(rule: Rule) -> str:
    """The feed whose row is at fault: the first word of the rule's id."""
    return rule.rule_id.partition(".")[0]


def _step(rule: Rule) -> str:
    return f"rule.{rule.rule_id}"


def _read_by(rule: Rule) -> frozenset[str]:
    """What the rule looks at: its own feed and what its query names."""
    return sources_of(f"scope.{feed_of(rule)} {_query(rule)}")


def _judge_patients(warehouse: Warehouse, near: Near, made: Made, rules: list[Rule], *enter: str) -> set[str]:
    """Judge the patients that the statements `enter` into ops.scope, and replace what was found of them."""
    with warehouse.transaction():
        near.enter(*enter)
        warehouse.replace_temporary("finding", "validation/finding")
    patients = int(warehouse.scalar("SELECT COUNT(*) FROM ops.scope"))
    seconds = find(warehouse, near, rules) if patients else {}
    broken = {rule.rule_id for rule in rules if rule.rule_id not in seconds} if patients else set()
    with warehouse.transaction():
        judged = [rule for rule in rules if rule.rule_id not in broken]
        keep_times(warehouse, across_feeds(seconds, patients))
        _replace_findings(warehouse, near, judged)
        _replace_counts(warehouse, rules, broken)
        for rule in judged:
            made.note(_step(rule), _read_by(rule), changed=True)
        made.keep(warehouse)
        near.leave()
        warehouse.count_step("derive")
    return broken


def find(warehouse: Warehouse, near: Near, rules: Iterable[Rule]) -> dict[str, float]:
    """Enter the rows that fail the rules in `finding`; the seconds of each rule that could be evaluated.

    Great Expectations is asked the first time after a rule changed whether it can evaluate it; as its queries name the
    failing rows by themselves, they are asked alone.
    """
    seconds: dict[str, float] = {}
    for feed, alike in groupby(sorted(rules, key=feed_of), key=feed_of):
        judged = list(alike)
        refused = set() if known_rules(warehouse, judged) is not None else _refused(warehouse, feed, judged)
        with warehouse.transaction():
            warehouse.create_temporary("judged", f"AS SELECT * FROM {near.read_by(f'scope.{feed}')}", "VIEW")
        seconds |= _enter_each(warehouse, near, [rule for rule in judged if rule.rule_id not in refused])
    warehouse.run("DROP VIEW IF EXISTS judged")
    return seconds


def _enter_each(warehouse: Warehouse, near: Near, rules: Iterable[Rule]) -> dict[str, float]:
    seconds = {}
    for rule in rules:
        began = time.perf_counter()
        if enter(warehouse, near, rule):
            seconds[rule.rule_id] = time.perf_counter() - began
    return seconds


def _refused(warehouse: Warehouse, feed: str, rules: list[Rule]) -> set[str]:
    """The rules that Great Expectations cannot evaluate, whatever the rows; the others are kept as known."""
    from include.pipeline.validation.engine import batch_of, counting_suite, raised, rule_id_of

    with warehouse.transaction():
        warehouse.create_temporary("judged", f"AS SELECT * FROM scope.{feed} WHERE FALSE", "VIEW")
    results = batch_of(warehouse, "judged").validate(counting_suite(rules), result_format=COUNTS).results
    refused = {rule_id_of(result) for result in results if raised(result)}
    warehouse.connection.rollback()
    good = [rule for rule in rules if rule.rule_id not in refused]
    queries = [CompiledRule(r.rule_id, r.severity, r.level, None, _query(r), "TRUE") for r in good]
    keep_rules(warehouse, rules, queries)
    return refused


def _query(rule: Rule) -> str:
    query: str = rule.settings["kwargs"]["unexpected_rows_query"]
    return query


def enter(warehouse: Warehouse, near: Near, rule: Rule) -> bool:
    """Enter the rows that fail a rule in `finding`; false when its query does not say which they are."""
    query = near.read_by(_query(rule)).replace("{batch}", "judged")
    stamps = {"rule_id": rule.rule_id, "severity": rule.severity, "feed": feed_of(rule)}
    try:
        with warehouse.transaction(), warehouse.joins_of_many():
            warehouse.insert_select("finding", "load_id, row_number", query, **stamps)
    except sa.exc.DBAPIError:
        return False
    return True


def _replace_findings(warehouse: Warehouse, near: Near, rules: list[Rule]) -> None:
    if not rules:
        return
    warehouse.run_file("validation/forget_findings", rule_ids=[rule.rule_id for rule in rules])
    for feed in sorted({feed_of(rule) for rule in rules}):
        warehouse.run_file("validation/enter_findings", OfTable(near.read_by(f"scope.{feed}")), feed=feed)


def _replace_counts(warehouse: Warehouse, rules: list[Rule], broken: set[str]) -> None:
    ids = [rule.rule_id for rule in rules]
    failed = dict(warehouse.run_file("validation/count_findings", rule_ids=ids).tuples().all())
    current = {
        feed: warehouse.run_file("validation/count_current", of_feed(feed, is_duckdb=warehouse.is_duckdb)).scalar()
        for feed in {feed_of(rule) for rule in rules}
    }
    counts = [
        _counts(rule, 0, 0, None)
        if rule.rule_id in broken
        else _counts(rule, current[feed_of(rule)] or 0, failed.get(rule.rule_id, 0), _fingerprint(rule))
        for rule in rules
    ]
    warehouse.run_file("validation/forget_rules", OfTable("ops.cross_check"), rule_ids=ids)
    append(warehouse, "ops.cross_check", [{**one, "judged_at": utc_now()} for one in counts])


def _counts(rule: Rule, checked: int, failed: int, fingerprint: str | None) -> dict[str, Any]:
    status = "pass_with_failures" if failed else "pass" if checked else "not_applicable"
    return {
        "rule_id": rule.rule_id,
        "severity": rule.severity,
        "rows_checked": checked,
        "rows_failed": failed,
        "status": status if fingerprint else "error",
        "fingerprint": fingerprint,
    }


def _forget(warehouse: Warehouse, gone: set[str]) -> None:
    """Drop what rules said that are no more."""
    if not gone:
        return
    with warehouse.transaction():
        for table in ("resolved.finding", "ops.cross_check", TIMES):
            warehouse.run_file("validation/forget_rules", OfTable(table), rule_ids=sorted(gone))
        warehouse.count_step("derive")


def _fingerprint(rule: Rule) -> str:
    judged = json.dumps([rule.severity, rule.settings["type"], rule.settings["kwargs"]], sort_keys=True)
    return hashlib.sha256(judged.encode()).hexdigest()
