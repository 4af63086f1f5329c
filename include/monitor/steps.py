"""How long the steps of the nights took, as Airflow keeps it, and which of the latest took unusually long."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from statistics import median

import sqlalchemy as sa
from airflow.models.dag import DagTag
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState

from include.warehouse.reference import FOLDER

TASKS = (
    "pull",
    "receive",
    "derive",
    "refresh",
    "report",
    "data_docs",
    "assess",
    "check",
    "carry_out",
    "verify",
    "clean",
)
"""The tasks that work; others wait for people or for files, or only announce."""
DAYS = 30
NORMAL = 1.4826
"""A median absolute deviation times this is the standard deviation of a normal distribution."""


@dataclass(frozen=True)
class Day:
    """What a step took on a day (UTC): how often it ran to its end, and how many seconds in all."""

    batch_date: date
    runs: int
    seconds: float

    @property
    def each(self) -> float:
        """Seconds of a run."""
        return self.seconds / self.runs


@dataclass(frozen=True)
class Step:
    """A task of a DAG with the days on which it ran, oldest first.

    `usual` is the median of its seconds a run on the days before the latest; None where these are too few to say.
    """

    dag: str
    task: str
    days: list[Day]
    usual: float | None
    is_unusual: bool

    @property
    def latest(self) -> Day:
        """The latest day."""
        return self.days[-1]


@cache
def settings() -> dict[str, float]:
    """The registry's settings, as the reference table has them: marts tell them only after the first refresh."""
    with (FOLDER / "setting.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(lines)}


def steps(limits: Mapping[str, float]) -> list[Step]:
    """Every step that ran in the last 30 days: the unusual ones first, then those that took longest."""
    since = datetime.now(UTC) - timedelta(days=DAYS)
    day = sa.func.date(TaskInstance.start_date).label("day")
    asked = (
        sa.select(
            TaskInstance.dag_id,
            TaskInstance.task_id,
            day,
            sa.func.count().label("runs"),
            sa.func.sum(TaskInstance.duration).label("seconds"),
        )
        .join(DagTag, sa.and_(DagTag.dag_id == TaskInstance.dag_id, DagTag.name == "registry"))
        .where(TaskInstance.task_id.in_(TASKS), TaskInstance.state == TaskInstanceState.SUCCESS)
        .where(TaskInstance.start_date >= since, TaskInstance.duration.is_not(None))
        .group_by(TaskInstance.dag_id, TaskInstance.task_id, day)
        .order_by(TaskInstance.dag_id, TaskInstance.task_id, day)
    )
    with create_session() as session:
        rows = session.execute(asked).all()
    found = [
        judged(
            dag,
            task,
            [Day(date.fromisoformat(str(row.day)), row.runs, float(row.seconds)) for row in of_step],
            limits,
        )
        for (dag, task), of_step in groupby(rows, lambda row: (row.dag_id, row.task_id))
    ]
    return sorted(found, key=lambda step: (not step.is_unusual, -step.latest.seconds))


def judged(dag: str, task: str, days: list[Day], limits: Mapping[str, float]) -> Step:
    """The step, measured by its days before the latest: their median and median absolute deviation."""
    earlier = [day.each for day in days[:-1]]
    if len(earlier) < limits["step_least_days"]:
        return Step(dag, task, days, None, False)
    usual = median(earlier)
    deviation = NORMAL * median(abs(each - usual) for each in earlier)
    longer = days[-1].each - usual
    allowed = max(limits["step_deviations"] * deviation, limits["step_longer_seconds"])
    return Step(dag, task, days, usual, longer > allowed)


def nights(found: Sequence[Step]) -> list[Day]:
    """What all steps together took day by day, oldest first."""
    every = sorted((day for step in found for day in step.days), key=lambda day: day.batch_date)
    by_day = (list(days) for _, days in groupby(every, lambda day: day.batch_date))
    return [Day(days[0].batch_date, sum(day.runs for day in days), sum(day.seconds for day in days)) for days in by_day]
