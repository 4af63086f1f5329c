"""Decisions are events: appended with who, when, why and what about, and never changed."""

from include.basics.errors import RegistryError
from include.warehouse import Warehouse, utc_now


def demand(who: str, why: str) -> None:
    """Raise RegistryError REG-603 without a reason, REG-606 without the name of a person."""
    if not why.strip():
        raise RegistryError("REG-603", "A decision needs a reason.")
    if who.strip().lower() in ("", "registry"):
        raise RegistryError("REG-606", "A decision needs the name of a person.")


def enter(warehouse: Warehouse, kind: str, who: str, why: str, undoes: int | None = None) -> int:
    """Append a decision; its number. Inside the caller's transaction, which says what it is about."""
    decision_id = int(warehouse.run_file("decisions/next_decision").scalar() or 1)
    warehouse.run_file(
        "decisions/enter_event", decision_id=decision_id, kind=kind, who=who, why=why, now=utc_now(), undoes=undoes
    )
    warehouse.count_step("load")
    return decision_id
