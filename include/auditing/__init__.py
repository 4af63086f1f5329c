"""The audit trail: every change of state of records and files, along the table reference.state_transition only."""

from include.errors import RegistryError
from include.warehouse import Warehouse, utc_now

SUBJECTS = ("record", "file")


def audit(warehouse: Warehouse) -> None:
    """Note the changes of state that the open transaction made, in quarantine.decision.

    Raises RegistryError REG-601 when one of them is not in the table of transitions; the transaction is undone then.
    """
    for subject in SUBJECTS:
        if warehouse.scalar(f"SELECT COUNT(*) FROM ops.changed_{subject}"):
            _check(warehouse, subject)
            warehouse.run_file(f"auditing/note_{subject}", now=utc_now())
            warehouse.run_file(f"auditing/settle_{subject}")


def _check(warehouse: Warehouse, subject: str) -> None:
    refused = warehouse.run_file("auditing/refused", {"subject": subject}).first()
    if refused:
        raise RegistryError("REG-601", f"A {subject} cannot go from {refused.from_state} to {refused.to_state}.")
