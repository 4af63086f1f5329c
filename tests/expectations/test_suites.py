"""The form of the suites: ids, words, what a critical rule may depend on, what both engines can run."""

import pytest

from include import contracts
from include.validation.suites import Rule, read_suite

SUITES = (*contracts.FEEDS, "file")
CATEGORIES = {"conformance", "completeness", "plausibility"}
OTHER_ROWS = ("GROUP BY", " OVER ", "clinical.", "derived.")
LIFESPAN = ("patient_birth_date", "patient_death_date")
RULES = [pytest.param(rule, id=rule.rule_id) for suite in SUITES for rule in read_suite(suite)]


def test_a_rule_id_names_one_rule() -> None:
    ids = [rule.rule_id for suite in SUITES for rule in read_suite(suite)]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("suite", SUITES)
def test_a_rule_id_is_suite_column_problem(suite: str) -> None:
    columns = {"columns", "rows"} if suite == "file" else {*contracts.read(suite).names}

    for rule in read_suite(suite):
        feed, column, problem = rule.rule_id.split(".")
        assert (feed, column in columns, problem.replace("_", "").isalnum()) == (suite, True, True), rule.rule_id


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_what_the_contract_requires_is_critical(feed: str) -> None:
    contract = contracts.read(feed)
    critical = {rule.rule_id for rule in read_suite(feed) if rule.severity == "critical"}
    required = {f"{feed}.{field.name}.missing" for field in contract.fields if field.required}

    assert required | {f"{feed}.{field.name}.unreadable" for field in contract.typed} <= critical


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_wants_how_grave_it_is_and_what_to_do(rule: Rule) -> None:
    assert rule.severity in {"critical", "warning", "info"}
    assert rule.settings["meta"]["category"] in CATEGORIES
    assert rule.settings["description"].endswith(".")
    assert rule.settings["meta"]["remedy"].endswith(".")


@pytest.mark.parametrize("rule", RULES)
def test_a_critical_rule_looks_at_no_other_row(rule: Rule) -> None:
    alone = "unique" not in rule.settings["type"] and not any(word in str(rule.settings) for word in OTHER_ROWS)

    assert alone or rule.severity != "critical"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_about_the_lifespan_says_so(rule: Rule) -> None:
    mentions = any(column in str(rule.settings["kwargs"]) for column in LIFESPAN)

    assert (rule.context == "lifespan") == mentions


@pytest.mark.parametrize("feed", ["patients"])
def test_patients_are_quarantined_by_nothing_that_depends_on_patients(feed: str) -> None:
    assert not [rule for rule in read_suite(feed) if rule.context == "lifespan" and rule.severity == "critical"]


def test_a_reported_death_is_quarantined_by_no_other_death() -> None:
    held = [
        str(rule.settings["kwargs"])
        for rule in read_suite("visits")
        if "patient_death_date" in str(rule.settings) and rule.severity == "critical"
    ]

    assert all("vital_status = 'alive'" in kwargs for kwargs in held)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_runs_on_both_engines(rule: Rule) -> None:
    assert "regex" not in rule.settings["type"]
    assert not any(mark in str(rule.settings["kwargs"]) for mark in ("::", "REGEXP", "SIMILAR", " ~ "))
