"""
### Alarms of a night

**What it does.** `assess` compares the alarms that there are (files not copied, held and unreadable files, broken
rules, rows set aside, late departments, unusual volume, files that do not load, rows that nobody decides) with what
each channel was told. `tell` runs once for each channel and hands it the messages that are due; `remember` notes which
it accepted.
One message a night and cause; it is repeated only when its state changes.

**When it runs.** When `refresh_marts` has updated the asset `marts`, and every hour (`WATCH_SCHEDULE`, a cron
expression in UTC, default `10 * * * *`): a deadline passes without anything happening. It tells nothing while
files are being loaded, unless one has waited for an hour; the next run does.

**Channels.** The log of `tell` is always one. `ALARM_MAIL_TO` (addresses, comma-separated; `ALARM_MAIL_FROM`, server
= Airflow's connection `smtp_default`) adds e-mail, `ALARM_WEBHOOK_URL` a webhook that takes JSON. `REPORTS_URL` adds
a link to the nightly reports. `./registry alarms` lists what there is.

**Missed nights** need no backfill: the next run tells what is due.

**When it fails.** `remember`: a channel did not accept a message (`REG-701`); the others are told, and the next run
tells this one again. `all_told`: a channel's task was ended from outside or ran too long; what it was told is told
again, as after a crash between `tell` and `remember`, with the same id.

Messages, logs and XComs hold ids, counts and the rules' own words, never a value of a row.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, task

from include.running.nightly.names import POOL
from include.running.nightly.wiring import MARTS, PRIORITY, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["watch"])
def assess() -> list[dict[str, Any]]:
    """The messages that are due now, channel by channel."""
    from include.basics.settings import Settings
    from include.people.alarms import assess as assess_alarms
    from include.running.nightly.metrics import tell_gauges

    settings = Settings.from_environment()
    due = assess_alarms(settings)
    tell_gauges(settings)
    return due


@task(map_index_template="{{ label }}", multiple_outputs=False, execution_timeout=timedelta(minutes=10))
def tell(batch: dict[str, Any]) -> dict[str, Any]:
    """Tell one channel its messages; which it accepted, and what it said of those that it refused."""
    from airflow.sdk import get_current_context

    from include.people.alarms import tell as tell_channel

    cast(dict[str, Any], get_current_context())["label"] = f"{batch['channel']} {len(batch['messages'])}"
    return tell_channel(batch)


@task(pool=POOL, priority_weight=PRIORITY["watch"], trigger_rule="all_done_min_one_success")
def remember(outcomes: Sequence[dict[str, Any]]) -> None:
    """Note which messages were accepted; fails then, once, when a channel refused one."""
    from airflow.sdk.exceptions import AirflowFailException

    from include.basics.settings import Settings
    from include.people.alarms import remember as remember_told

    refused = remember_told(Settings.from_environment(), outcomes[:])
    if refused:
        raise AirflowFailException("; ".join(refused))


with DAG(
    dag_id="watch",
    doc_md=__doc__,
    description="Tells what somebody has to know of a night",
    schedule=woken_by(MARTS, "WATCH_SCHEDULE", "10 * * * *"),
    tags=["registry", "alarms"],
    default_args=task_defaults(),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    catchup=False,
):
    outcomes: Any = tell.expand(batch=assess())
    remember(outcomes)
    # `remember` succeeds although a channel's task failed; this leaf makes such a run a failed one.
    outcomes >> EmptyOperator(task_id="all_told")
