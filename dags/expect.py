"""
### Is a department late?

**What it does.** `arrived` waits as long as the department is late: its next extract has not come by its deadline
(`include/expectations/thresholds.csv`, kind `freshness_deadline`). A run that waits longer than `LATE_MINUTES` (default
15) misses its deadline, and Airflow raises its deadline alert, which is kept with the run: "is late, or could not be
asked". The triggerer then asks the warehouse itself, and logs a warning when the department is late or nobody can ask:
a run whose task waited for a worker misses its deadline as well.
The platform's own alarm (DAG `watch`) tells people by mail or webhook; neither needs the other.

**When it runs.** Every hour (`EXPECT_SCHEDULE`, a cron expression in UTC, default `30 * * * *`). One run at a time: a
late department has one run that waits, and one alert, until it sends again.

**Missed nights** need no backfill: the next run asks how it is now.

**When it fails.** `arrived`: the warehouse cannot be read (the code in the log says what to do), or the department has
sent nothing for a week; the next run waits again and alerts again.

Logs hold the department's name and nothing of a row.
"""

from datetime import timedelta

from airflow.sdk import DAG, task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from include.running.nightly.late import grace, tell_late
from include.running.nightly.names import SOURCES
from include.running.nightly.wiring import PRIORITY, READING, by_clock, task_defaults

WEEK = timedelta(days=7)


@task.sensor(
    pool=READING,
    priority_weight=PRIORITY["watch"],
    mode="reschedule",
    poke_interval=300.0,
    timeout=WEEK.total_seconds(),
)
def arrived(source: str) -> bool:
    """Whether the department is not late."""
    from include.basics.settings import Settings
    from include.people.alarms import is_late

    return not is_late(Settings.from_environment(), source)


for source in SOURCES:
    with DAG(
        dag_id=f"expect_{source}",
        doc_md=__doc__,
        description=f"Raises a deadline alert while {source} is late",
        schedule=by_clock("EXPECT_SCHEDULE", "30 * * * *"),
        tags=["registry", "alarms"],
        default_args=task_defaults(),
        max_active_runs=1,
        dagrun_timeout=WEEK + timedelta(days=1),
        catchup=False,
        deadline=DeadlineAlert(
            name=f"{source} is late, or could not be asked",
            reference=DeadlineReference.DAGRUN_QUEUED_AT,
            interval=grace(),
            callback=AsyncCallback(tell_late, kwargs={"source": source}),
        ),
    ):
        arrived(source)
