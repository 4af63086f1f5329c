"""How long rules took when they were asked last, in `ops.rule_time`: a note of a run, no fact and nothing facts make.

The rules of a feed's rows are asked together, so nobody knows the time of one of them; one across feeds is a statement.
"""

from collections.abc import Sequence
from typing import Any

from include.pipeline.validation.judge import Judged
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append
from include.warehouse.sql import OfTable

TABLE = "ops.rule_time"


def of_rows(feed: str, judged: Judged) -> list[dict[str, Any]]:
    """What the rules of a feed's rows took together; nothing where no row was there or no rule could be asked."""
    if not judged.rules:
        return []
    together = {"rule_id": f"{feed}.*", "rules": len(judged.rules), "judged_seconds": round(judged.seconds, 4)}
    return [{**together, "rows_judged": judged.rows, "patients_judged": None}]


def across_feeds(seconds: dict[str, float], patients: int) -> list[dict[str, Any]]:
    """What each of some rules across feeds took for so many patients."""
    return [
        {
            "rule_id": rule_id,
            "rules": 1,
            "judged_seconds": round(taken, 4),
            "rows_judged": None,
            "patients_judged": patients,
        }
        for rule_id, taken in seconds.items()
    ]


def keep_times(warehouse: Warehouse, times: Sequence[dict[str, Any]]) -> None:
    """Keep what rules took in place of what they took before."""
    if times:
        rule_ids = [time["rule_id"] for time in times]
        warehouse.run_file("validation/forget_rules", OfTable(TABLE), rule_ids=rule_ids)
        append(warehouse, TABLE, [{**time, "judged_at": utc_now()} for time in times])
