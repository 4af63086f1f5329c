"""
### Everything again from the facts

**What it does.** `verify` makes everything that is no fact - which version counts, quarantine, births and deaths,
derived tables, marts - again from the facts in a scratch file, and compares it with what is stored. It holds the
journal of decisions beside the landing area against the decisions of the warehouse, and each landed copy against the
ledger. It changes nothing.

**When it runs.** Once a week (`VERIFY_SCHEDULE`, a cron expression in UTC, default `0 12 * * 0`), and whenever somebody
triggers it. One run at a time. It is skipped while something is still to be received, resolved, derived or refreshed.

**Missed nights** need nothing: a run looks at what is stored now.

**When it fails.** The error names the tables that differ and how many rows do; `./registry verify` shows the keys.
Somebody or something has changed the warehouse from outside, or the platform has a fault: keep a copy of the warehouse,
then `./registry rebuild` makes a right one from the landed files and the journal. Of a damaged landed copy the error
names the load: the runbook has what to do under REG-207.

Logs hold names of tables and counts, never a key or a value.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from include.running.nightly.names import POOL
from include.running.nightly.wiring import PRIORITY, by_clock, task_defaults


@task(pool=POOL, priority_weight=PRIORITY["report"])
def verify() -> None:
    """Fail with the tables that differ from what the facts make of them."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    from include.basics.errors import RegistryError
    from include.basics.settings import Settings
    from include.history import verify as verify_facts
    from include.history.journal import check_journal
    from include.history.landed import check_landed, told_of

    settings = Settings.from_environment()
    try:
        told = [f"{one.table}: {one.rows} rows" for one in verify_facts(settings)]
    except RegistryError as error:
        if error.code != "REG-801":
            raise
        raise AirflowSkipException(str(error)) from None
    if wrong := check_journal(settings):
        told.append(f"journal of decisions: {len(wrong)} entries")
    if damaged := check_landed(settings):
        told.append(f"loads {', '.join(one.load_id for one in damaged)}: {told_of(damaged)}")
    if told:
        raise AirflowFailException(f"Not what the facts make: {', '.join(told)}.")


with DAG(
    dag_id="verify",
    doc_md=__doc__,
    description="Whether all that is stored is what the facts make",
    schedule=by_clock("VERIFY_SCHEDULE", "0 12 * * 0"),
    tags=["registry", "verify"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    verify()
