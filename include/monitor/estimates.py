"""The main estimates of the latest day that was loaded beside those of the one before: what a night changed in them."""

from dataclasses import dataclass
from datetime import date

from include.monitor.listing import Row, read
from include.people.reporting.validation.page import decimal
from include.warehouse import Warehouse

NUMBERS = ("value", "ci_low", "ci_high")


@dataclass(frozen=True)
class Estimates:
    """What the marts tell as of `day`, and told as of `day_before`; a day is None where nothing is kept.

    A row has each number as it is, and with `_before` as it was. `is_redefined`: definitions or program are others.
    """

    day: date | None
    day_before: date | None
    is_redefined: bool
    changed: list[Row]
    same: list[Row]


def estimates(warehouse: Warehouse) -> Estimates:
    """The estimates that ops.estimate keeps of the latest two days."""
    rows = read(warehouse, "estimates")
    if not rows:
        return Estimates(None, None, False, [], [])
    changed = [row for row in rows if row["day_before"] and _is_changed(row)]
    return Estimates(
        rows[0]["day"],
        rows[0]["day_before"],
        bool(rows[0]["is_redefined"]),
        changed,
        [row for row in rows if row not in changed],
    )


def _is_changed(row: Row) -> bool:
    """Whether a reader sees another number than before; one more patient alone is none."""
    shown = any(decimal(row[name]) != decimal(row[f"{name}_before"]) for name in NUMBERS)
    return shown or row["events"] != row["events_before"]
