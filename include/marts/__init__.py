"""Refresh: the marts, replaced as a whole in one transaction, and published for those who read them."""

from include.marts.publishing import publish
from include.marts.refresh import RefreshReport, refresh, refresh_stale

__all__ = ["RefreshReport", "publish", "refresh", "refresh_stale"]
