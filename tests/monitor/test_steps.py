"""Which steps took unusually long, measured by their own days before."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.monitor.app import make_app
from include.monitor.pages import steps as page
from include.monitor.steps import Day, judged, nights

SETTINGS = {"step_least_days": 6, "step_deviations": 3.5, "step_longer_seconds": 10}


def days(*seconds: float, runs: int = 1) -> list[Day]:
    """Days one after the other, each with so many seconds a run."""
    first = date(2026, 1, 1)
    return [Day(first + timedelta(place), runs, runs * each) for place, each in enumerate(seconds)]


@pytest.mark.parametrize(
    ("latest", "is_unusual"),
    [(140, True), (58, False), (20, False)],
    ids=["far longer", "as its days vary", "shorter"],
)
def test_a_step_is_unusual_when_a_run_takes_far_longer_than_its_days_before(latest: float, is_unusual: bool) -> None:
    step = judged("derive", "derive", days(40, 50, 55, 45, 60, 50, latest), SETTINGS)

    assert (step.usual, step.is_unusual) == (50, is_unusual)


def test_some_seconds_hold_nobody_up() -> None:
    assert not judged("watch", "assess", days(1, 1, 1, 1, 1, 1, 10), SETTINGS).is_unusual


def test_more_files_in_a_night_are_no_longer_step() -> None:
    usual = days(40, 50, 55, 45, 60, 50)

    assert not judged("ingest_clinic", "receive", [*usual, *days(52, runs=9)], SETTINGS).is_unusual


def test_a_step_of_few_days_is_not_judged() -> None:
    step = judged("derive", "derive", days(1, 1, 1, 1, 1, 500), SETTINGS)

    assert (step.usual, step.is_unusual) == (None, False)


def test_the_page_needs_no_marts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", "duckdb:////nowhere/registry.duckdb")
    monkeypatch.setattr(page, "steps", lambda limits: [judged("derive", "derive", days(10, 20), limits)])
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
    answer = TestClient(app, raise_server_exceptions=False).get("/quality/steps")

    assert (answer.status_code, "too few days to say (1)" in answer.text) == (200, True)


def test_a_day_takes_what_all_its_steps_take() -> None:
    steps = [judged("derive", "derive", days(10, 20), SETTINGS), judged("report", "report", days(1), SETTINGS)]

    assert [(day.runs, day.seconds) for day in nights(steps)] == [(2, 11), (1, 20)]


@pytest.mark.parametrize(("record", "said"), [(None, "A step is writing"), ([], "No rule was timed yet")])
def test_the_page_says_why_it_has_no_times_of_rules(
    monkeypatch: pytest.MonkeyPatch, record: list[dict[str, object]] | None, said: str
) -> None:
    monkeypatch.setattr(page, "steps", lambda limits: [])
    monkeypatch.setattr(page, "_times", lambda: record)
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")

    assert said in TestClient(app).get("/quality/steps").text
