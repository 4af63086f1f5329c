"""
### Extracts of one department into the clinical record

**What it does.** `pull` copies every file that the ledger does not know yet from the extracts to the landing
folder and returns the ids of all loads that wait; `receive` runs once for each feed: it stages and validates all its
waiting files, appends what they say in one transaction, and resolves what follows from it. `announce` writes the counts
of the run to its log and updates the asset `clinical`, which wakes `derive`. `ask` starts a run of `decide_held_file`
for each file that is left held; nothing waits for it.

**When it runs.** Every night (`INGEST_SCHEDULE`, a cron expression in UTC, default `0 2 * * *`), and whenever
the asset `extracts_<source>` says that files have arrived. One run at a time.

**Missed nights** need no backfill. A run asks the ledger what there is to do and does all of it, so the next
run makes up for any number of missed ones. For the same reason running it again changes nothing.

**When it fails.** `all_copied`: files could not be copied. The next run tries again; their data are missing until then,
and `./registry show ops.not_pulled` has their paths and the reason's code. A failed `receive` names the files that
it is about: the others are received, and so are the other departments'. The error in the task's log begins with a code
(`REG-…`) and ends with what to do. After that, clear the task or trigger the DAG: the files are still waiting in the
ledger. A file that breaks a file rule is *held*, which is a result and not a failure: see the counts,
`./registry loads`, and *Required actions* in Airflow. A failed `ask` fails no run: trigger `decide_held_file` with the
load's id.

Logs and XComs hold ids and counts, never a value of a row.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, task

from include.people.asking.runs import DECIDE, questions
from include.running.nightly.names import POOL, SOURCES
from include.running.nightly.wiring import CLINICAL, PRIORITY, extracts_of, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["pull"])
def pull(source: str) -> list[list[str]]:
    """Copy what is new to the landing folder; the ids of all loads of the source that wait, feed by feed."""
    from include.basics.settings import Settings
    from include.pipeline.landing import pull_batches

    return pull_batches(Settings.from_environment(), source)


@task(pool=POOL, priority_weight=PRIORITY["receive"], map_index_template="{{ label }}")
def receive(load_ids: list[str]) -> list[dict[str, int | str | None]]:
    """Receive all waiting files of a feed; their counts. Fails when files could not be received; the others are."""
    import logging

    from airflow.sdk import get_current_context

    from include.basics.errors import RegistryError
    from include.basics.settings import Settings
    from include.pipeline.receiving.loads import load
    from include.running.nightly.metrics import count_received

    context = cast(dict[str, Any], get_current_context())
    context["label"] = f"{len(load_ids)} files"
    reports, failed = load(Settings.from_environment(), load_ids)
    count_received(reports)
    counts = [report.counts() for report in reports]
    context["label"] = " ".join({report.feed for report in reports}) + f" {len(load_ids)} files"
    for report in reports:
        if report.state == "held":
            logging.getLogger("registry").warning("Held: %s %s", report.load_id, report.reason)
    if failed:
        context["ti"].xcom_push(key="return_value", value=counts)
        told = ", ".join(f"{load_id} ({code})" for load_id, code in failed.items())
        raise RegistryError("REG-305", f"{len(failed)} files failed: {told}.")
    return counts


@task(pool=POOL, priority_weight=PRIORITY["receive"])
def all_copied(source: str) -> None:
    """Fail, once, when files could not be copied: the others load, and somebody has to know."""
    from airflow.sdk.exceptions import AirflowFailException

    from include.basics.settings import Settings
    from include.pipeline.landing import missing, refusal

    if counts := missing(Settings.from_environment(), source):
        raise AirflowFailException(str(refusal(counts)))


@task(outlets=[CLINICAL], trigger_rule="all_done")
def announce(received: Sequence[list[dict[str, int | str | None]]]) -> list[dict[str, Any]]:
    """Log the counts of the run; what people have to be asked.

    Skipped, and `clinical` not updated, when no file was received.
    """
    import logging

    from airflow.sdk.exceptions import AirflowSkipException

    # The slice fetches them all at once, and stops at those that there are.
    reports = [counts for of_feed in received[:] for counts in of_feed]
    for counts in reports:
        logging.getLogger("registry").info("%s", counts)
    if not reports:
        raise AirflowSkipException("No file was received.")
    return questions(reports)


for source in SOURCES:
    with DAG(
        dag_id=f"ingest_{source}",
        doc_md=__doc__,
        description=f"Extracts of {source} into the clinical record",
        schedule=woken_by(extracts_of(source), "INGEST_SCHEDULE", "0 2 * * *"),
        tags=["registry", "ingest"],
        default_args=task_defaults(),
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=12),
        catchup=False,
    ):
        pulled = pull(source)
        pulled >> all_copied(source)
        received: Any = receive.expand(load_ids=pulled)
        ask = TriggerDagRunOperator.partial(
            task_id="ask", trigger_dag_id=DECIDE, logical_date=None, skip_when_already_exists=True
        ).expand_kwargs(announce(received))
        # Who cannot be asked tonight fails no night: this leaf succeeds all the same.
        ask >> EmptyOperator(task_id="asked", trigger_rule="all_done")
        # `announce` succeeds although a file failed; this leaf makes such a run a failed one.
        received >> EmptyOperator(task_id="all_loaded")
