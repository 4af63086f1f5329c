"""Settling: rows are judged again when what the record knows of them changed: a birth, a death, whose key it is.

A row's place must not depend on the order in which feeds arrive. Rows that came before their patient join here, rows
that a death or a corrected birth date makes impossible are quarantined here, and come back when it is corrected or a
person overrides the rule. So are rows that move a key to another patient without being marked as corrected.
"""

from collections.abc import Collection
from typing import Any

from include import contracts
from include.auditing import audit
from include.loading.names import names_of
from include.loading.overrides import Override, apply_overrides, said_by
from include.loading.report import count_failures_of
from include.loading.write import find_owners
from include.validation import judge
from include.warehouse import Warehouse, utc_now

STATEMENTS = (
    "settle_versions",
    "settle_records",
    "settle_quarantined",
    "settle_counts",
    "settle_touch",
    "forget_failures",
    "settle_failures",
    "reopen_uncorrected",
    "close_corrected",
)


def settle(
    warehouse: Warehouse, feeds: Collection[str] = contracts.FEEDS, override: Override | None = None
) -> list[str]:
    """Judge the rows of unsettled patients again, feed by feed; does nothing when there are none.

    An override is entered for those of the rows that are in the temporary table `chosen_record`. Returns the rules
    that could not be evaluated. The rows of their feeds stay as they are until they can.
    """
    queued = set(warehouse.run("SELECT DISTINCT feed FROM ops.unsettled_patient").scalars())
    due = [feed for feed in contracts.FEEDS if feed in queued and feed in feeds]
    if due:
        warehouse.drop_temporary("staged_rows")
    return [rule_id for feed in due for rule_id in _settle_feed(warehouse, feed, override)]


def _settle_feed(warehouse: Warehouse, feed: str, override: Override | None) -> list[str]:
    """One transaction; returns the rules that kept it from happening."""
    names = names_of(warehouse, feed)
    with warehouse.transaction():
        warehouse.replace_temporary("staged_rows", "loading/unsettled_rows", names)
    has_rows = bool(warehouse.scalar("SELECT COUNT(*) FROM staged_rows"))
    if has_rows:
        if not names["announces"]:
            find_owners(warehouse, names, f'SELECT s."{names["key"]}" FROM staged_rows AS s')
        warehouse.replace_temporary("staged", "loading/staged", names)
        results = judge(warehouse, feed, level="lifespan")
        if broken := [result.rule_id for result in results if result.status == "error"]:
            return broken
    with warehouse.transaction():
        if has_rows:
            _settle_rows(warehouse, names, override)
        warehouse.run("DELETE FROM ops.unsettled_patient WHERE feed = :feed", feed=feed)
    return []


def _settle_rows(warehouse: Warehouse, names: dict[str, Any], override: Override | None) -> None:
    if override:
        warehouse.replace_temporary("chosen", "loading/chosen_versions", names)
    apply_overrides(warehouse, names, override)
    for table in ("verdict", "settled"):
        warehouse.replace_temporary(table, f"loading/{table}", names)
    moved = {**names, "moved": "settled", "judged": "verdict"}
    for statement in STATEMENTS:
        warehouse.run_file(f"loading/{statement}", moved, now=utc_now(), **said_by(override))
    count_failures_of(warehouse, "verdict", ("lifespan",))
    audit(warehouse)
    warehouse.count_step("load")
