"""Which columns have rules, and which have none: as the contracts and suites say, by feed and by column."""

import csv
from types import SimpleNamespace

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.definitions.contracts import FEEDS, read
from include.monitor.app import make_app
from include.monitor.coverage import columns, feeds

BARE = ("results", "test_name")
"""The one column that is there to be read by people alone."""


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The pages for a stand-in who is signed in; these ask no database."""
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
    return TestClient(app)


def test_every_column_of_every_contract_is_counted_and_one_has_no_rule() -> None:
    found = columns()

    assert [row["column_name"] for row in found if row["feed"] == "visits"] == list(read("visits").names)
    assert [(row["feed"], row["column_name"]) for row in found if not row["rules"]] == [BARE]


def test_a_column_has_the_rules_that_judge_it_by_kind() -> None:
    (unit,) = (row for row in columns() if (row["feed"], row["column_name"]) == ("results", "unit"))

    assert {"results.unit.missing", "results.unit.unknown"} <= set(unit["rule_ids"].split(","))
    assert unit["rules"] == unit["conformance"] + unit["completeness"] + unit["plausibility"]


def test_a_rule_across_feeds_counts_for_the_column_of_its_name() -> None:
    (exam,) = (row for row in columns() if (row["feed"], row["column_name"]) == ("lesions", "exam_id"))

    assert "lesions.exam_id.without_exam" in exam["rule_ids"]
    assert exam["across"] >= 1


def test_each_feed_has_its_share_of_columns_with_a_rule() -> None:
    shares = {row["feed"]: (row["ruled"], row["bare"], row["percent"]) for row in feeds(columns())}

    assert [*shares] == [*FEEDS]
    assert shares["results"] == (9, 1, 90.0)


def test_the_list_is_narrowed_and_the_same_as_a_sheet(client: TestClient) -> None:
    page = client.get("/quality/coverage?shown=bare").text
    (line,) = csv.DictReader(client.get("/quality/coverage.csv?shown=bare").text.removeprefix("\ufeff").splitlines())

    assert ("<code>test_name</code>" in page, "<code>unit</code>" in page, "no rule" in page) == (True, False, True)
    assert (line["feed"], line["column_name"], line["rules"], line["rule_ids"]) == (*BARE, "0", "")


def test_a_column_leads_to_its_rules(client: TestClient) -> None:
    page = client.get("/quality/coverage?feed=results&shown=ruled").text

    assert 'href="/rules/results.unit.unknown"' in page
    assert "/rules/visits." not in page


def test_kinds_are_told_in_the_readers_language(client: TestClient) -> None:
    english, german = (client.get("/quality/coverage", headers={"Accept-Language": said}).text for said in ("en", "de"))

    assert ("Completeness" in english, "Vollständigkeit" in german) == (True, True)
