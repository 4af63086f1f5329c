"""Settling: rows are judged again when their patient's birth or death became known or changed.

A row's place must not depend on the order in which feeds arrive. Rows that came before their patient join here, rows
that a death or a corrected birth date makes impossible are quarantined here, and come back when it is corrected.
"""

from include import contracts
from include.loading.names import names_of
from include.loading.report import count_impossible
from include.validation import judge
from include.warehouse import Warehouse, utc_now

STATEMENTS = (
    "settle_versions",
    "settle_waiting",
    "settle_reasons",
    "settle_released",
    "settle_forgotten",
    "settle_quarantined",
    "settle_counts",
    "settle_touch",
    "close_corrected",
)


def settle(warehouse: Warehouse) -> list[str]:
    """Judge the rows of unsettled patients again, feed by feed; does nothing when there are none.

    Returns the rules that could not be evaluated. The rows of their feeds stay as they are until they can.
    """
    queued = set(warehouse.run("SELECT DISTINCT feed FROM ops.unsettled_patient").scalars())
    return [rule_id for feed in contracts.FEEDS if feed in queued for rule_id in _settle_feed(warehouse, feed)]


def _settle_feed(warehouse: Warehouse, feed: str) -> list[str]:
    """One transaction; returns the rules that kept it from happening."""
    names = names_of(warehouse, feed)
    with warehouse.transaction():
        warehouse.drop_temporary("staged_rows")
        warehouse.run_file("loading/unsettled_rows", names)
    has_rows = bool(warehouse.scalar("SELECT COUNT(*) FROM staged_rows"))
    if has_rows:
        warehouse.replace_temporary("staged", "loading/staged", names)
        results = judge(warehouse, feed, level="lifespan")
        if broken := [result.rule_id for result in results if result.status == "error"]:
            return broken
    with warehouse.transaction():
        if has_rows:
            for table in ("verdict", "settled"):
                warehouse.replace_temporary(table, f"loading/{table}", names)
            for statement in STATEMENTS:
                warehouse.run_file(f"loading/{statement}", names, now=utc_now())
            count_impossible(warehouse, feed, "SELECT load_id FROM settled")
            warehouse.count_step("load")
        warehouse.run("DELETE FROM ops.unsettled_patient WHERE feed = :feed", feed=feed)
    return []
