"""What a monitor is told: rows by their fate, and how things stand; docs/operations.md lists the names.

Airflow's own interface sends them, to OpenTelemetry or StatsD. No value, patient, key, load or file is in them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any, NamedTuple

from include.basics.settings import Settings
from include.pipeline.receiving import LoadReport
from include.warehouse import Warehouse, open_warehouse, utc_now
from include.warehouse.sql import select_text

FATES = ("loaded", "updated", "unchanged", "quarantined", "waiting")
NO_SITE = "none"


class Gauge(NamedTuple):
    """How something stands."""

    name: str
    value: float
    tags: dict[str, str]


def count_received(reports: Iterable[LoadReport]) -> None:
    """Count files by state and rows by fate."""
    from airflow.sdk.observability import stats

    for report in reports:
        tags = _tags(vars(report), "site", "feed")
        stats.incr("registry.files", 1, tags={**tags, "state": report.state})
        for fate in FATES:
            stats.incr("registry.rows", getattr(report, fate), tags={**tags, "fate": fate})


def tell_gauges(settings: Settings) -> None:
    """Tell how things stand, when somebody listens."""
    from airflow.sdk.configuration import conf
    from airflow.sdk.observability import stats

    if not any(conf.getboolean("metrics", f"{kind}_on") for kind in ("otel", "statsd")):
        return
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        for gauge in gauges(warehouse):
            stats.gauge(gauge.name, gauge.value, tags=gauge.tags)


def gauges(warehouse: Warehouse) -> Iterator[Gauge]:
    """Rows and files that wait for people, and the age of what came last and of the marts, in hours."""
    for row in warehouse.run(select_text("ops/waiting_for_people")).mappings():
        tags = _tags(row, "site", "feed")
        yield Gauge("registry.quarantine_open", row["open_records"], tags)
        yield Gauge("registry.files_held", row["held_files"], tags)
    asked = "SELECT site, source, last_batch_date FROM ops.freshness WHERE last_batch_date IS NOT NULL"
    for row in warehouse.run(asked).mappings():
        age = _hours(datetime.combine(row["last_batch_date"], time()))
        yield Gauge("registry.freshness_hours", age, _tags(row, "site", "source"))
    if refreshed := warehouse.scalar("SELECT MAX(refreshed_at) FROM marts.feed_freshness"):
        yield Gauge("registry.marts_age_hours", _hours(refreshed), {})


def _tags(told: Any, *names: str) -> dict[str, str]:
    return {name: told[name] or NO_SITE for name in names}


def _hours(since: datetime) -> float:
    return round((utc_now() - since).total_seconds() / 3600, 2)
