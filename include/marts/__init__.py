"""Refresh: the marts, brought up to date in one transaction, and the snapshot that BI tools read."""

from include.marts.refresh import RefreshReport, mart_generations, refresh, refresh_stale
from include.marts.snapshot import publish

__all__ = ["RefreshReport", "mart_generations", "publish", "refresh", "refresh_stale"]
