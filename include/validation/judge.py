"""Asks Great Expectations for its verdict and writes every failing row to the table `failing`.

No cell value leaves the engine: counts come back, and the failing rows are selected by the query that Great
Expectations gives for them.
"""

from dataclasses import dataclass, replace
from typing import Any

from include.expectations import Rule, read_suite
from include.staging import UNREADABLE_ROW, FileFacts
from include.warehouse import Warehouse

COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
QUERIES = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "unexpected_index_column_names": ["row_number"],
    "return_unexpected_index_query": True,
}


@dataclass(frozen=True)
class RuleResult:
    """What one rule said: counts and a status of ops.validation_result, never a cell value."""

    rule_id: str
    severity: str
    rows_checked: int
    rows_failed: int
    status: str


def judge(warehouse: Warehouse, feed: str, level: str | None = None) -> list[RuleResult]:
    """Judge the rows of `staged` by the feed's suite, or by its rules of one level.

    Leaves the temporary table `failing` (row_number, rule_id, level, severity, is_overridden) with every rule that
    a row fails, and the view `failure` of those that set the row aside. A rule that cannot be evaluated has the
    status error, and nobody may rely on `failing` then.
    """
    rules = [rule for rule in read_suite(feed) if level in (None, rule.level)]
    total: int = warehouse.scalar("SELECT COUNT(*) FROM staged")
    results = [_result(rule, found, total) for rule, found in _validate(warehouse, "staged", rules, COUNTS)]
    failing = {result.rule_id for result in results if result.rows_failed}
    _write_failures(warehouse, [rule for rule in rules if rule.rule_id in failing])
    return results


def new_failing(warehouse: Warehouse) -> None:
    """Make the temporary table `failing`, empty, and the view `failure` of it."""
    for name in ("failing", "failure"):
        warehouse.replace_temporary(name, f"loading/{name}", {})


def judge_file(warehouse: Warehouse, facts: FileFacts) -> list[RuleResult]:
    """Judge what is known of a file as a whole by the suite `file`."""
    warehouse.replace_temporary("staged_file", "loading/staged_file", {})
    warehouse.run(
        "INSERT INTO staged_file VALUES (:rows, :missing, :unknown, :repeated, :unreadable)",
        rows=facts.row_count,
        missing=len(facts.missing),
        unknown=facts.unknown_columns,
        repeated=facts.repeated_columns,
        unreadable=facts.unreadable_rows,
    )
    warehouse.connection.commit()
    found = _validate(warehouse, "staged_file", list(read_suite("file")), COUNTS)
    return [in_rows(_result(rule, result, 1), facts) for rule, result in found]


def in_rows(result: RuleResult, facts: FileFacts) -> RuleResult:
    """The result with counts of rows instead of files, where the rule is about rows."""
    if result.rule_id != UNREADABLE_ROW:
        return result
    return replace(result, rows_checked=facts.row_count, rows_failed=facts.unreadable_rows)


def _validate(warehouse: Warehouse, table: str, rules: list[Rule], form: dict[str, Any]) -> list[tuple[Rule, Any]]:
    from include.validation.engine import batch_of, counting_suite, rule_id_of

    if not rules:
        return []
    warehouse.connection.commit()
    found = batch_of(warehouse, table).validate(counting_suite(rules), result_format=form)
    by_id = {rule_id_of(result): result for result in found.results}
    return [(rule, by_id[rule.rule_id]) for rule in rules]


def _result(rule: Rule, found: Any, total: int) -> RuleResult:
    from include.validation.engine import raised

    if raised(found):
        return RuleResult(rule.rule_id, rule.severity, 0, 0, "error")
    checked = found.result.get("element_count", total) - (found.result.get("missing_count") or 0)
    if rule.level == "lifespan":
        checked = total
    failed = 0 if found.success else int(found.result.get("unexpected_count", found.result.get("observed_value", 1)))
    return RuleResult(rule.rule_id, rule.severity, checked, failed, _status(rule, failed, checked))


def _status(rule: Rule, failed: int, checked: int) -> str:
    if failed:
        return "fail" if rule.severity == "critical" else "pass_with_failures"
    return "pass" if checked else "not_applicable"


def _write_failures(warehouse: Warehouse, rules: list[Rule]) -> None:
    new_failing(warehouse)
    for rule, query in _failure_queries(warehouse, rules):
        warehouse.insert_select(
            "failing",
            "row_number",
            f"SELECT row_number FROM ({query}) AS f",
            rule_id=rule.rule_id,
            level=rule.level,
            severity=rule.severity,
            is_overridden=False,
        )
    warehouse.connection.commit()


def _failure_queries(warehouse: Warehouse, rules: list[Rule]) -> list[tuple[Rule, str]]:
    own = [r for r in rules if r.settings["type"] == "unexpected_rows_expectation"]
    mapped = [r for r in rules if r not in own]
    queries = [(r, r.settings["kwargs"]["unexpected_rows_query"].replace("{batch}", "staged")) for r in own]
    for rule, found in _validate(warehouse, "staged", mapped, QUERIES):
        queries.append((rule, _with_condition(warehouse, rule, found.result["unexpected_index_query"])))
    return queries


def _with_condition(warehouse: Warehouse, rule: Rule, query: str) -> str:
    """Great Expectations' query of failing rows, narrowed by the rule's row condition, which it leaves out."""
    from include.validation.engine import condition_sql

    query = query.rstrip().rstrip(";")
    condition = rule.settings["kwargs"].get("row_condition")
    if condition is None:
        return query
    kept = f"SELECT row_number FROM staged WHERE {condition_sql(warehouse, condition)}"
    return f"SELECT f.row_number FROM ({query}) AS f WHERE f.row_number IN ({kept})"
