"""Every rule on rows that pass it and rows that break it, through Great Expectations, on both engines."""

import dataclasses
import importlib
from collections import defaultdict

import pytest

from include import contracts
from include.expectations import Rule, read_suite
from include.staging import FileFacts
from include.validation import judge, judge_file
from include.warehouse import Warehouse
from tests.expectations.staged import Case, read_cases, stage_rows

GOOD_FILE = FileFacts(row_count=1, missing=(), unknown_columns=0, repeated_columns=0)


@pytest.fixture
def every_rule_critical(monkeypatch: pytest.MonkeyPatch) -> None:
    """`judge` names failing rows for critical rules only: here it names them for all."""

    def critical(feed: str) -> tuple[Rule, ...]:
        return tuple(dataclasses.replace(rule, severity="critical") for rule in read_suite(feed))

    monkeypatch.setattr(importlib.import_module("include.validation.judge"), "read_suite", critical)


@pytest.mark.parametrize("feed", contracts.FEEDS)
@pytest.mark.usefixtures("every_rule_critical")
def test_each_row_breaks_the_rules_named_and_no_other(judging: Warehouse, feed: str) -> None:
    cases = read_cases(feed)

    assert rules_broken(judging, feed, cases) == expected(cases, {rule.rule_id for rule in read_suite(feed)})


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_every_rule_has_a_row_that_breaks_it(feed: str) -> None:
    broken = {rule for case in read_cases(feed) for rule in case.breaks}

    assert broken == {rule.rule_id for rule in read_suite(feed)}


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_a_row_is_judged_the_same_whatever_else_its_file_holds(duckdb_judging: Warehouse, feed: str) -> None:
    half = read_cases(feed)[::2]

    assert rules_broken(duckdb_judging, feed, half) == expected(half, critical_rules(feed))


@pytest.mark.parametrize("feed", [feed for feed in contracts.FEEDS if feed != "lesions"])
def test_the_lifespan_rules_find_the_same_rows_alone(duckdb_judging: Warehouse, feed: str) -> None:
    cases = read_cases(feed)
    lifespan = {rule.rule_id for rule in read_suite(feed) if rule.level == "lifespan"}

    assert rules_broken(duckdb_judging, feed, cases, "lifespan") == expected(cases, critical_rules(feed) & lifespan)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({}, {}),
        ({"missing": ("status",)}, {"file.columns.missing": "fail"}),
        ({"repeated_columns": 1}, {"file.columns.repeated": "fail"}),
        ({"unknown_columns": 2}, {"file.columns.unknown": "pass_with_failures"}),
        ({"row_count": 0}, {}),
        ({"row_count": 9, "unreadable_rows": 2}, {"file.row.unreadable": "fail"}),
    ],
)
def test_a_file_breaks_the_rule_named_and_no_other(
    judging: Warehouse, changed: dict[str, object], broken: dict[str, str]
) -> None:
    results = judge_file(judging, dataclasses.replace(GOOD_FILE, **changed))  # type: ignore[arg-type]

    assert {result.rule_id: result.status for result in results if result.rows_failed} == broken


def critical_rules(feed: str) -> set[str]:
    """The ids of a feed's critical rules."""
    return {rule.rule_id for rule in read_suite(feed) if rule.severity == "critical"}


def expected(cases: list[Case], rules: set[str]) -> dict[int, frozenset[str]]:
    """Which of the rules each row is said to break; rows that break none are left out."""
    return {case.row["row_number"]: case.breaks & rules for case in cases if case.breaks & rules}


def rules_broken(
    warehouse: Warehouse, feed: str, cases: list[Case], level: str | None = None
) -> dict[int, frozenset[str]]:
    """The critical rules that each row breaks; rows that break none are left out."""
    stage_rows(warehouse, feed, [case.row for case in cases])
    judge(warehouse, feed, level)
    found: dict[int, set[str]] = defaultdict(set)
    for row_number, rule_id in warehouse.run("SELECT row_number, rule_id FROM failure"):
        found[row_number].add(rule_id)
    return {row_number: frozenset(rules) for row_number, rules in found.items()}
