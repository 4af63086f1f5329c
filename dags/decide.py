"""
### What a person decided on the registry's pages is carried out

**What it does.** `carry_out` overrides, rejects, reopens or replays rows, undoes a decision, releases or rejects a held
file: by the same functions as `./registry quarantine` and `./registry batch`, in the name of who was signed in when the
page asked. When the rows are no longer those that were shown, or are no longer open, nothing is done (REG-609), the run
fails and the page says why.

**When it runs.** Each time that somebody decides on the pages (*Registry*). It cannot be triggered by hand, nor
cleared: such a run fails at once and does nothing (REG-610), as it would decide in another person's name.

**Missed nights** do not matter.

**When it fails.** The error begins with a code (`REG-…`) and ends with what to do. It is never tried again by
itself: the first try may have decided. Look at *Decisions*, then decide again on the page.

The run's configuration holds loads, rows, rule ids and the reason, never a key or a value of a row.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task

from include.people.asking.runs import CARRY_OUT
from include.running.nightly.names import POOL
from include.running.nightly.wiring import CLINICAL, PRIORITY, task_defaults


@task(pool=POOL, priority_weight=PRIORITY["decide"], outlets=[CLINICAL], retries=0)
def carry_out() -> dict[str, Any]:
    """Decide as the page says; what became of it is the result, which the page shows."""
    from airflow.sdk import get_current_context
    from airflow.sdk.exceptions import AirflowFailException

    from include.basics.errors import RegistryError
    from include.basics.settings import Settings
    from include.people.asking.runs import FROM_PAGE
    from include.people.decisions import order

    context = get_current_context()
    run = context["dag_run"]
    if run.run_type != FROM_PAGE or run.clear_number or context["ti"].try_number > 1:
        raise AirflowFailException(
            str(RegistryError("REG-610", "No page of the registry started this run, or it was cleared."))
        )
    done = order.carry_out(Settings.from_environment(), run.conf or {}, run.triggering_user_name or "")
    if "refused" in done:
        context["ti"].xcom_push("refused", done["refused"])
        raise AirflowFailException(done["refused"])
    return done


with DAG(
    dag_id=CARRY_OUT,
    doc_md=__doc__,
    description="Carry out what a person decided on the registry's pages",
    schedule=None,
    tags=["registry", "decisions"],
    default_args=task_defaults(),
    max_active_runs=1000,
    dagrun_timeout=timedelta(days=1),
    catchup=False,
):
    carry_out()
