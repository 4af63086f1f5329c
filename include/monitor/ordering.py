"""Hands a decision to Airflow: a run of the DAG `decide` carries it out, where the warehouse may be written."""

from typing import Any

from airflow.api.common.trigger_dag import trigger_dag
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from fastapi import HTTPException

from include.monitor.access import name_of
from include.people.asking.runs import CARRY_OUT, FROM_PAGE

TASK = "carry_out"


def start(user: BaseUser, order: dict[str, Any]) -> str:
    """Start the run in the person's name; its id."""
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
    return str(run.run_id)


def outcome(run_id: str) -> dict[str, Any]:
    """The state of a run, with what became of the decision or why nothing was done; 404 for a run that there is not."""
    with create_session() as session:
        run = DagRun.find(dag_id=CARRY_OUT, run_id=run_id, session=session)
        if not run:
            raise HTTPException(404)
        found = session.scalars(XComModel.get_many(run_id=run_id, dag_ids=CARRY_OUT, task_ids=TASK)).all()
        told = {one.key: XComModel.deserialize_value(one) for one in found}
        return {"state": str(run[0].state), "done": told.get("return_value"), "refused": told.get("refused")}
