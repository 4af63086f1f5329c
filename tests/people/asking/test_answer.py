"""What an answer does: released or rejected with a reason, otherwise asked again."""

from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.people.asking.answer import decide, is_waiting
from include.people.asking.runs import questions
from tests.support.extracts import row
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry"]

MISSING = "REG-302: failed file.columns.missing (missing: value)"
DAY = "2020-01-01"
ADA = {"id": "7", "name": "Ada"}


@pytest.fixture
def held(duckdb_registry: Registry) -> tuple[Registry, str]:
    """A registry and its held file: six of 21 results cannot be read."""
    duckdb_registry.deliver("patients", DAY, row("patients"))
    values = ["30"] * 15 + ["haemolysed"] * 6
    rows = [row("results", f"L{number}", value=value) for number, value in enumerate(values)]
    return duckdb_registry, duckdb_registry.deliver("results", DAY, *rows).load_id


def answer(option: str, reason: str | None = "checked", user: dict[str, str] | None = ADA) -> dict[str, Any]:
    """An answer as Airflow hands it over."""
    return {"chosen_options": [option], "params_input": {"reason": reason}, "responded_by_user": user}


def state(registry: Registry, load_id: str) -> list[tuple[Any, ...]]:
    """State of the load, and who decided."""
    return registry.rows(f"SELECT state, decided_by FROM ops.load WHERE load_id = '{load_id}'")


@pytest.mark.parametrize(("choice", "expected"), [("release", "loaded"), ("reject", "rejected")])
def test_a_decision_is_carried_out_in_the_name_of_who_answered(
    held: tuple[Registry, str], choice: str, expected: str
) -> None:
    registry, load_id = held

    assert decide(registry.warehouse, load_id, answer(choice, "  checked "), "run") == []
    assert state(registry, load_id) == [(expected, "Ada (7)")]
    assert registry.rows("SELECT decided_by, entered_by FROM decision.event") == [("Ada (7)", "airflow:7")]
    assert ("Ada (7)", "checked") in registry.rows("SELECT decided_by, reason FROM quarantine.decision")


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_without_a_reason_it_is_asked_again(held: tuple[Registry, str], reason: str | None) -> None:
    registry, load_id = held

    (again,) = decide(registry.warehouse, load_id, answer("release", reason), "L1_17")

    assert state(registry, load_id) == [("held", None)]
    assert again["trigger_run_id"] == "L1_17~2"
    assert again["conf"]["load_id"] == load_id
    assert again["conf"]["note"].startswith("REG-603")


def test_it_is_asked_again_and_again(held: tuple[Registry, str]) -> None:
    registry, load_id = held

    assert decide(registry.warehouse, load_id, answer("reject", ""), "L1_17~2")[0]["trigger_run_id"] == "L1_17~3"


def test_what_another_decided_meanwhile_stays(held: tuple[Registry, str]) -> None:
    registry, load_id = held
    decide(registry.warehouse, load_id, answer("reject"), "run")

    (again,) = decide(registry.warehouse, load_id, answer("reject", user={"id": "bob", "name": "bob"}), "run")

    assert again["conf"]["note"].startswith("REG-601")
    assert state(registry, load_id) == [("rejected", "Ada (7)")]


def test_what_may_pass_is_left_to_the_task_to_try_again(
    held: tuple[Registry, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, load_id = held

    def busy(*_: object) -> None:
        raise RegistryError("REG-203", "The landed copy of a file cannot be read.")

    monkeypatch.setitem(decide.__globals__["DECISIONS"], "release", busy)
    with pytest.raises(RegistryError) as raised:
        decide(registry.warehouse, load_id, answer("release"), "run")

    assert raised.value.code == "REG-203"


@pytest.mark.parametrize(
    ("option", "user", "stays"), [("wait", ADA, True), ("wait", None, True), ("reject", ADA, False)]
)
def test_a_file_stays_held_when_it_is_said_or_nobody_says_anything(
    option: str, user: dict[str, str] | None, stays: bool
) -> None:
    assert is_waiting(answer(option, user=user)) is stays


def test_people_are_asked_about_files_that_stay_held() -> None:
    loads = [
        {"load_id": "L1", "state": "held", "reason_code": "REG-302", "reason": "failed a", "finished_second": 17},
        {"load_id": "L2", "state": "held", "reason_code": "REG-303", "reason": "broken", "finished_second": 17},
        {"load_id": "L3", "state": "loaded", "reason_code": None, "reason": None, "finished_second": 17},
        {"load_id": "L4", "state": "held", "reason_code": "REG-302", "reason": MISSING, "finished_second": 17},
    ]

    assert questions(loads) == [{"trigger_run_id": "L1_17", "conf": {"load_id": "L1"}}]
