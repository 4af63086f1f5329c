"""Writes the night's report: validation-<date>.html, .json and .csv."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from include.basics.visible import spreadsheet
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import Night, gather, placed
from include.people.reporting.validation.page import render_page
from include.warehouse import Warehouse

ITEMS = ("rule_id", "indicator", "load_id", "column_name", "code", "state", "category", "context")
DAYS = ("month", "batch_date", "last_batch_date")
CSV_COLUMNS = ("section", "source", "feed", "item", "day", "measure", "value")


def write_report(
    warehouse: Warehouse, out: Path, day: date | None = None, formats: Sequence[str] = ("html", "json", "csv")
) -> list[Path]:
    """Write the report of a night, by default the latest; the files, none when the ledger is empty.

    Each file is replaced as a whole, so a reader never meets half a report.
    """
    night = gather(warehouse, day)
    if night is None:
        return []
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / f"validation-{night.day}.{form}", FORMATS[form](night)) for form in formats]


def as_json(night: Night) -> str:
    """All sections with all their rows."""
    content = {
        "night": night.day,
        "written_at": night.written_at,
        "notice": night.notice,
        "attention": [line.plain() for line in attention(night)],
        **night.sections,
    }
    return json.dumps(content, default=_plain, indent=1) + "\n"


def as_csv(night: Night) -> str:
    """One line a measure: section, what it is of, day, name and value; numbers and flags only."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for name in night.sections:
        writer.writerows(_lines(name, night.rows(name)))
    return text.getvalue()


FORMATS: dict[str, Callable[[Night], str]] = {"html": render_page, "json": as_json, "csv": as_csv}


def _lines(section: str, rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        item = spreadsheet(" ".join(str(row[name]) for name in ITEMS if row.get(name)))
        day = next((row[name] for name in DAYS if row.get(name)), "")
        for measure, value in row.items():
            if isinstance(value, int | float | Decimal):
                yield section, placed(row, "source"), row.get("feed", ""), item, day, measure, value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    return str(value)


def _write(file: Path, text: str) -> Path:
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(file)
