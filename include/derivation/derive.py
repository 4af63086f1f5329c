"""The derive step: one transaction in which the touched patients' derived rows are replaced."""

from dataclasses import dataclass
from datetime import UTC, datetime

from include import contracts
from include.loading import settle
from include.settings import Settings
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.sql import select_text
from include.warehouse.tables import Table, manifest, read_table


@dataclass(frozen=True)
class DeriveReport:
    """How many patients were derived, and whether the marts are now older than what they are made of."""

    patients: int
    marts_are_stale: bool


def derive(settings: Settings) -> DeriveReport:
    """Derive every patient touched since the last time; does nothing when there is none."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        settle(warehouse)
        return derive_touched(warehouse)


def derive_touched(warehouse: Warehouse) -> DeriveReport:
    """The same on an open warehouse."""
    with warehouse.transaction():
        patients: int = warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient")
        if patients:
            warehouse.run_file("ops/enter_scope")
            warehouse.analyze("ops.scope", *(f"clinical.{feed}" for feed in contracts.FEEDS))
            for name in manifest("derived"):
                _replace_rows(warehouse, read_table("derived", name))
            warehouse.run("DELETE FROM ops.touched_patient")
            warehouse.run("DELETE FROM ops.scope")
            warehouse.count_step("derive")
    return DeriveReport(patients, warehouse.marts_are_stale())


def _replace_rows(warehouse: Warehouse, table: Table) -> None:
    touched = "WHERE patient_id IN (SELECT patient_id FROM ops.touched_patient)" if table.grain == "patient" else ""
    warehouse.run(f"DELETE FROM {table.name} {touched}")
    warehouse.insert_select(
        table.name,
        table.column_names,
        select_text(table.name.replace(".", "/")),
        rule_version=table.rule_version,
        derived_at=_now(),
    )
    warehouse.analyze(table.name)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
