"""Rows that share a decision with those that a person chose: they join the temporary table `chosen_record`."""

from collections.abc import Iterator
from typing import Any

from include import contracts
from include.errors import RegistryError
from include.loading.names import names_of
from include.warehouse import Warehouse


def choose_alike(warehouse: Warehouse) -> None:
    """Choose whatever says the same as a chosen record, in the clinical record or closed by a later version.

    Raises RegistryError REG-604 when a patient would have to leave the record.
    """
    for names in names_of_chosen(warehouse):
        warehouse.run_file("decisions/choose_alike", names)
    refuse_patients(warehouse)
    enter_chosen(warehouse)


def enter_chosen(warehouse: Warehouse) -> None:
    """Make records of the chosen rows that are in the clinical record and never had one."""
    for names in names_of_chosen(warehouse):
        warehouse.run_file("decisions/enter_chosen", names)


def refuse_patients(warehouse: Warehouse) -> None:
    """Raise RegistryError REG-604 when a chosen row of patients is in the clinical record."""
    if warehouse.run_file("decisions/withdrawn_patients").scalar():
        raise RegistryError("REG-604", "A row of patients would have to leave the record.")


def names_of_chosen(warehouse: Warehouse) -> Iterator[dict[str, Any]]:
    """The names of each feed that has chosen records, as `names_of` gives them."""
    chosen = set(warehouse.run("SELECT DISTINCT feed FROM chosen_record").scalars())
    return (names_of(warehouse, feed) for feed in contracts.FEEDS if feed in chosen)
