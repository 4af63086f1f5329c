"""Everything the night's report says, read once from the warehouse: counts, rule ids, thresholds, moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from include.pipeline.marts.disclosure import NOTICE, tells_few
from include.warehouse import Warehouse, utc_now
from include.warehouse.sql import select_text

FOLDER = "reporting/validation"
SECTIONS = (
    "feeds",
    "held",
    "not_pulled",
    "intake",
    "columns",
    "missing_in_full",
    "rules",
    "across",
    "freshness",
    "backlog",
    "indicators",
    "matrix",
    "overrides",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Night:
    """A night (the batch date of its extracts) as the warehouse has it at the moment of writing.

    `sections` are the rows of the SELECTs in include/sql/reporting/validation, by name. A row of `rules` has besides
    `trend`, the percent of rows that failed in the feed's last 14 nights (oldest first, None = nothing to check), and
    `previous_percent`, the night before's. `notice` is what whoever answers for the registry has to know of its marts.
    """

    day: date
    written_at: datetime
    sections: dict[str, list[Row]]
    notice: str = ""

    def rows(self, section: str) -> list[Row]:
        """The rows of a section."""
        return self.sections[section]


def gather(warehouse: Warehouse, day: date | None = None, sections: Sequence[str] = SECTIONS) -> Night | None:
    """The night of a batch date, by default of the latest, with some sections; None when there is no file at all."""
    day = day or warehouse.scalar(select_text(f"{FOLDER}/latest"))
    if day is None:
        return None
    read = {name: _read(warehouse, name, day) for name in sections}
    read["rules"] = _with_trend(read["rules"], _read(warehouse, "history", day))
    return Night(day, utc_now().replace(microsecond=0), read, NOTICE if tells_few(warehouse) else "")


def missing_in_full(warehouse: Warehouse) -> list[Row]:
    """What full exports lack; where one look tells that none lacks anything, the view over all feeds is not asked."""
    if not warehouse.scalar("SELECT COUNT(*) FROM resolved.absent"):
        return []
    return [dict(row) for row in warehouse.run(select_text(f"{FOLDER}/missing_in_full")).mappings()]


def placed(row: Row, name: str) -> str:
    """The department or feed of a row, behind its site where it is one's."""
    told = row.get(name) or ""
    return f"{row['site']}/{told}" if row.get("site") else str(told)


def _read(warehouse: Warehouse, name: str, day: date) -> list[Row]:
    if name == "missing_in_full":
        return missing_in_full(warehouse)
    text = select_text(f"{FOLDER}/{name}")
    parameters = {"day": day} if ":day" in text else {}
    return [dict(row) for row in warehouse.run(text, **parameters).mappings()]


def _with_trend(rules: list[Row], history: list[Row]) -> list[Row]:
    trends: dict[tuple[str, str], dict[date, float | None]] = {}
    for row in history:
        trends.setdefault((row["feed"], row["rule_id"]), {})[row["batch_date"]] = row["percent"]
    return [{**rule, **_trend(list(trends[rule["feed"], rule["rule_id"]].values()))} for rule in rules]


def _trend(percents: list[float | None]) -> Row:
    return {"trend": percents, "previous_percent": percents[-2] if len(percents) > 1 else None}
