"""Hands a decision to Airflow: a run of the DAG `decide` carries it out, where the warehouse may be written.

A held file about which Airflow asks is decided by the run that asks.
"""

from typing import Any, NamedTuple

from airflow.api.common.trigger_dag import trigger_dag
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from fastapi import HTTPException

from include.monitor import answering
from include.monitor.access import name_of
from include.people.asking.runs import APPLY, CARRY_OUT, DECIDE, FROM_PAGE

TASKS = {CARRY_OUT: "carry_out", DECIDE: APPLY}
"""The task of each DAG that decides."""
ENDED = ("success", "failed")


class Run(NamedTuple):
    """The run that carries a decision out."""

    dag_id: str
    run_id: str


def decide_file(user: BaseUser, order: dict[str, Any]) -> Run:
    """Release or reject a file in the person's name: by the answer to the open question, else by a run of its own."""
    asking = answering.open_question(order["load_id"])
    if asking is None:
        return start(user, order)
    answering.answer(user, asking, order["kind"], order["reason"])
    return Run(DECIDE, asking)


def start(user: BaseUser, order: dict[str, Any]) -> Run:
    """Start a run in the person's name."""
    run = trigger_dag(
        CARRY_OUT,
        triggered_by=DagRunTriggeredByType.UI,
        run_type=DagRunType(FROM_PAGE),
        triggering_user_name=name_of(user),
        conf=order,
        replace_microseconds=False,
    )
    if run is None:
        raise HTTPException(503)
    return Run(CARRY_OUT, str(run.run_id))


def outcome(of: Run) -> dict[str, Any]:
    """The state of a run, with what became of the decision or why nothing was done; 404 for a run that there is not."""
    with create_session() as session:
        run = DagRun.find(dag_id=of.dag_id, run_id=of.run_id, session=session)
        if not run:
            raise HTTPException(404)
        found = XComModel.get_many(run_id=of.run_id, dag_ids=of.dag_id, task_ids=TASKS[of.dag_id])
        told = {one.key: XComModel.deserialize_value(one) for one in session.scalars(found)}
        state = str(run[0].state)
    done, refused = told.get("return_value"), told.get("refused")
    if of.dag_id == DECIDE:
        done, refused = _answered(done)
    return {"state": state, "ended": state in ENDED, "done": done, "refused": refused}


def _answered(asked_again: Any) -> tuple[dict[str, Any] | None, str | None]:
    """What `apply` of decide_held_file says: nothing to ask again, or the note with which it is asked again."""
    if asked_again is None:
        return None, None
    return ({"states": {}}, None) if not asked_again else (None, str(asked_again[0]["conf"]["note"]))
