"""Refresh: the marts, brought up to date in one transaction, and published for those who read them."""

from include.pipeline.marts.publishing import publish
from include.pipeline.marts.refresh import RefreshReport, refresh, refresh_stale

__all__ = ["RefreshReport", "publish", "refresh", "refresh_stale"]
