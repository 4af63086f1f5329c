"""Rows as a sheet for a spreadsheet: CSV in which no text is a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from include.basics.visible import spreadsheet

MOST = 100_000
"""The most rows of a sheet."""


def sheet_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The columns of the rows; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(columns)
    lines.writerows([_cell(row[column]) for column in columns] for row in rows)
    return "\N{BYTE ORDER MARK}" + text.getvalue()


def _cell(value: Any) -> Any:
    return spreadsheet(value) if isinstance(value, str) else value
