"""Settling: rows are judged again when their patient's birth or death became known or changed.

A row's place must not depend on the order in which feeds arrive. Rows that came before their patient join here, rows
that a death or a corrected birth date makes impossible are quarantined here, and come back when it is corrected.
"""

from datetime import UTC, datetime

from include import contracts
from include.errors import RegistryError
from include.loading.names import names_of
from include.validation import judge
from include.warehouse import Warehouse

STATEMENTS = (
    "settle_versions",
    "settle_waiting",
    "settle_released",
    "settle_forgotten",
    "settle_quarantined",
    "settle_counts",
    "settle_touch",
    "close_corrected",
)


def settle(warehouse: Warehouse) -> None:
    """Judge the rows of unsettled patients again; one transaction. Does nothing when there are none."""
    if not warehouse.scalar("SELECT COUNT(*) FROM ops.unsettled_patient"):
        return
    judged = [feed for feed in contracts.FEEDS if _judge_again(warehouse, feed)]
    with warehouse.transaction():
        for feed in judged:
            names = names_of(warehouse, feed)
            warehouse.replace_temporary("settled", "loading/settled", names)
            for statement in STATEMENTS:
                warehouse.run_file(f"loading/{statement}", names, now=datetime.now(UTC).replace(tzinfo=None))
        warehouse.run_file("ops/touch_unsettled")
        warehouse.run("DELETE FROM ops.unsettled_patient")
        warehouse.count_step("load")


def _judge_again(warehouse: Warehouse, feed: str) -> bool:
    """Leave the verdict on a feed's unsettled rows in `verdict_<feed>`; False when it has none."""
    names = names_of(warehouse, feed)
    with warehouse.transaction():
        warehouse.replace_temporary("staged_rows", "loading/unsettled_rows", names)
    if not warehouse.scalar("SELECT COUNT(*) FROM staged_rows"):
        return False
    warehouse.replace_temporary("staged", "loading/staged", names)
    if broken := [result.rule_id for result in judge(warehouse, feed, context="lifespan") if result.status == "error"]:
        raise RegistryError("REG-303", f"Rules cannot be evaluated: {', '.join(broken)}.")
    with warehouse.transaction():
        warehouse.replace_temporary(f"verdict_{feed}", "loading/verdict", names)
    return True
