"""Answers the question that Airflow asks about a held file (*Required Actions*), so that none is left open.

The run that asks (DAG `decide_held_file`) then carries the decision out, in the name of who answered on the page.
"""

from typing import Any

import sqlalchemy as sa
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from fastapi import HTTPException

from include.basics.errors import RegistryError
from include.people.asking.runs import ASK, DECIDE

ANSWERS = {"release": "release", "reject_file": "reject"}
ASKING = (TaskInstanceState.AWAITING_INPUT, TaskInstanceState.DEFERRED, TaskInstanceState.RUNNING)


def open_question(load_id: str) -> str | None:
    """The run that asks about the file and has no answer yet; None when nobody is asked (any more)."""
    asking = (
        sa.select(DagRun.run_id, DagRun.conf)
        .join(TaskInstance, sa.and_(TaskInstance.dag_id == DagRun.dag_id, TaskInstance.run_id == DagRun.run_id))
        .join(HITLDetail, HITLDetail.ti_id == TaskInstance.id)
        .where(TaskInstance.dag_id == DECIDE, TaskInstance.state.in_(ASKING), HITLDetail.responded_at.is_(None))
        .order_by(DagRun.id.desc())
    )
    with create_session() as session:
        found: list[tuple[str, Any]] = [(run.run_id, run.conf) for run in session.execute(asking)]
    return next((run_id for run_id, conf in found if (conf or {}).get("load_id") == load_id), None)


def answer(user: BaseUser, run_id: str, kind: str, why: str) -> None:
    """Answer as Airflow's own page does. Raises RegistryError REG-609 when somebody has answered already."""
    said = UpdateHITLDetailPayload(chosen_options=[ANSWERS[kind]], params_input={"reason": why})
    try:
        with create_session() as session:
            update_hitl_detail(DECIDE, run_id, ASK, said, user, session)
    except HTTPException as refused:
        if refused.status_code != 409:
            raise
        raise RegistryError("REG-609", "Somebody has answered about this file already.") from None
