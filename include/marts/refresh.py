"""The refresh step: marts are rebuilt when a load or a derivation changed something since."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from include import statistics
from include.marts.publishing import publish
from include.settings import Settings
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now
from include.warehouse.frames import append
from include.warehouse.sql import select_text
from include.warehouse.tables import Table, manifest, read_table


@dataclass(frozen=True)
class RefreshReport:
    """How many marts were replaced, and their rows in all; none when the marts were fresh."""

    tables: int
    rows: int


def refresh(settings: Settings) -> RefreshReport:
    """Rebuild the marts if they are stale, then publish their snapshot."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        report = refresh_stale(warehouse)
        publish(warehouse)
    return report


def refresh_stale(warehouse: Warehouse) -> RefreshReport:
    """The same on an open warehouse, without the snapshot."""
    with warehouse.transaction():
        if not warehouse.marts_are_stale():
            return RefreshReport(0, 0)
        stamps = {
            "data_cutoff_date": warehouse.scalar("SELECT MAX(batch_date) FROM ops.load WHERE state = 'loaded'"),
            "files_missing": warehouse.scalar("SELECT COUNT(*) FROM ops.not_pulled WHERE is_missing"),
            "refreshed_at": utc_now(),
        }
        rows = sum(_replace(warehouse, read_table("marts", name), stamps) for name in manifest("marts"))
        warehouse.set_generation("refresh", warehouse.changes())
    return RefreshReport(len(manifest("marts")), rows)


def _replace(warehouse: Warehouse, table: Table, stamps: dict[str, Any]) -> int:
    select = select_text(table.name.replace(".", "/"))
    warehouse.run(f"DELETE FROM {table.name}")
    if table.statistics:
        rows = _labelled(warehouse, table, statistics.apply(table.statistics, warehouse.frame(select)))
        append(warehouse, table.name, rows[[c.name for c in table.columns]].assign(**stamps))
    else:
        warehouse.insert_select(table.name, table.column_names, select, **stamps)
    count: int = warehouse.scalar(f"SELECT COUNT(*) FROM {table.name}")
    return count


def _labelled(warehouse: Warehouse, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what their groups are called and how they are ordered, where the table has that."""
    if "stratum_label" not in (column.name for column in table.columns):
        return rows
    labels = warehouse.frame(select_text("ops/stratum_label"))
    found = rows.merge(labels, on=["stratification", "stratum"], how="left").astype({"stratum_order": "Int64"})
    return found.assign(stratum_label=found["stratum_label"].fillna(found["stratum"]))
