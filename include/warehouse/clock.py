"""The clock of every timestamp that the platform writes."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now in UTC, without a zone: the warehouse's timestamps have none."""
    return datetime.now(UTC).replace(tzinfo=None)
