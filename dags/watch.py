"""
### Alarms of a night

**What it does.** `assess` compares the alarms that there are (held and unreadable files, broken rules, rows set
aside, late departments, unusual volume, files that do not load, rows that nobody decides) with what each channel was
told. `tell` hands each message that is due to its channel and `remember` notes that the channel has it. One message
a night and cause; it is repeated only when its state changes.

**When it runs.** When `refresh_marts` has updated the asset `marts`, and every hour (`WATCH_SCHEDULE`, a cron
expression in UTC, default `10 * * * *`): a deadline passes without anything happening. It tells nothing while files
of the last hour are still being loaded; the next run does.

**Channels.** The log of `tell` is always one. `ALARM_MAIL_TO` (addresses, comma-separated; `ALARM_MAIL_FROM`, server
= Airflow's connection `smtp_default`) adds e-mail, `ALARM_WEBHOOK_URL` a webhook that takes JSON. `REPORTS_URL` adds
a link to the nightly reports. `./registry alarms` lists what there is.

**Missed nights** need no backfill: the next run tells what is due.

**When it fails.** `tell`: the channel did not accept the message (`REG-701`); the other messages are told, and the
next run tells this one again. A crash between `tell` and `remember` tells a message twice, with the same id.

Messages, logs and XComs hold ids, counts and the rules' own words, never a value of a row.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task, task_group

from include.nightly.wiring import MARTS, POOL, PRIORITY, task_defaults, woken_by


@task(pool=POOL, priority_weight=PRIORITY["watch"])
def assess() -> list[dict[str, Any]]:
    """The messages that are due now."""
    from include.alarms import assess as assess_alarms
    from include.settings import Settings

    return assess_alarms(Settings.from_environment())


@task(map_index_template="{{ label }}")
def tell(message: dict[str, Any]) -> dict[str, Any]:
    """Hand one message to its channel; the message."""
    from airflow.sdk import get_current_context

    from include.alarms import tell as tell_message

    get_current_context()["label"] = f"{message['channel']} {message['cause']}"
    tell_message(message)
    return message


@task(pool=POOL, priority_weight=PRIORITY["watch"])
def remember(message: dict[str, Any]) -> None:
    """Note that the channel has the message."""
    from include.alarms import remember as remember_message
    from include.settings import Settings

    remember_message(Settings.from_environment(), message)


@task_group
def message_by_message(message: dict[str, Any]) -> None:
    """One message apart from the others: a channel that is away keeps none of them back."""
    remember(tell(message))


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
    message_by_message.expand(message=assess())
