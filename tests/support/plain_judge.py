"""The suites' rules as plain SQL: a second opinion on Great Expectations' verdict, and a quick stand-in for it.

Loading is tested with many small files. Great Expectations takes half a second for each, whatever its size.
"""

from collections.abc import Iterable
from typing import Any

from include.expectations import Rule, read_suite
from include.staging import FileFacts
from include.validation import RuleResult
from include.validation.cross_feed import enter, feed_of
from include.validation.judge import in_rows, new_failing
from include.warehouse import Warehouse

OPERATORS = {"!=": "<>", "==": "=", "IN": "IN"}


def judge(warehouse: Warehouse, feed: str, level: str | None = None) -> list[RuleResult]:
    """The same as `include.validation.judge`, without Great Expectations; counts of rows checked are all rows."""
    new_failing(warehouse)
    total: int = warehouse.scalar("SELECT COUNT(*) FROM staged")
    rules = [rule for rule in read_suite(feed) if level in (None, rule.level)]
    broken = " UNION ALL ".join(
        f"SELECT row_number, '{r.rule_id}' AS rule_id, '{r.level}' AS level, '{r.severity}' AS severity "
        f"FROM ({failing_rows(r)}) AS f"
        for r in rules
    )
    if not rules:
        return []
    warehouse.drop_temporary("broken")
    warehouse.run_verbatim(f"CREATE TEMPORARY TABLE broken AS {broken}")
    warehouse.run("INSERT INTO failing SELECT row_number, rule_id, level, severity, FALSE, NULL FROM broken")
    failed = dict(warehouse.run("SELECT rule_id, COUNT(*) FROM broken GROUP BY rule_id").tuples().all())
    warehouse.connection.commit()
    return [_result(rule, failed.get(rule.rule_id, 0), total) for rule in rules]


def judge_file(_: Warehouse, facts: FileFacts) -> list[RuleResult]:
    """The same as `include.validation.judge_file`, without Great Expectations."""
    values = {
        "missing_columns": len(facts.missing),
        "repeated_columns": facts.repeated_columns,
        "unknown_columns": facts.unknown_columns,
        "row_count": facts.row_count,
        "unreadable_rows": facts.unreadable_rows,
    }
    results = []
    for rule in read_suite("file"):
        limits = rule.settings["kwargs"]
        value = values[limits["column"]]
        inside = limits.get("min_value", value) <= value <= limits.get("max_value", value)
        results.append(in_rows(_result(rule, 0 if inside else 1, 1), facts))
    return results


def find(warehouse: Warehouse, rules: Iterable[Rule]) -> set[str]:
    """The same as `include.validation.cross_feed.find`, without Great Expectations."""
    broken = set()
    for rule in rules:
        warehouse.replace_temporary("judged", "validation/judged", {"feed": feed_of(rule)})
        if not enter(warehouse, rule):
            broken.add(rule.rule_id)
    warehouse.drop_temporary("judged")
    return broken


def failing_rows(rule: Rule, table: str = "staged") -> str:
    """A SELECT of the row numbers that break a rule."""
    given = rule.settings["kwargs"]
    kind = rule.settings["type"]
    if kind == "unexpected_rows_expectation":
        query: str = given["unexpected_rows_query"].replace("{batch}", table)
        return f"SELECT row_number FROM ({query}) AS q"
    broken = _broken(kind, given)
    condition = f" AND {_condition(given['row_condition'])}" if "row_condition" in given else ""
    return f"SELECT row_number FROM {table} WHERE {broken}{condition}"


def _broken(kind: str, given: dict[str, Any]) -> str:
    column = given.get("column")
    if kind == "expect_column_values_to_not_be_null":
        return f"{column} IS NULL"
    if kind == "expect_column_values_to_be_in_set":
        return f"{column} NOT IN ({_literals(given['value_set'])})"
    if kind == "expect_column_values_to_be_between":
        low, high = given.get("min_value"), given.get("max_value")
        limits = [f"{column} < {low}" if low is not None else "", f"{column} > {high}" if high is not None else ""]
        return f"({' OR '.join(filter(None, limits))})"
    if kind == "expect_column_pair_values_a_to_be_greater_than_b" and given["or_equal"]:
        return f"{given['column_A']} < {given['column_B']}"
    raise NotImplementedError(kind)


def _condition(given: dict[str, Any]) -> str:
    if given["type"] == "and":
        return " AND ".join(_condition(part) for part in given["conditions"])
    operand = given["parameter"]
    values = f"({_literals(operand)})" if isinstance(operand, list) else _literals([operand])
    return f"{given['column']['name']} {OPERATORS[given['operator']]} {values}"


def _literals(values: list[Any]) -> str:
    return ", ".join(
        str(v).upper() if isinstance(v, bool) else f"'{v}'" if isinstance(v, str) else str(v) for v in values
    )


def _result(rule: Rule, failed: int, checked: int) -> RuleResult:
    worst = "fail" if rule.severity == "critical" else "pass_with_failures"
    return RuleResult(rule.rule_id, rule.severity, checked, failed, worst if failed else "pass")
