"""What Airflow asks people, answered over its REST API as its pages do."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from include.people.asking.runs import DECIDE
from include.running.nightly.session import Session

THINKING_SECONDS = 3.0
"""Airflow loses an answer that comes before its scheduler has noted that the task waits for one."""


@dataclass(frozen=True)
class Question:
    """A question that waits for an answer."""

    run: str
    text: str


def question(airflow: Session, besides: str = "") -> Question:
    """The question that waits, `besides` that of a run that was just answered; it may take a moment."""
    until(lambda: bool(_waiting(airflow, besides)))
    (found,) = _waiting(airflow, besides)
    return found


def answer(asked: Question, airflow: Session, option: str, reason: str) -> int:
    """Answer it, as a person would: after a while, and again while Airflow's database is busy. The reply's status."""
    path = f"/api/v2/dags/{DECIDE}/dagRuns/{asked.run}/taskInstances/ask/-1/hitlDetails"
    given = {"chosen_options": [option], "params_input": {"reason": reason}}
    statuses: list[int] = []
    time.sleep(THINKING_SECONDS)

    def accepted() -> bool:
        statuses.append(airflow.airflow._http.patch(path, json=given).status_code)
        return statuses[-1] < 500

    until(accepted)
    return statuses[-1]


def state_of(asked: Question, airflow: Session) -> str:
    """The state of the run that asked."""
    run = airflow.airflow._http.get(f"/api/v2/dags/{DECIDE}/dagRuns/{asked.run}").raise_for_status().json()
    return str(run["state"])


def until(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something has happened; fails when it has not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _waiting(airflow: Session, besides: str) -> list[Question]:
    path = "/api/v2/dags/~/dagRuns/~/hitlDetails"
    details = airflow.airflow._http.get(path, params={"response_received": False}).raise_for_status().json()
    return [
        Question(detail["task_instance"]["dag_run_id"], f"{detail['subject']} {detail['body']}")
        for detail in details["hitl_details"]
        if detail["task_instance"]["state"] == "awaiting_input" and detail["task_instance"]["dag_run_id"] != besides
    ]
