"""
### Old logs and reports

**What it does.** Removes logs of Airflow's tasks and reports that are older than `KEEP_DAYS` (default 90), and what a
killed copy has left in the landing area. What was received or decided is never removed.

**When it runs.** Once a week (`CLEAN_SCHEDULE`, a cron expression in UTC, default `0 13 * * 6`; `off` = never). One run
at a time. `./registry clean --older-than 90 --dry-run` lists what it would remove.

**Missed nights** need nothing: a run removes whatever is old by now.

**When it fails.** Nothing depends on it. A file that cannot be removed stays; the next run tries again.

Airflow's own database is cleaned by `airflow db clean` (docs/operations.md).
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.running.nightly.wiring import by_clock, task_defaults


@task
def clean() -> int:
    """Remove what is old; how many files and empty folders."""
    from include.basics.settings import Settings, whole
    from include.running.cleaning import clean as remove

    return len(remove(Settings.from_environment(), whole("KEEP_DAYS", 90, least=1)))


with DAG(
    dag_id="clean",
    doc_md=__doc__,
    description="Removes old logs and reports",
    schedule=by_clock("CLEAN_SCHEDULE", "0 13 * * 6"),
    tags=["registry", "clean"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    clean()
