"""What the DAG files share: assets, tags, schedules and how a task behaves when it fails.

DAG files are imported every few seconds, so nothing heavier than Airflow itself is imported here.
"""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable

from include.basics.settings import number, whole
from include.running.nightly.names import POOL, extracts_asset
from plugins.arrival import ArrivalTrigger, QueueTrigger

TAGS = ("registry", "ingest", "derive", "marts", "alarms", "decisions", "report", "rules", "verify", "clean")
"""The only tags a DAG may carry."""

OWNER = "registry"

CLINICAL = Asset("clinical")
DERIVED = Asset("derived")
MARTS = Asset("marts")

PRIORITY = {"decide": 7, "pull": 6, "receive": 5, "refresh": 4, "derive": 3, "watch": 2, "report": 1}
"""Who gets the free slot first: a night's files are loaded before anything is computed from them, and what has
been derived is published before `derive` looks again (it then finds nothing to pass on). Alarms and reports come last;
a person who has decided waits for nobody."""

READING = "default_pool" if os.environ.get("WAREHOUSE", "").startswith("postgres") else POOL
"""The pool of a task that only reads: a DuckDB file has a writer or readers, PostgreSQL has both."""


def extracts_of(source: str) -> Asset:
    """The asset of a source's extracts: what wakes its DAG. Its events come from

    - the watcher of the extracts in plugins/ (every `ARRIVAL_SECONDS`, default 30; 0 = no watcher),
    - a queue of SQS that S3 tells its news (`EVENT_QUEUE`, the queue's URL),
    - the route in plugins/webhook.py, which an S3 server calls, or `POST /api/v2/assets/events`.

    An event wakes the DAG and carries nothing.
    """
    name = extracts_asset(source)
    watchers = []
    if seconds := number("ARRIVAL_SECONDS", 30):
        watchers.append(AssetWatcher(name=name, trigger=ArrivalTrigger(source, seconds)))
    if queue := os.environ.get("EVENT_QUEUE"):
        watchers.append(AssetWatcher(name=f"{name}_queue", trigger=QueueTrigger(source, queue)))
    return Asset(name, watchers=watchers)


def by_clock(variable: str, cron: str) -> CronTriggerTimetable | None:
    """By the clock alone; the environment variable replaces the cron expression (UTC), `off` leaves it to people."""
    cron = os.environ.get(variable) or cron
    return None if cron == "off" else CronTriggerTimetable(cron, timezone="UTC")


def woken_by(asset: Asset, variable: str, cron: str) -> Asset | AssetOrTimeSchedule:
    """On an event of the asset, and by the clock, unless the environment variable switches it `off`."""
    timetable = by_clock(variable, cron)
    return AssetOrTimeSchedule(timetable=timetable, assets=asset) if timetable else asset


def task_defaults() -> dict[str, Any]:
    """Owner, time limit and retries (after 30 s, 1, 2 and 4 minutes) of every task."""
    return {
        "owner": OWNER,
        "retries": whole("REGISTRY_RETRIES", 4),
        "retry_delay": timedelta(seconds=number("REGISTRY_RETRY_SECONDS", 30)),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=15),
        "execution_timeout": timedelta(hours=2),
        "weight_rule": "absolute",
    }
