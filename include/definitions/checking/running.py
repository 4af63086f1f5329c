"""Checks that every rule can be evaluated: Great Expectations takes it, and it runs on empty tables in DuckDB.

The tables are those of the platform's own contracts, made in memory as loading and deriving make them.
"""

import csv
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from great_expectations.exceptions.exceptions import ExpectationNotFoundError
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from include.basics.scratch import scratch
from include.definitions import contracts
from include.definitions.checking.problem import Problem
from include.definitions.checking.suites import Living
from include.definitions.contracts.feed_sql import of_feed
from include.definitions.expectations import Rule
from include.pipeline.staging import stage
from include.pipeline.validation.compiled import COUNTS
from include.pipeline.validation.cross_feed import feed_of
from include.pipeline.validation.engine import batch_of, counting_suite, expectation_of, raised, rule_id_of
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.creating import create_all

ROW_QUERY = "unexpected_rows_expectation"
Empty = tuple[str, str]
"""A table without rows that rules are judged on, and what names a row of it."""


def check_running(living: list[Living]) -> list[Problem]:
    """What keeps rules from being evaluated."""
    refused = {one.rule.rule_id: said for one in living if (said := _refusal(one.rule))}
    problems = [_of(one, "type or kwargs", refused[one.rule.rule_id]) for one in living if one.rule.rule_id in refused]
    good = [one for one in living if one.rule.rule_id not in refused]
    with open_warehouse("duckdb:///:memory:") as warehouse, scratch() as folder:
        create_all(warehouse)
        for place, of_place in groupby(good, key=_place):
            problems += _run(warehouse, list(of_place), _make_empty(warehouse, *place, folder))
    return problems


def _refusal(rule: Rule) -> str:
    """What Great Expectations has against an expectation; nothing when it takes it."""
    try:
        ExpectationConfiguration(**expectation_of(rule)).to_domain_obj()
    except ExpectationNotFoundError:
        return f"{rule.settings['type']} is no expectation of Great Expectations"
    except Exception as error:
        return f"Great Expectations refuses them: {_line(str(error).replace('->', '.'))}"
    return ""


def _place(one: Living) -> tuple[str, str]:
    """The suite, and the feed whose rows are judged."""
    return one.suite, feed_of(one.rule)


def _make_empty(warehouse: Warehouse, suite: str, feed: str, folder: Path) -> Empty:
    """The table that a suite's rules are judged on."""
    if suite == "file":
        warehouse.replace_temporary("batch_file", "receiving/batch_file")
        return "batch_file", ""
    if suite == "warehouse":
        warehouse.create_temporary("judged", f"AS SELECT * FROM scope.{feed}", "VIEW")
        return "judged", "load_id, row_number"
    file = folder / f"{feed}.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerow(contracts.read(feed).names)
    stage(warehouse, feed, file)
    for table in ("batch_file", "staged", "known_empty"):
        warehouse.replace_temporary(table, f"receiving/{table}", of_feed(feed, is_duckdb=True))
    return "known_empty", "row_number"


def _run(warehouse: Warehouse, living: list[Living], empty: Empty) -> list[Problem]:
    """Judge the table by the rules; each that raises is a problem, and so is a query that names no rows."""
    table, row = empty
    warehouse.connection.commit()
    judged = {one.rule.rule_id: one for one in living}
    suite = counting_suite([one.rule for one in living])
    results = batch_of(warehouse, table).validate(suite, result_format=COUNTS).results
    failed = {rule_id_of(result): _said(result.exception_info) for result in results if raised(result)}
    problems = [_of(judged[rule_id], "kwargs", f"cannot be evaluated: {said}") for rule_id, said in failed.items()]
    queries = [one for one in living if one.rule.rule_id not in failed and one.rule.settings["type"] == ROW_QUERY]
    return problems + [
        _of(one, "kwargs.unexpected_rows_query", f"has to return {row}")
        for one in queries
        if not _returns(warehouse, one.rule.settings["kwargs"]["unexpected_rows_query"].replace("{batch}", table), row)
    ]


def _returns(warehouse: Warehouse, query: str, columns: str) -> bool:
    try:
        warehouse.run_verbatim(f"SELECT {columns} FROM ({query}) AS q")
    except sa.exc.DBAPIError:
        warehouse.connection.rollback()
        return False
    return True


def _said(exception_info: dict[str, Any]) -> str:
    """The first words of what was raised; the tables are empty, so they quote no cell."""
    told = [exception_info] if "exception_message" in exception_info else exception_info.values()
    return _line(next(str(one["exception_message"]) for one in told if one["raised_exception"]))


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def _of(one: Living, key: str, what: str) -> Problem:
    return Problem(one.file, one.rule.rule_id, key, what, "REG-303" if key.startswith("kwargs") else "REG-401")
