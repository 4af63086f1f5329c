"""The page on which a held file is decided: why it is held, counts by rule with their trend, its size, the choices.

It holds the rules' own words and counts, never a value or key of a row.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from include.basics.errors import CODES
from include.basics.rounding import short
from include.basics.settings import Settings
from include.basics.templates import templates
from include.basics.visible import visible
from include.definitions.described import read_yaml
from include.people.asking.runs import COLUMN_MISSING
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.sql import select_text

FOLDER = Path(__file__).parent
MOST_RULES = 10
SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Page:
    """Headline and Markdown of the question about one file."""

    subject: str
    body: str


def page(settings: Settings, load_id: str, note: str = "") -> Page | None:
    """The page of a held file; None when it is not held (any more). `note` says why it is asked again."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        return page_of(warehouse, load_id, note)


def page_of(warehouse: Warehouse, load_id: str, note: str = "") -> Page | None:
    """The same on an open warehouse."""
    file = warehouse.run(select_text("asking/file"), load_id=load_id).mappings().first()
    if file is None or file["state"] != "held":
        return None
    code = file["reason_code"]
    rules = _rules(warehouse, load_id)
    body = _template().render(
        note=note,
        file=file,
        name=visible(file["file_name"]).replace("`", "'"),
        since=f"{file['finished_at']:%Y-%m-%d %H:%M}",
        code=code,
        why=file["reason"].removeprefix(f"{code}: "),
        meaning=CODES.get(code, ""),
        rules=rules[:MOST_RULES],
        more=max(0, len(rules) - MOST_RULES),
        volume=_volume(dict(file)),
        choices=_choices(dict(file)),
    )
    return Page(f"{file['feed']} of {file['batch_date']}: {file['rows_received']:,} rows are held ({code})", body)


def _rules(warehouse: Warehouse, load_id: str) -> list[dict[str, Any]]:
    trends: dict[str, list[str]] = {}
    for row in warehouse.run(select_text("asking/trend"), load_id=load_id):
        trends.setdefault(row.rule_id, []).append(_percent(row.percent))
    rules = warehouse.run(select_text("asking/rules"), load_id=load_id).mappings().all()
    return [
        {**rule, **_counts(dict(rule)), "trend": ", ".join(trends.get(rule["rule_id"], ["none yet"]))} for rule in rules
    ]


def _counts(rule: dict[str, Any]) -> dict[str, str]:
    """How often a rule failed, in words; a rule of files is judged once a file, the others once a row."""
    failed, checked = rule["rows_failed"], rule["rows_checked"]
    if rule["rule_id"].startswith("file.") and checked <= 1:
        return {"failed": "the file", "share": "–"}
    return {
        "failed": f"{failed:,} of {checked:,}".replace(" ", SPACE),
        "share": _percent(100 * failed / checked if checked else None),
    }


def _volume(file: dict[str, Any]) -> str:
    """The size of the day's extract in words."""
    if file["in_band"] is None:
        return "too few earlier extracts of this weekday with rows to say whether that is usual."
    verdict = "in order" if file["in_band"] else "**unusual**"
    return (
        f"{file['rows_of_day']:,} in all files of the day: {short(file['ratio'])} times the median of this weekday's "
        f"last {file['earlier_extracts']} extracts ({file['median_rows']:,.0f}), which is {verdict}."
    )


@cache
def _described() -> dict[str, Any]:
    described: dict[str, Any] = read_yaml(FOLDER / "choices.yml")
    return described


def _choices(file: dict[str, Any]) -> dict[str, str]:
    """Each answer with what it does to this file."""
    described = dict(_described())
    useless = {name: described.pop(name) for name in ("unreadable", "columns_missing")}
    if COLUMN_MISSING in (file["reason"] or ""):
        return {**described, "release": useless["columns_missing"]}
    return described if file["rows_received"] else {**described, "release": useless["unreadable"]}


def _percent(value: Any) -> str:
    """A percent in short; one below 100 does not become 100."""
    if value is None:
        return "–"
    shown = ">99" if 99 < value < 100 else short(float(value))
    return f"{shown}{SPACE}%"


@cache
def _template() -> jinja2.Template:
    shown = {"count": lambda value: f"{value or 0:,}", "cell": _cell}
    return templates(FOLDER, filters=shown, escaped=False).get_template("held_file.md.j2")


def _cell(text: str | None) -> str:
    """Text that stays in its cell of a Markdown table."""
    return (text or "").replace("|", "\\|").replace("\n", " ")
