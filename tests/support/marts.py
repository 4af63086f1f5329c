"""Some marts refreshed alone: all of them take most of a second."""

from importlib import import_module

import pytest

from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse
from include.warehouse.tables import manifest

LEDGER_MARTS = (
    "feed_freshness",
    "feed_volume",
    "intake",
    "validation_summary",
    "cross_feed_summary",
    "rule_catalogue",
    "registry_indicator",
)
"""What is made of loads, rules and quarantine."""


def refresh_only(warehouse: Warehouse, *names: str) -> None:
    """Rebuild these marts as a refresh does, stale or not, in the manifest's order."""
    ordered = [name for name in manifest("marts") if name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("include.pipeline.marts.refresh"), "manifest", lambda schema: ordered)
        warehouse.run("DELETE FROM ops.step WHERE step LIKE 'marts.%'")
        warehouse.count_step("load")
        refresh_stale(warehouse)
