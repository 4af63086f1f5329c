"""Where Airflow's own pages show the runs that received files, and their logs."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

import sqlalchemy as sa
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState

RECEIVE = "receive"
"""The task that receives files; what it returns names them."""


class Shown(NamedTuple):
    """A run and the log of one of its tasks, as addresses below Airflow's."""

    run: str
    log: str


def latest_runs(sources: Iterable[str]) -> dict[str, Shown]:
    """The latest run of each department, with the log of a task that failed, else of what received files last."""
    dags = {f"ingest_{source}": source for source in sources}
    newest = sa.select(sa.func.max(DagRun.id)).where(DagRun.dag_id.in_(dags)).group_by(DagRun.dag_id)
    is_worth_reading = sa.case(
        (TaskInstance.state == TaskInstanceState.FAILED, 0), (TaskInstance.task_id == RECEIVE, 1), else_=2
    )
    tasks = (
        sa.select(TaskInstance.dag_id, TaskInstance.run_id, TaskInstance.task_id, TaskInstance.map_index)
        .join(DagRun, sa.and_(TaskInstance.dag_id == DagRun.dag_id, TaskInstance.run_id == DagRun.run_id))
        .where(DagRun.id.in_(newest))
        .order_by(is_worth_reading.desc(), TaskInstance.end_date.asc())
    )
    with create_session() as session:
        return {dags[one.dag_id]: _shown(one) for one in session.execute(tasks)}


def run_of(source: str, load_id: str) -> Shown | None:
    """The run that received a file last; None where a shell did it, or Airflow does not know the run any more."""
    told = (
        sa.select(XComModel.dag_id, XComModel.run_id, XComModel.task_id, XComModel.map_index)
        .where(XComModel.dag_id == f"ingest_{source}", XComModel.task_id == RECEIVE)
        .where(sa.cast(XComModel.value, sa.Text).contains(load_id, autoescape=True))
        .order_by(XComModel.timestamp.desc())
        .limit(1)
    )
    with create_session() as session:
        found = session.execute(told).first()
    return _shown(found) if found else None


def _shown(task: Any) -> Shown:
    run = f"/dags/{quote(task.dag_id)}/runs/{quote(task.run_id)}"
    mapped = f"/mapped/{task.map_index}" if task.map_index >= 0 else ""
    return Shown(run, f"{run}/tasks/{quote(task.task_id)}{mapped}")
