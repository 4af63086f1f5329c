"""The alarms that there are now, as stored counts, states and keys say.

Cells are read for codes and units that nobody knows, of which an alarm tells a hash and counts alone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from include.people.alarms.causes import causes
from include.warehouse import Warehouse
from include.warehouse.sql import select_text

RULE = ("rule_id", "rows_failed", "rows_checked")
Identity = tuple[str, str, str, str]
"""Cause, source, subject and night of an alarm."""

OVER = "over"
"""The state of an alarm that is no more."""


@dataclass(frozen=True)
class Alarm:
    """One thing of one night that somebody has to know: a file, a rule, a feed or a department.

    `source` is the department, `north/clinic` where a site has it.
    It is the same alarm as long as its `state` is the same. `facts` are the counts that its line tells, `rules` those
    that a file fails, worst first. Plain values throughout, so that it can be stored as JSON.
    """

    cause: str
    source: str
    subject: str
    batch_date: str
    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)

    @property
    def identity(self) -> Identity:
        """What stays the same while its state changes."""
        return (self.cause, self.source, self.subject, self.batch_date)


def current_alarms(warehouse: Warehouse) -> list[Alarm]:
    """Every alarm, cause by cause."""
    return [alarm for cause in causes() for alarm in _of_cause(warehouse, cause)]


def is_loading(warehouse: Warehouse) -> bool:
    """Whether only files of the last hour wait to be loaded: what would be told now would soon be told again."""
    return bool(warehouse.scalar(select_text("alarms/loading")))


def _of_cause(warehouse: Warehouse, cause: str) -> list[Alarm]:
    """One alarm a subject and night; of a file's several rows each adds a rule."""
    found: dict[Identity, Alarm] = {}
    for row in warehouse.run(select_text(f"alarms/{cause}")).mappings():
        values = {name: _plain(value) for name, value in row.items()}
        source = f"{at_site(values)}{values['source']}"
        made = Alarm(cause, source, values["subject"], values["batch_date"], values["state"], facts=values)
        alarm = found.setdefault(made.identity, made)
        if values.get("rule_id"):
            alarm.rules.append({name: values[name] for name in RULE})
    return list(found.values())


def at_site(facts: dict[str, Any]) -> str:
    """What is put before a name for the site that an alarm concerns: `north/`, or nothing."""
    return f"{facts['site']}/" if facts.get("site") else ""


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
