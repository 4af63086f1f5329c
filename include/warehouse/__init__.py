"""The one place that opens the warehouse."""

from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse, open_warehouse
from include.warehouse.schema import prepare, prepare_in_turn

__all__ = ["Warehouse", "open_warehouse", "prepare", "prepare_in_turn", "utc_now"]
