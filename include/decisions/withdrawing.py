"""Withdrawing overrides: what they let past a rule is judged by that rule again.

What a row fails is known (`quarantine.failure`), so no file is needed: whatever the state of its record, a version that
fails by itself now leaves the clinical record, and one that was let past birth or death is settled again.
"""

from include.decisions.alike import enter_chosen, names_of_chosen, refuse_patients
from include.loading.reject import withdraw
from include.loading.report import count_failures_of
from include.warehouse import Warehouse, utc_now


def withdraw_overrides(warehouse: Warehouse) -> None:
    """End the overrides of the chosen records; every row that they let in becomes one of the chosen records.

    Inside the caller's transaction. Raises RegistryError REG-604 when a patient would have to leave the record.
    """
    warehouse.replace_temporary("let_past", "decisions/let_past", {})
    for names in names_of_chosen(warehouse):
        warehouse.run_file("decisions/choose_let_past", names)
    refuse_patients(warehouse)
    enter_chosen(warehouse)
    for statement in ("end_override", "end_failures"):
        warehouse.run_file(f"decisions/{statement}", now=utc_now())
    _withdraw_failing(warehouse)
    warehouse.run_file("decisions/name_rules")
    count_failures_of(warehouse, "let_past")


def _withdraw_failing(warehouse: Warehouse) -> None:
    warehouse.replace_temporary("leaving", "decisions/leaving", {})
    withdraw(warehouse, "leaving")
    for names in names_of_chosen(warehouse):
        warehouse.run_file("loading/forget_failures", {**names, "judged": "leaving"})
        warehouse.run_file("loading/unsettle_chosen", names)
