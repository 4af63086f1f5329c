"""
### Clinical record into derived tables

**What it does.** Takes every patient touched since the last time: judges them by the rules that look across
feeds, then rebuilds their derived rows (grades, responses, cycles, follow-up, survival times) in one transaction,
and updates the asset `derived`, which wakes `refresh_marts`.

**When it runs.** When an `ingest_<source>` run has updated the asset `clinical`, and once a night
(`DERIVE_SCHEDULE`, a cron expression in UTC, default `0 4 * * *`) for what an earlier failure may have left.
One run at a time; it is skipped when nothing changed since the marts were refreshed.

**Missed nights** need no backfill: the warehouse knows which patients are due, and a run does all of them.
Running it again changes nothing.

**When it fails.** `derive`: the derived tables are as before the run. `settled`: a rule that is named could not
be evaluated; what it judges anew stays as it was, everything else is derived. The error begins with a code
(`REG-…`) and ends with what to do; then clear the task or trigger the DAG.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.running.nightly.names import POOL
from include.running.nightly.wiring import CLINICAL, DERIVED, PRIORITY, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["derive"], outlets=[DERIVED])
def derive() -> list[str]:
    """Derive all touched patients; the rules that keep rows from being judged again, normally none."""
    from airflow.sdk.exceptions import AirflowSkipException

    from include.basics.settings import Settings
    from include.pipeline.derivation import derive as derive_patients

    report = derive_patients(Settings.from_environment())
    if not report.marts_are_stale and not report.broken_rules:
        raise AirflowSkipException("Nothing changed since the marts were refreshed.")
    return report.broken_rules


@task
def settled(broken_rules: list[str]) -> None:
    """Fail when rules could not be evaluated: what could be derived is derived, and somebody has to know."""
    from include.basics.errors import RegistryError

    if broken_rules:
        raise RegistryError("REG-303", f"Rules cannot be evaluated: {', '.join(broken_rules)}.")


with DAG(
    dag_id="derive",
    doc_md=__doc__,
    description="Derived tables of the patients touched since the last time",
    schedule=woken_by(CLINICAL, "DERIVE_SCHEDULE", "0 4 * * *"),
    tags=["registry", "derive"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    settled(derive())  # type: ignore[arg-type]
