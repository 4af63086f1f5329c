"""The derive step: one transaction that brings the touched patients' derived rows up to date.

Only the tables whose sources changed are derived, and only rows that differ are written: what a night costs grows with
what it changed, not with the patients' history.
"""

from dataclasses import dataclass
from typing import Any

from include.basics.settings import Settings
from include.basics.templates import Names
from include.pipeline.resolving import resolve
from include.pipeline.validation.cross_feed import cross_check
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now
from include.warehouse.frames import append
from include.warehouse.made import Made
from include.warehouse.near import TOUCHED, Near
from include.warehouse.openlineage import tell_made
from include.warehouse.sql import select_text
from include.warehouse.tables import Table, manifest, read_table


@dataclass(frozen=True)
class Derived(Names, files="derivation/changed derivation/delete_changed derivation/insert_changed"):
    """A derived table whose rows are compared with those that were derived again."""

    table: Table
    is_duckdb: bool

    @property
    def columns(self) -> list[str]:
        """The columns that are compared."""
        return [*(column.name for column in self.table.columns), "rule_version"]


@dataclass(frozen=True)
class DeriveReport:
    """What a derivation did.

    `patients` were derived; `marts_are_stale` says whether the marts are now older than what they are made of.
    `broken_rules` could not be evaluated (REG-303): rows that they judge anew wait for that as they were.
    """

    patients: int
    marts_are_stale: bool
    broken_rules: list[str]


def derive(settings: Settings) -> DeriveReport:
    """Derive every patient touched since the last time; does nothing when there is none.

    Decisions that the journal lacks are written as well.
    """
    from include.history.journal import write_journal

    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        report = derive_touched(warehouse)
        write_journal(warehouse, settings)
        return report


def derive_touched(warehouse: Warehouse) -> DeriveReport:
    """The same on an open warehouse."""
    broken_rules = resolve(warehouse)
    with warehouse.transaction():
        warehouse.run_file("derivation/touch_undated")
    patients: int = warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient")
    near = Near(warehouse)
    with warehouse.rows_in_any_order():
        broken_rules += cross_check(warehouse, near)
        with warehouse.joins_as_written(), warehouse.transaction():
            _keep_broken(warehouse, broken_rules)
            made = _derive_again(warehouse, near) if patients else []
    tell_made(warehouse, made)
    return DeriveReport(patients, warehouse.marts_are_stale(), broken_rules)


def _keep_broken(warehouse: Warehouse, rule_ids: list[str]) -> None:
    """Keep since when each of the rules is broken."""
    known = dict(warehouse.run("SELECT rule_id, broken_since FROM ops.broken_rule").tuples().all())
    since = [{"rule_id": rule_id, "broken_since": known.get(rule_id, utc_now())} for rule_id in rule_ids]
    warehouse.run("DELETE FROM ops.broken_rule")
    append(warehouse, "ops.broken_rule", since)


def _derive_again(warehouse: Warehouse, near: Near) -> list[str]:
    """Derive the touched patients' rows of every table that is made of something else by now; which tables."""
    near.narrow()
    made = Made(warehouse)
    for name in manifest("derived"):
        if made.is_stale(f"derived.{name}"):
            made.note(f"derived.{name}", changed=_bring_up_to_date(warehouse, near, read_table("derived", name)))
    made.keep(warehouse)
    warehouse.run("DELETE FROM ops.touched_patient")
    near.leave()
    warehouse.count_step("derive")
    return made.tables


def _bring_up_to_date(warehouse: Warehouse, near: Near, table: Table) -> bool:
    """Whether the table's rows are others than before."""
    of_touched = f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE patient_id IN ({TOUCHED}))"
    if table.grain != "patient":
        warehouse.run(f"DELETE FROM {table.name}")
    elif warehouse.scalar(of_touched):
        return _replace_rows(warehouse, near, table)
    _insert(warehouse, near, table, table.name, derived_at=utc_now())
    warehouse.analyze_grown(table.name)
    return table.grain != "patient" or bool(warehouse.scalar(of_touched))


def _replace_rows(warehouse: Warehouse, near: Near, table: Table) -> bool:
    of = Derived(table, warehouse.is_duckdb)
    warehouse.create_temporary("fresh", f"AS SELECT {table.column_names}, rule_version FROM {table.name} WHERE FALSE")
    _insert(warehouse, near, table, "fresh")
    warehouse.analyze("fresh")
    warehouse.replace_temporary("changed", "derivation/changed", of)
    warehouse.analyze("changed")
    near.take(table.name.removeprefix("derived."), "fresh")
    if not warehouse.scalar("SELECT EXISTS (SELECT 1 FROM changed)"):
        return False
    warehouse.run_file("derivation/delete_changed", of)
    warehouse.run_file("derivation/insert_changed", of, derived_at=utc_now())
    warehouse.analyze_grown(table.name)
    return True


def _insert(warehouse: Warehouse, near: Near, table: Table, target: str, **stamps: Any) -> None:
    select = near.read_by(select_text(table.name.replace(".", "/")))
    with warehouse.joins_of_many():
        warehouse.insert_select(target, table.column_names, select, rule_version=table.rule_version, **stamps)
