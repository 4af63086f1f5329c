"""What an answer does: released or rejected with a reason, otherwise asked again."""

from types import ModuleType
from typing import Any

import pytest

from include.asking.runs import questions
from include.errors import RegistryError
from include.settings import Settings

SETTINGS = Settings.of("/extracts", "duckdb:///:memory:")
Done = list[tuple[str, str, str, str]]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """The decisions that were carried out; a load `odd` cannot be released, a load `busy` not now."""
    made: Done = []

    def decide(name: str) -> Any:
        def decision(_settings: Settings, load_id: str, who: str, why: str) -> None:
            if load_id in ("odd", "busy"):
                raise RegistryError({"odd": "REG-304", "busy": "REG-103"}[load_id], "It cannot be done.")
            made.append((name, load_id, who, why))

        return decision

    import include.asking.answer as answer

    stand_in = ModuleType("include.decisions")
    stand_in.__dict__.update(release=decide("release"), reject=decide("reject"))
    monkeypatch.setattr(answer, "decisions", stand_in)
    return made


def carry_out(choice: str, reason: str | None = "checked", load_id: str = "L1", run: str = "L1_17") -> Any:
    """Carry out Ada's answer."""
    from include.asking.answer import carry_out as carry

    user = {"id": "7", "name": "Ada"}
    answer = {"chosen_options": [choice], "params_input": {"reason": reason}, "responded_by_user": user}
    return carry(SETTINGS, load_id, answer, run)


@pytest.mark.parametrize("choice", ["release", "reject"])
def test_a_decision_names_who_and_why(done: Done, choice: str) -> None:
    assert carry_out(choice, "  checked ") == []
    assert done == [(choice, "L1", "Ada (7)", "checked")]


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_without_a_reason_it_is_asked_again(done: Done, reason: str | None) -> None:
    (again,) = carry_out("release", reason)

    assert done == []
    assert again["trigger_run_id"] == "L1_17~2"
    assert again["conf"]["load_id"] == "L1"
    assert again["conf"]["note"].startswith("REG-702")


def test_it_is_asked_again_and_again(done: Done) -> None:
    assert carry_out("release", "", run="L1_17~2")[0]["trigger_run_id"] == "L1_17~3"


def test_what_cannot_be_done_is_asked_again_with_a_note(done: Done) -> None:
    (again,) = carry_out("release", load_id="odd")

    assert again["conf"]["note"].startswith("REG-304")


def test_what_may_pass_is_left_to_the_task_to_try_again(done: Done) -> None:
    with pytest.raises(RegistryError) as raised:
        carry_out("release", load_id="busy")

    assert raised.value.code == "REG-103"


@pytest.mark.parametrize(
    ("option", "user", "stays"),
    [("wait", {"id": "7", "name": "Ada"}, True), ("wait", None, True), ("reject", {"id": "7", "name": "Ada"}, False)],
)
def test_a_file_stays_held_when_it_is_said_or_nobody_says_anything(
    done: Done, option: str, user: dict[str, str] | None, stays: bool
) -> None:
    from include.asking.answer import is_waiting

    assert is_waiting({"chosen_options": [option], "responded_by_user": user}) is stays


def test_people_are_asked_about_files_that_stay_held() -> None:
    loads = [
        {"load_id": "L1", "state": "held", "reason": "REG-302: failed", "finished_second": 17},
        {"load_id": "L2", "state": "held", "reason": "REG-303: cannot evaluate", "finished_second": 17},
        {"load_id": "L3", "state": "loaded", "reason": None, "finished_second": 17},
    ]

    assert questions(loads) == [{"trigger_run_id": "L1_17", "conf": {"load_id": "L1"}}]
