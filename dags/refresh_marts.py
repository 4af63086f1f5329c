"""
### Derived tables into marts

**What it does.** Makes the marts in one transaction whose sources are newer than they are, publishes the DuckDB
snapshot and the Parquet files for readers, and updates the asset `marts`.

**When it runs.** When `derive` has updated the asset `derived`, and once a night (`REFRESH_SCHEDULE`, a cron
expression in UTC, default `0 5 * * *`) for what an earlier failure may have left. One run at a time; it is
skipped when the marts are fresh.

**Missed nights** need no backfill: the warehouse knows whether its marts are older than what they are made
of. Running it again changes nothing.

**When it fails.** Readers keep the marts as they were. The error begins with a code (`REG-…`) and ends with
what to do; then clear the task or trigger the DAG.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.running.nightly.names import POOL
from include.running.nightly.wiring import DERIVED, MARTS, PRIORITY, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["refresh"], outlets=[MARTS])
def refresh() -> int:
    """Refresh the marts; how many rows they have."""
    from airflow.sdk.exceptions import AirflowSkipException

    from include.basics.settings import Settings
    from include.pipeline.marts import refresh as refresh_tables

    report = refresh_tables(Settings.from_environment())
    if not report.tables:
        raise AirflowSkipException("The marts are fresh.")
    return report.rows


with DAG(
    dag_id="refresh_marts",
    doc_md=__doc__,
    description="Marts, and the snapshot that readers open",
    schedule=woken_by(DERIVED, "REFRESH_SCHEDULE", "0 5 * * *"),
    tags=["registry", "marts"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    refresh()
