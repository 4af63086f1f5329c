"""Refresh: the marts, replaced as a whole in one transaction, and the snapshot that BI tools read."""

from include.marts.refresh import RefreshReport, refresh, refresh_stale
from include.marts.snapshot import publish

__all__ = ["RefreshReport", "publish", "refresh", "refresh_stale"]
