"""The report as one HTML page; long lists are cut, with a count of the rest, so that its size stays bounded."""

from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from include.basics.errors import CODES
from include.basics.templates import templates
from include.people.reporting.validation.attention import COUNTS, attention, latest_indicators
from include.people.reporting.validation.drawing import Chart, drawn, sparkline
from include.people.reporting.validation.gather import Night

FOLDER = Path(__file__).parent / "templates"
MOST = {
    "held": 25,
    "not_pulled": 25,
    "rules": 40,
    "across": 40,
    "overrides": 25,
    "backlog": 40,
    "missing_in_full": 25,
    "columns": 25,
}
RULE_COUNTS = ("rules", "passed", "passed_with_failures", "failed", "not_evaluated", "not_applicable")
HEADLINE_INDICATORS = ("records_passing", "completeness", "timeliness", "duplicates")


def render_page(night: Night) -> str:
    """The page of a night; no script, nothing fetched, below 300 kB whatever the registry's size."""
    shown = {name: rows[: MOST.get(name, len(rows))] for name, rows in night.sections.items()}
    more = {name: len(rows) - len(shown[name]) for name, rows in night.sections.items()}
    return (
        page_templates()
        .get_template("page.html.j2")
        .render(
            night=night,
            shown=shown,
            more=more,
            attention=attention(night),
            totals=_sum(night.rows("feeds"), ("files", "files_held", "received", *COUNTS, "cells_set_aside")),
            matrix_total=_sum(night.rows("matrix"), RULE_COUNTS),
            charts=_charts(night),
            items=_items(night),
            codes=CODES,
        )
    )


def _sum(rows: list[dict[str, Any]], names: tuple[str, ...]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in names}


def _charts(night: Night) -> list[tuple[str, Chart | None, list[dict[str, Any]]]]:
    """The headline indicators: name, drawing of all departments together, and each department's latest month."""
    by_name = {name: list(rows) for name, rows in groupby(night.rows("indicators"), lambda row: row["indicator"])}
    return [(name, *drawn(by_name[name])) for name in HEADLINE_INDICATORS if name in by_name]


def _items(night: Night) -> list[dict[str, Any]]:
    """Completeness of the key items in their latest month, the least complete first, at last what is withheld."""
    items = [row for row in latest_indicators(night) if row["indicator"].startswith("completeness_")]
    return sorted(items, key=lambda row: (row["value"] is None, row["value"] or 0, row["indicator"]))


@cache
def page_templates(*folders: Path) -> jinja2.Environment:
    """The report's templates, behind those of other folders, with the filters that show numbers and days."""
    shown = (number, decimal, limit, day, moment, change)
    environment = templates(*folders, FOLDER, filters={show.__name__: show for show in shown})
    environment.globals["sparkline"] = sparkline
    return environment


def number(value: Any) -> str:
    """A count with thousands apart; a dash where there is none."""
    return "–" if value is None else f"{int(value):,}"


def decimal(value: Any, places: int = 1) -> str:
    """A number to one decimal, two where one would make it 0, or 100, without being it."""
    if value is None:
        return "–"
    near = min(abs(value), abs(100 - value))
    return f"{value:,.{2 if 0 < near < 0.05 else places}f}"


def limit(value: float) -> str:
    """A threshold as somebody wrote it."""
    return f"{value:g}"


def day(value: date | None) -> str:
    """A day as 7 Nov 2020."""
    return "–" if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """A moment as 7 Nov 2020, 12:00 UTC."""
    return "–" if value is None else f"{day(value)}, {value:%H:%M} UTC"


def change(value: float | None, before: float | None) -> str:
    """The difference in percentage points to the night before."""
    if value is None or before is None:
        return "first night"
    difference = float(value) - float(before)
    return "same" if abs(difference) < 0.005 else f"{difference:+.2f}".replace("-", "−")
