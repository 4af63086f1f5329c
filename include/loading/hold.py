"""Holding: a file that is wrong as a whole waits, with all its rows, for another file or a person."""

from typing import Any

from include.auditing import audit
from include.errors import RegistryError
from include.loading.ledger import finish
from include.loading.write import keep_failures, keep_unreadable
from include.validation import RuleResult
from include.warehouse import Warehouse


def share_exceeded(warehouse: Warehouse, feed: str, failing: int, row_count: int) -> str | None:
    """Why the share of failing rows is too large for the file to load; None when it is not."""
    limit = warehouse.run_file("loading/hold_share", feed=feed).first()
    if limit is None or row_count < (limit.minimum_rows or 1) or 100 * failing <= limit.high * row_count:
        return None
    return f"{failing} of {row_count} rows fail a critical rule, more than {limit.high:g} % ({limit.threshold_id})"


def hold(
    warehouse: Warehouse,
    entry: dict[str, Any],
    error: RegistryError,
    row_count: int,
    results: list[RuleResult],
    failing: int = 0,
    names: dict[str, Any] | None = None,
) -> None:
    """Hold a file whole for an error: its rows wait with it. With `names` it is noted which rows failed which rule.

    A file that a person released stays released while a rule cannot be evaluated. One whose place holds another
    content by now is superseded instead.
    """
    counts = dict.fromkeys(("loaded", "updated", "unchanged", "quarantined"), 0)
    with warehouse.transaction():
        state = "released" if entry["state"] == "released" and error.code == "REG-303" else "held"
        received = {"received": row_count, "waiting": row_count, **counts}
        finish(warehouse, entry, state, error, received, results, failing)
        if names:
            keep_failures(warehouse, entry, names, loaded=False)
            keep_unreadable(warehouse, entry, names)
        audit(warehouse)
        warehouse.run_file("ops/supersede", load_id=entry["load_id"])
        audit(warehouse)
