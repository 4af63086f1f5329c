"""Lists the alarms that there are now, for people and programs."""

import json

import pandas as pd

from include.basics.settings import Settings
from include.people.alarms.causes import causes
from include.people.alarms.current import Alarm, current_alarms
from include.people.alarms.wording import alarm_line
from include.people.reporting import print_frame
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import select_text

COLUMNS = ["severity", "cause", "batch_date", "source", "subject", "told", "what"]


def print_alarms(settings: Settings, form: str) -> None:
    """One line an alarm, as `table`, `csv` or `json`; `told` are the channels that know it in its present state."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        alarms = current_alarms(warehouse)
        rows = [_row(alarm, told) for alarm, told in zip(alarms, _told(warehouse, alarms), strict=True)]
    if form == "json":
        rules = [{"rules": alarm.rules} for alarm in alarms]
        print(json.dumps([row | more for row, more in zip(rows, rules, strict=True)]))
    elif rows or form == "csv":
        print_frame(pd.DataFrame(rows, columns=COLUMNS), form == "csv")
    else:
        print("There are no alarms.")


def _row(alarm: Alarm, told: list[str]) -> dict[str, object]:
    values = (
        causes()[alarm.cause].severity,
        alarm.cause,
        alarm.batch_date,
        alarm.source,
        alarm.subject,
        ", ".join(told),
        alarm_line(alarm),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _told(warehouse: Warehouse, alarms: list[Alarm]) -> list[list[str]]:
    """For each alarm the channels that were told of it as it is."""
    known: dict[tuple[str, ...], list[str]] = {}
    for row in warehouse.run(select_text("alarms/told")):
        key = (row.cause, row.source, row.subject, row.batch_date.isoformat(), row.state)
        known.setdefault(key, []).append(row.channel)
    return [known.get((*alarm.identity, alarm.state), []) for alarm in alarms]
