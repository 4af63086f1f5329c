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


@dataclass(frozen=True)
class Held:
    """A held file beside its day's extract, and the rules that its rows fail.

    A rule has besides its counts `trend`, the percent that failed of the feed's last loaded files, the latest first.
    """

    file: dict[str, Any]
    rules: list[dict[str, Any]]

    @property
    def why(self) -> str:
        """Why it is held, without the code."""
        return str(self.file["reason"]).removeprefix(f"{self.file['reason_code']}: ")

    @property
    def useless(self) -> str:
        """Why a release brings nothing (`columns_missing`, `unreadable`); empty where it does."""
        if COLUMN_MISSING in (self.file["reason"] or ""):
            return "columns_missing"
        return "" if self.file["rows_received"] else "unreadable"


def is_of_file(rule: dict[str, Any]) -> bool:
    """Whether a rule was judged once for the file, and not once a row."""
    return bool(rule["rule_id"].startswith("file.") and rule["rows_checked"] <= 1)


def page(settings: Settings, load_id: str, note: str = "") -> Page | None:
    """The page of a held file; None when it is not held (any more). `note` says why it is asked again."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        return page_of(warehouse, load_id, note)


def page_of(warehouse: Warehouse, load_id: str, note: str = "") -> Page | None:
    """The same on an open warehouse."""
    held = held_file(warehouse, load_id)
    if held is None:
        return None
    file, code = held.file, held.file["reason_code"]
    body = _template().render(
        note=note,
        file=file,
        name=visible(file["file_name"]).replace("`", "'"),
        since=f"{file['finished_at']:%Y-%m-%d %H:%M}",
        code=code,
        why=held.why,
        meaning=CODES.get(code, ""),
        rules=[{**rule, **_counts(rule)} for rule in held.rules[:MOST_RULES]],
        more=max(0, len(held.rules) - MOST_RULES),
        volume=_volume(file),
        choices=_choices(held),
    )
    return Page(f"{file['feed']} of {file['batch_date']}: {file['rows_received']:,} rows are held ({code})", body)


def held_file(warehouse: Warehouse, load_id: str) -> Held | None:
    """What is known of a held file; None when it is not held (any more)."""
    file = warehouse.run(select_text("asking/file"), load_id=load_id).mappings().first()
    if file is None or file["state"] != "held":
        return None
    trends: dict[str, list[float | None]] = {}
    for row in warehouse.run(select_text("asking/trend"), load_id=load_id):
        trends.setdefault(row.rule_id, []).append(row.percent)
    rules = warehouse.run(select_text("asking/rules"), load_id=load_id).mappings()
    return Held(dict(file), [{**rule, "trend": trends.get(rule["rule_id"], [])} for rule in rules])


def _counts(rule: dict[str, Any]) -> dict[str, str]:
    """How often a rule failed, in words."""
    failed, checked = rule["rows_failed"], rule["rows_checked"]
    trend = ", ".join(map(_percent, rule["trend"])) or "none yet"
    if is_of_file(rule):
        return {"failed": "the file", "share": "–", "trend": trend}
    return {
        "trend": trend,
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


def _choices(held: Held) -> dict[str, str]:
    """Each answer with what it does to this file."""
    described = dict(_described())
    useless = {name: described.pop(name) for name in ("unreadable", "columns_missing")}
    return {**described, "release": useless[held.useless]} if held.useless else described


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
