"""The one place that opens the warehouse."""

from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse
from include.warehouse.opening import open_warehouse
from include.warehouse.preparing import prepare, prepare_in_turn

__all__ = ["Warehouse", "open_warehouse", "prepare", "prepare_in_turn", "utc_now"]
