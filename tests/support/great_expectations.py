"""Great Expectations' own verdict on a table, asked the long way: the oracle of the rules that are kept as SQL."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from include.definitions.expectations import Rule
from include.pipeline.validation.compiled import COUNTS
from include.pipeline.validation.engine import batch_of, condition_sql, counting_suite, raised, rule_id_of
from include.warehouse import Warehouse

QUERIES = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "unexpected_index_column_names": ["row_number"],
    "return_unexpected_index_query": True,
}


def counts_of(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> dict[str, tuple[int, int]]:
    """How many rows each rule looks at, and how many of them fail."""
    warehouse.connection.commit()
    total = warehouse.scalar(f"SELECT COUNT(*) FROM {table}")
    by_id = {rule.rule_id: rule for rule in rules}
    return {
        rule_id: _counts(by_id[rule_id], found, total)
        for rule_id, found in _validate(warehouse, rules, table, COUNTS).items()
    }


def failing_of(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> Counter[Any]:
    """Every failing row with its rule, level and severity."""
    failed = {rule_id for rule_id, (_, rows) in counts_of(warehouse, rules, table).items() if rows}
    found: Counter[Any] = Counter()
    for rule, query in _queries(warehouse, [rule for rule in rules if rule.rule_id in failed], table):
        rows = warehouse.run_verbatim(f"SELECT row_number FROM ({query}) AS f").scalars()
        found.update((number, rule.rule_id, rule.level, rule.severity) for number in rows)
    return found


def _validate(warehouse: Warehouse, rules: Sequence[Rule], table: str, form: dict[str, Any]) -> dict[str, Any]:
    if not rules:
        return {}
    warehouse.connection.commit()
    found = batch_of(warehouse, table).validate(counting_suite(list(rules)), result_format=form)
    warehouse.connection.rollback()
    assert not [result for result in found.results if raised(result)]
    return {rule_id_of(result): result for result in found.results}


def _counts(rule: Rule, found: Any, total: int) -> tuple[int, int]:
    checked = found.result.get("element_count", total) - (found.result.get("missing_count") or 0)
    failed = 0 if found.success else int(found.result.get("unexpected_count", found.result.get("observed_value", 1)))
    return total if rule.level == "lifespan" else checked, failed


def _queries(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> list[tuple[Rule, str]]:
    own = [rule for rule in rules if rule.settings["type"] == "unexpected_rows_expectation"]
    queries = [(rule, rule.settings["kwargs"]["unexpected_rows_query"].replace("{batch}", table)) for rule in own]
    mapped = [rule for rule in rules if rule not in own]
    found = _validate(warehouse, mapped, table, QUERIES)
    return queries + [
        (rule, _narrowed(warehouse, rule, found[rule.rule_id].result["unexpected_index_query"], table))
        for rule in mapped
    ]


def _narrowed(warehouse: Warehouse, rule: Rule, query: str, table: str) -> str:
    """Great Expectations' query of failing rows, narrowed by the rule's row condition, which it leaves out."""
    query = query.rstrip().rstrip(";")
    condition = rule.settings["kwargs"].get("row_condition")
    if condition is None:
        return query
    kept = f"SELECT row_number FROM {table} WHERE {condition_sql(warehouse, condition)}"
    return f"SELECT f.row_number FROM ({query}) AS f WHERE f.row_number IN ({kept})"
