"""Every rule on rows that pass it and rows that break it, through Great Expectations, on both engines."""

import dataclasses
from collections import defaultdict
from datetime import date

import pytest

from include.definitions import contracts
from include.definitions.expectations import read_suite
from include.pipeline.receiving.batch import BatchFile, note_files
from include.pipeline.staging import FileFacts
from include.pipeline.validation import judge
from include.warehouse import Warehouse
from tests.definitions.expectations.staged import Case, read_cases, stage_rows

GOOD_FILE = FileFacts(row_count=1, missing=(), unknown_columns=0, repeated_columns=0)


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_each_row_breaks_the_rules_named_and_no_other(judging: Warehouse, feed: str) -> None:
    cases = read_cases(feed)

    assert rules_broken(judging, feed, cases) == expected(cases, rule_ids(feed))


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_every_rule_has_a_row_that_breaks_it(feed: str) -> None:
    broken = {rule for case in read_cases(feed) for rule in case.breaks}

    assert broken == {rule.rule_id for rule in read_suite(feed)}


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_a_row_is_judged_the_same_whatever_else_its_file_holds(duckdb_judging: Warehouse, feed: str) -> None:
    half = read_cases(feed)[::2]
    alone = {rule.rule_id for rule in read_suite(feed) if rule.severity == "critical"}
    broken = rules_broken(duckdb_judging, feed, half)

    assert {row: rules & alone for row, rules in broken.items() if rules & alone} == expected(half, alone)


@pytest.mark.parametrize("feed", [feed for feed in contracts.FEEDS if feed != "lesions"])
def test_the_lifespan_rules_find_the_same_rows_alone(duckdb_judging: Warehouse, feed: str) -> None:
    cases = read_cases(feed)
    lifespan = {rule.rule_id for rule in read_suite(feed) if rule.level == "lifespan"}

    assert rules_broken(duckdb_judging, feed, cases, "lifespan") == expected(cases, lifespan)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({}, {}),
        ({"missing": ("status",)}, {"file.columns.missing": "critical"}),
        ({"repeated_columns": 1}, {"file.columns.repeated": "critical"}),
        ({"unknown_columns": 2}, {"file.columns.unknown": "warning"}),
        ({"row_count": 0}, {}),
        ({"row_count": 9, "unreadable_rows": 2}, {"file.row.unreadable": "critical"}),
    ],
)
def test_a_file_breaks_the_rule_named_and_no_other(
    judging: Warehouse, changed: dict[str, object], broken: dict[str, str]
) -> None:
    facts = dataclasses.replace(GOOD_FILE, **changed)  # type: ignore[arg-type]
    note_files(judging, [BatchFile(1, "L1", "visits", date(2020, 1, 1), "", "", False, False, 0, 1, facts=facts)])
    assert judge(judging, read_suite("file"), "batch_file").broken == set()
    assert dict(judging.run("SELECT rule_id, severity FROM failing").tuples().all()) == broken


def rule_ids(feed: str) -> set[str]:
    """The ids of a feed's rules."""
    return {rule.rule_id for rule in read_suite(feed)}


def expected(cases: list[Case], rules: set[str]) -> dict[int, frozenset[str]]:
    """Which of the rules each row is said to break; rows that break none are left out."""
    return {case.row["row_number"]: case.breaks & rules for case in cases if case.breaks & rules}


def rules_broken(
    warehouse: Warehouse, feed: str, cases: list[Case], level: str | None = None
) -> dict[int, frozenset[str]]:
    """The rules that each row breaks; rows that break none are left out."""
    stage_rows(warehouse, feed, [case.row for case in cases])
    judge(warehouse, [rule for rule in read_suite(feed) if level in (None, rule.level)], "staged")
    found: dict[int, set[str]] = defaultdict(set)
    for row_number, rule_id in warehouse.run("SELECT row_number, rule_id FROM failing"):
        found[row_number].add(rule_id)
    return {row_number: frozenset(rules) for row_number, rules in found.items()}
