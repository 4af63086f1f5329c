"""
### The night's report

**What it does.** `report` writes the validation report of the latest night (`validation-<date>.html`, `.json` and
`.csv`) into the folder `REPORTS` (default `var/reports`), and of each of the last 30 nights that has none or had a
file since; older ones are removed. `data_docs` brings Great Expectations' Data Docs of the latest 50 loads up to date,
in `data_docs` below that folder. Both hold counts, never a value, a patient or a record key.

**When it runs.** When `refresh_marts` has updated the asset `marts`, and once a day (`REPORT_SCHEDULE`, a cron
expression in UTC, default `0 6 * * *`), so that a night on which nothing came is reported as well: whether a department
is late is judged when the report is written. One run at a time; `report` is skipped while the marts are stale, since
their refresh starts it again.

**Missed nights** need no backfill: a run writes the reports that are missing. Running it again replaces the latest.
`./registry report --date` writes any night's.

**When it fails.** The other task goes on, and yesterday's files stay. Nothing waits for a report. The error begins with
a code (`REG-…`) and ends with what to do; then clear the task or trigger the DAG.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.running.nightly.names import POOL
from include.running.nightly.wiring import MARTS, PRIORITY, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["report"])
def report() -> int:
    """Write the reports that are due; of how many nights."""
    from airflow.sdk.exceptions import AirflowSkipException

    from include.basics.settings import Settings
    from include.people.reporting.nightly import reports_folder, write_nights

    written = write_nights(Settings.from_environment(), reports_folder())
    if not written:
        raise AirflowSkipException("No file has been delivered yet, or the marts are stale.")
    return written


@task(pool=POOL, priority_weight=PRIORITY["report"])
def data_docs() -> int:
    """Bring Data Docs up to date; how many loads have a page."""
    from include.basics.settings import Settings
    from include.people.reporting.nightly import reports_folder, write_data_docs

    return write_data_docs(Settings.from_environment(), reports_folder())


with DAG(
    dag_id="report",
    doc_md=__doc__,
    description="The night's validation report, and Data Docs",
    schedule=woken_by(MARTS, "REPORT_SCHEDULE", "0 6 * * *"),
    tags=["registry", "report"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    report()
    data_docs()
