"""Puts a message into words: subject line, text and HTML. They hold ids, counts and the rules' own words."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from include.basics.errors import CODES
from include.basics.rounding import short
from include.basics.templates import templates
from include.people.alarms.causes import Cause, causes
from include.people.alarms.current import Alarm, at_site
from include.people.alarms.links import decision_link, links_of
from include.people.alarms.telling import Message

TEMPLATES = Path(__file__).with_name("templates")
MOST_LINES = 20
TOP_RULES = 5


@dataclass(frozen=True)
class Words:
    """A message in words; `fingerprint` is the same when it is told once more after a crash."""

    subject: str
    text: str
    html: str
    links: dict[str, str]
    fingerprint: str


def words(message: Message) -> Words:
    """Render a message."""
    cause = causes()[message.cause]
    headline = _headline(message, cause)
    links = links_of(message)
    latest_first = sorted(message.alarms, key=lambda alarm: alarm.batch_date, reverse=True)
    told: dict[str, Any] = {
        "subject": f"[registry] {headline}",
        "headline": headline,
        "is_over": message.is_over,
        "lines": [_line(message, cause, alarm) for alarm in latest_first[:MOST_LINES]],
        "more": max(0, len(message.alarms) - MOST_LINES),
        "todo": cause.todo,
        "links": links,
    }
    text, html = (_templates(name).get_template(name).render(told) for name in ("message.txt.j2", "message.html.j2"))
    return Words(told["subject"], text, html, links, _fingerprint(message))


def alarm_line(alarm: Alarm) -> str:
    """One alarm in the words of its cause."""
    line: str = _templates("").from_string(causes()[alarm.cause].line).render(alarm.facts, at=at_site(alarm.facts))
    return line


def _headline(message: Message, cause: Cause) -> str:
    nights = message.nights
    when = f"night of {nights[0]}" if len(nights) == 1 else f"{len(nights)} nights from {nights[0]} to {nights[-1]}"
    over = ", over" if message.is_over else ""
    return f"{cause.title}{over}: {len(message.alarms)}, {when}"


def _line(message: Message, cause: Cause, alarm: Alarm) -> dict[str, Any]:
    """A line with its top rules and, of a file that waits for a person, where to decide; several nights name theirs."""
    night = f"{alarm.batch_date} " if len(message.nights) > 1 else ""
    if message.is_over:
        return {"text": f"{night}{alarm.source} {alarm.subject}", "rules": [], "link": None}
    rules = [_rule(rule) for rule in alarm.rules[:TOP_RULES]]
    if len(alarm.rules) > TOP_RULES:
        rules.append(f"and {len(alarm.rules) - TOP_RULES} more rules")
    link = decision_link(alarm) if cause.page == "decision" else None
    return {"text": f"{night}{alarm_line(alarm)}".strip(), "rules": rules, "link": link}


def _rule(rule: dict[str, Any]) -> str:
    """A rule of files is judged once a file, the others once a row."""
    if rule["rule_id"].startswith("file.") and rule["rows_checked"] <= 1:
        return f"{rule['rule_id']}: the file fails it"
    return f"{rule['rule_id']}: {_count(rule['rows_failed'])} of {_count(rule['rows_checked'])} failed"


def _fingerprint(message: Message) -> str:
    states = sorted((*alarm.identity, alarm.state) for alarm in message.alarms)
    return hashlib.sha256(repr((message.channel, message.last_told_at, states)).encode()).hexdigest()[:32]


@cache
def _templates(name: str) -> jinja2.Environment:
    """The environment of a template: only HTML is escaped."""
    shown = {"count": _count, "number": _number, "short": short, "minute": _minute}
    environment = templates(TEMPLATES, filters=shown, escaped=".html" in name)
    environment.globals["codes"] = CODES
    return environment


def _count(value: float | None) -> str:
    return "?" if value is None else f"{value:,.0f}"


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def _minute(value: str | None) -> str:
    return str(value)[:16].replace("T", " ")
