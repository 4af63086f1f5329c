"""
### Rules, contracts, thresholds and reference tables

**What it does.** `check` looks at the files that say how extracts are validated: the contracts, the suites of rules,
the retired ids, the thresholds and the reference tables; then it lets every rule run on empty tables. It reads and
writes no data. A mistake in one of the files is also an import error of this DAG, in the words of `./registry check`,
as soon as Airflow reads it; the other DAGs stay as they are.

**When it runs.** Every night before the extracts are looked for (`CHECK_SCHEDULE`, a cron expression in UTC, default
`30 1 * * *`), and whenever somebody triggers it, best after a rule was changed. One run at a time.

**Missed nights** need nothing: a run looks at the files as they are now.

**When it fails.** The task's error lists every problem: file, rule or row, key, what is wrong. Correct the file named,
then clear the task or trigger the DAG. Until then a file of a feed whose rule cannot be evaluated is held, and tried
again by the next run; feeds whose rules are right load as ever.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.definitions.checking import read, refuse
from include.running.nightly.wiring import by_clock, task_defaults

refuse(read())


@task
def check() -> dict[str, int]:
    """Check every file and rule; how many there are of each kind."""
    from include.definitions.checking import check as check_files

    found = check_files()
    refuse(found)
    return found.counts


with DAG(
    dag_id="check_rules",
    doc_md=__doc__,
    description="Whether contracts, rules, thresholds and reference tables are right",
    schedule=by_clock("CHECK_SCHEDULE", "30 1 * * *"),
    tags=["registry", "rules"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    catchup=False,
):
    check()
