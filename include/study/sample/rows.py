"""Rows as the departments write them: text cells only, in the columns of the feed's contract."""

from datetime import date, timedelta

from include.definitions import contracts

Row = dict[str, str]
"""One row: column name to cell; an empty cell is a missing value."""

COLUMNS = {
    feed: tuple(field.name for field in contracts.read(feed).fields if not field.added) for feed in contracts.FEEDS
}
"""The departments of the study do not send the columns that were added later."""
SOURCE = {feed: contracts.read(feed).source for feed in contracts.FEEDS}
KEY = {feed: contracts.read(feed).key for feed in contracts.FEEDS}

EVENT_DATE = {
    "results": "collected_at",
    "exams": "exam_date",
    "procedures": "performed_on",
    "reports": "reported_on",
    "patients": "diagnosis_date",
    "visits": "visit_date",
    "treatments": "started_on",
    "adverse_events": "onset_date",
}
"""The column that says when the row's event happened; a lesion has its exam's date."""


def number(value: float, digits: int = 0) -> str:
    """A decimal as text without trailing zeros."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(start: date, days: int) -> str:
    """The ISO date that many days after a start."""
    return (start + timedelta(days=days)).isoformat()
