"""Rejecting: rows are set aside for good, and so is every row that says the same, whatever the rules say of it.

A decision takes out all that is there (`include/decisions/alike.py`), a load lets no more of it in: `write_versions`
accepts no row of the temporary table `refused`.
"""

from typing import Any

from include import contracts
from include.loading.names import names_of
from include.loading.write import LIFESPAN_FEEDS, update_lifespans
from include.warehouse import Warehouse, utc_now


def reject(warehouse: Warehouse, who: str, why: str) -> None:
    """Reject the records of the temporary table `chosen_record`. Inside the caller's transaction."""
    withdraw(warehouse, "chosen_record")
    warehouse.run_file("loading/decide", state="rejected", who=who, why=why, now=utc_now())


def refuse(warehouse: Warehouse, names: dict[str, Any]) -> None:
    """Make the temporary table `refused` of the staged rows that say what was rejected."""
    warehouse.replace_temporary("refused", "loading/refused", names)


def reject_again(warehouse: Warehouse, load_id: str) -> None:
    """Reject what a load has set aside where a row that says the same was rejected before."""
    warehouse.run_file("loading/reject_again", load_id=load_id, now=utc_now())


def withdraw(warehouse: Warehouse, leaving: str) -> None:
    """Take the versions of the rows in a temporary table out of the record, with everything that follows."""
    feeds = set(warehouse.run(f"SELECT DISTINCT feed FROM {leaving}").scalars())
    for feed in contracts.FEEDS:
        if feed in feeds:
            names = {**names_of(warehouse, feed), "leaving": leaving}
            warehouse.replace_temporary("withdrawn", "loading/withdrawn", names)
            if feed in LIFESPAN_FEEDS:
                warehouse.replace_temporary("concerned", "loading/concerned_withdrawn", names)
            for statement in ("count_withdrawn", "unsettle_withdrawn", "touch_withdrawn", "delete_withdrawn"):
                warehouse.run_file(f"loading/{statement}", names)
            warehouse.run_file("loading/reopen_uncorrected", {**names, "moved": "withdrawn"})
            if feed in LIFESPAN_FEEDS:
                update_lifespans(warehouse)
