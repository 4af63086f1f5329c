"""Rejecting: records are set aside for good, and so is every later row that says the same."""

from typing import Any

from include import contracts
from include.loading.names import names_of
from include.loading.write import LIFESPAN_FEEDS, update_lifespans
from include.warehouse import Warehouse, utc_now


def reject(warehouse: Warehouse, who: str, why: str) -> None:
    """Reject the records of the temporary table `chosen_record`. Inside the caller's transaction."""
    withdraw(warehouse)
    warehouse.run_file("loading/decide", state="rejected", who=who, why=why, now=utc_now())


def reject_again(warehouse: Warehouse, entry: dict[str, Any]) -> None:
    """Reject what a load has set aside where a row that says the same was rejected before."""
    warehouse.replace_temporary("chosen_record", "loading/rejected_before", {}, load_id=entry["load_id"])
    if warehouse.scalar("SELECT COUNT(*) FROM chosen_record"):
        reject(warehouse, "registry", "a row that says the same was rejected before")


def withdraw(warehouse: Warehouse) -> None:
    """Take the versions of the chosen records out of the record, with everything that follows."""
    feeds = set(warehouse.run("SELECT DISTINCT feed FROM chosen_record").scalars())
    for feed in contracts.FEEDS:
        if feed in feeds:
            names = names_of(warehouse, feed)
            warehouse.replace_temporary("withdrawn", "loading/withdrawn", names)
            if feed in LIFESPAN_FEEDS:
                warehouse.replace_temporary("concerned", "loading/concerned_withdrawn", names)
            for statement in ("count_withdrawn", "unsettle_withdrawn", "touch_withdrawn", "delete_withdrawn"):
                warehouse.run_file(f"loading/{statement}", names)
            warehouse.run_file("loading/reopen_uncorrected", {**names, "moved": "withdrawn"})
            if feed in LIFESPAN_FEEDS:
                update_lifespans(warehouse)
