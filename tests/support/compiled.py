"""Every rule as the SQL that Great Expectations makes of it: a test's small files are judged without waiting."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from include.definitions import contracts
from include.definitions.contracts.feed_sql import of_feed
from include.definitions.expectations import Rule, read_suite
from include.pipeline.staging import stage
from include.pipeline.validation.compiled import keep_rules
from include.pipeline.validation.compiling import compile_rules
from include.pipeline.validation.cross_feed import feed_of, find
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.frames import append
from include.warehouse.near import Near
from tests.support.extracts import as_csv


def compile_all(warehouse: Warehouse, folder: Path) -> None:
    """Let Great Expectations judge empty tables by every rule; what it asks is kept."""
    warehouse.replace_temporary("batch_file", "receiving/batch_file")
    _keep(warehouse, read_suite("file"), "batch_file")
    for feed in contracts.FEEDS:
        file = folder / f"{feed}.csv"
        file.write_bytes(as_csv([], contracts.read(feed).names))
        stage(warehouse, feed, file)
        for table in ("staged", "known_empty"):
            of = of_feed(feed, is_duckdb=warehouse.is_duckdb)
            warehouse.replace_temporary(table, f"receiving/{table}", of)
        _keep(warehouse, read_suite(feed), "known_empty")
        warehouse.drop_temporary("staged_rows", "rejected_lines", "staged", "known_empty")
    for _, rules in groupby(sorted(read_suite("warehouse"), key=feed_of), key=feed_of):
        warehouse.replace_temporary("finding", "validation/finding")
        find(warehouse, Near(warehouse), list(rules))
    warehouse.drop_temporary()
    warehouse.connection.commit()


def copy_rules(template: str, warehouse: Warehouse) -> None:
    """Let a warehouse know the rules that another one, of the same engine, has compiled."""
    with open_warehouse(template, read_only=True) as compiled:
        rules = compiled.frame("SELECT * FROM ops.compiled_rule")
    append(warehouse, "ops.compiled_rule", rules.astype(object).where(rules.notna(), None))
    warehouse.connection.commit()


def _keep(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> None:
    compiled, refused = compile_rules(warehouse, rules, table)
    assert refused == []
    keep_rules(warehouse, rules, compiled)
