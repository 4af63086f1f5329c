"""
### A person decides about a held file

**What it does.** `describe` writes the page: why the file is held, counts by rule with their trend in the feed's last
files, its rows beside the same weekday's median, and what each answer does. `ask` waits for a person (tab *Required
actions*): *release* or *reject* with a reason, or *wait*. `apply` carries the answer out and puts who, when and why
into the audit trail (`quarantine.decision`). An answer that cannot be carried out - without a reason, or a release of
a file that cannot be loaded - is asked again by a run of its own, with a note why, and this run fails: an answer that
did nothing is not green. The decision is entered in the name of who answered, with the id that Airflow knows.

**When it runs.** One run for one file, each time that a file becomes held: `ingest_<source>` triggers it. By hand:
trigger it with the load's id (`./registry loads`).

**Missed nights** do not matter: a file stays held until somebody decides. When nobody answers within
`DECISION_DAYS` (default 7), the run ends and the file stays held.

**When it fails.** `apply`: the error begins with a code (`REG-…`) and ends with what to do; the file is held as
before, or loaded as a whole. Clear `apply` to try again, or `ask` to be asked again.

The page holds counts and the rules' own words, never a value of a row, and neither may a reason.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Param, task

from include.basics.settings import number
from include.people.asking.runs import ASK, DECIDE
from include.running.nightly.names import POOL
from include.running.nightly.wiring import CLINICAL, PRIORITY, task_defaults

DAYS = number("DECISION_DAYS", 7)
REASON = Param(
    "",
    type=["null", "string"],
    maxLength=500,
    title="Reason",
    description="Why; needed to release or reject. It goes into the audit trail: write no patient data.",
)


@task(pool=POOL, priority_weight=PRIORITY["watch"], multiple_outputs=True)
def describe(load_id: str, note: str) -> dict[str, str]:
    """Headline and text of the question; skipped when the file is not held (any more)."""
    from airflow.sdk.exceptions import AirflowSkipException

    from include.basics.settings import Settings
    from include.people.asking.page import page

    found = page(Settings.from_environment(), load_id, note)
    if found is None:
        raise AirflowSkipException("There is no held file with this id.")
    return {"subject": found.subject, "body": found.body}


@task(pool=POOL, priority_weight=PRIORITY["decide"], outlets=[CLINICAL])
def apply(load_id: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Release or reject; the run that asks again when that cannot be done. Skipped when the file stays held."""
    from airflow.sdk import get_current_context
    from airflow.sdk.exceptions import AirflowSkipException

    from include.basics.settings import Settings
    from include.people.asking.answer import carry_out, is_waiting

    if is_waiting(answer):
        raise AirflowSkipException("The file stays held.")
    return carry_out(Settings.from_environment(), load_id, answer, get_current_context()["run_id"])


@task(trigger_rule="none_failed")
def carried_out(asked_again: list[dict[str, Any]] | None) -> None:
    """Fail when the answer was refused; the note says why."""
    from airflow.sdk.exceptions import AirflowFailException

    if asked_again:
        (run,) = asked_again
        raise AirflowFailException(f"Asked again by {run['trigger_run_id']}: {run['conf']['note']}")


with DAG(
    dag_id=DECIDE,
    doc_md=__doc__,
    description="Release, reject or wait: a person decides about a held file",
    schedule=None,
    params={
        "load_id": Param(type="string", minLength=1, title="Load", description="Id of the held load: ./registry loads"),
        "note": Param("", type="string", title="Note", description="Why it is asked again"),
    },
    tags=["registry", "decisions"],
    default_args=task_defaults(),
    max_active_runs=1000,
    dagrun_timeout=timedelta(days=DAYS + 1),
    catchup=False,
):
    described: Any = describe("{{ params.load_id }}", "{{ params.note }}")
    ask: Any = HITLOperator(
        task_id=ASK,
        subject=described["subject"],
        body=described["body"],
        options=["release", "reject", "wait"],
        defaults="wait",
        response_timeout=timedelta(days=DAYS),
        params={"reason": REASON},
    )
    applied: Any = apply("{{ params.load_id }}", ask.output)
    ask_again = TriggerDagRunOperator.partial(
        task_id="ask_again", trigger_dag_id=DECIDE, logical_date=None, skip_when_already_exists=True
    ).expand_kwargs(applied)
    ask_again >> carried_out(applied)
