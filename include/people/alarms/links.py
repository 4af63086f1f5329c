"""Where a message leads to: Airflow's pages, and the nightly report where it is published."""

import os

from include.people.alarms.causes import causes
from include.people.alarms.current import Alarm
from include.people.alarms.telling import Message
from include.people.asking.runs import DECIDE, decision_run
from include.running.nightly.names import SOURCES


def decision_link(alarm: Alarm) -> str | None:
    """The page on which a held file is decided; None where Airflow's address is unknown."""
    base = _airflow()
    if not base:
        return None
    run = decision_run(alarm.subject, alarm.facts["finished_second"])
    return f"{base}/dags/{DECIDE}/runs/{run}/tasks/ask/required_actions"


def links_of(message: Message) -> dict[str, str]:
    """Name and address of every page that concerns a message."""
    links = {}
    base, reports = _airflow(), os.environ.get("REPORTS_URL", "").rstrip("/")
    if base:
        links["Airflow"] = f"{base}/dags/{_dag(message)}"
    if reports:
        links["Nightly report"] = f"{reports}/"
    return links


def _dag(message: Message) -> str:
    page = causes()[message.cause].page
    if page == "decision":
        return DECIDE
    sources = {alarm.source.rpartition("/")[2] for alarm in message.alarms}
    of_one = page == "ingest" and len(sources) == 1 and sources < set(SOURCES)
    return f"ingest_{sources.pop()}" if of_one else "watch"


def _airflow() -> str:
    return os.environ.get("AIRFLOW__API__BASE_URL", "").rstrip("/")
