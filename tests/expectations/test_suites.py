"""The form of the suites: ids, words, what a critical rule may depend on, what both engines can run."""

import pytest

from include import contracts
from include.expectations import Rule, read_suite

SUITES = (*contracts.FEEDS, "file")
CATEGORIES = {"conformance", "completeness", "plausibility"}
SEVERITIES = {"critical", "warning", "info"}
OTHER_ROWS = ("GROUP BY", " OVER ", "unique", "clinical.", "derived.")
ONE_ENGINE_ONLY = ("regex", "REGEXP", "SIMILAR", "::", " ~ ")
LIFESPAN = ("patient_birth_date", "patient_death_date")


def test_a_rule_id_names_one_rule() -> None:
    ids = [rule.rule_id for suite in SUITES for rule in read_suite(suite)]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("suite", SUITES)
def test_a_rule_id_is_suite_column_problem(suite: str) -> None:
    columns = {"columns", "rows", "row"} if suite == "file" else {*contracts.read(suite).names}
    parts = [rule.rule_id.split(".") for rule in read_suite(suite)]

    assert {feed for feed, _, _ in parts} == {suite}
    assert {column for _, column, _ in parts} <= columns


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_what_the_contract_requires_is_critical(feed: str) -> None:
    contract = contracts.read(feed)
    critical = {rule.rule_id for rule in read_suite(feed) if rule.severity == "critical"}
    required = {f"{feed}.{field.name}.missing" for field in contract.fields if field.required}

    assert required | {f"{feed}.{field.name}.unreadable" for field in contract.typed} <= critical


@pytest.mark.parametrize("suite", SUITES)
def test_a_rule_says_what_it_wants_how_grave_it_is_and_what_to_do(suite: str) -> None:
    for rule in read_suite(suite):
        meta = rule.settings["meta"]
        assert rule.severity in SEVERITIES, rule.rule_id
        assert meta["category"] in CATEGORIES, rule.rule_id
        assert rule.settings["description"].endswith("."), rule.rule_id
        assert meta["remedy"].endswith("."), rule.rule_id


@pytest.mark.parametrize("suite", SUITES)
def test_a_critical_rule_looks_at_no_other_row(suite: str) -> None:
    assert [rule.rule_id for rule in read_suite(suite) if critical_about(rule, OTHER_ROWS)] == []


@pytest.mark.parametrize("suite", SUITES)
def test_the_rules_about_the_lifespan_are_those_that_name_it(suite: str) -> None:
    marked = [rule.rule_id for rule in read_suite(suite) if rule.level == "lifespan"]

    assert marked == [rule.rule_id for rule in read_suite(suite) if says(rule, LIFESPAN)]


@pytest.mark.parametrize("suite", SUITES)
def test_a_rule_runs_on_both_engines(suite: str) -> None:
    assert [rule.rule_id for rule in read_suite(suite) if says(rule, ONE_ENGINE_ONLY)] == []


def test_a_patient_is_quarantined_by_its_own_row_alone() -> None:
    """Else patients would decide the lifespan by which patients are judged."""
    assert [rule.rule_id for rule in read_suite("patients") if critical_about(rule, LIFESPAN)] == []


def test_a_reported_death_is_quarantined_by_no_other_death() -> None:
    """Else the death that is known would depend on which report of it came first."""
    held = [rule for rule in read_suite("visits") if critical_about(rule, ("patient_death_date",))]

    assert held
    assert all(says(rule, ("vital_status = 'alive'",)) for rule in held)


def critical_about(rule: Rule, words: tuple[str, ...]) -> bool:
    """Whether a rule is critical and its expectation holds one of the words."""
    return rule.severity == "critical" and says(rule, words)


def says(rule: Rule, words: tuple[str, ...]) -> bool:
    """Whether the rule's expectation holds one of the words."""
    expectation = f"{rule.settings['type']} {rule.settings['kwargs']}"
    return any(word in expectation for word in words)
