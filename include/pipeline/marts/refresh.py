"""The refresh step: a mart is made again when what it is made of changed since; each one tells when that was looked at.

So a mart that is left as it was reads as one that was made again: it would have the same rows.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.basics.settings import Settings
from include.pipeline import statistics
from include.pipeline.marts import disclosure
from include.pipeline.marts.publishing import publish
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now
from include.warehouse.frames import append
from include.warehouse.made import Made
from include.warehouse.noted import fingerprint_of, note
from include.warehouse.openlineage import tell_made
from include.warehouse.sql import select_text
from include.warehouse.tables import Table, manifest, read_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RefreshReport:
    """How many marts are as of now, and their rows in all; none when the marts were fresh."""

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
        limit = disclosure.small_cell(warehouse)
        code = _estimators(warehouse, limit)
        if not warehouse.marts_are_stale():
            return RefreshReport(0, 0)
        stamps = {**_stamps(warehouse), "small_cell": limit}
        made = Made(warehouse, code)
        disclosure.begin(warehouse, limit)
        with warehouse.joins_of_many():
            for name in manifest("marts"):
                _bring_up_to_date(warehouse, made, name, stamps)
        disclosure.end(warehouse, limit)
        made.keep(warehouse)
        _keep_estimates(warehouse)
        warehouse.set_generation("refresh", warehouse.changes())
    tell_made(warehouse, made.tables)
    return RefreshReport(len(manifest("marts")), _rows(warehouse))


def _estimators(warehouse: Warehouse, limit: int) -> str:
    """The program that estimates what SQL cannot, and how small a cell is: another one makes the marts stale."""
    code = f"{fingerprint_of(Path(statistics.__file__).parent, suffixes={'.py'})} {limit}"
    if warehouse.scalar("SELECT fingerprint FROM ops.step WHERE step = 'estimators'") != code:
        note(warehouse, "estimators", code)
    return code


def _stamps(warehouse: Warehouse) -> dict[str, Any]:
    return {
        "data_cutoff_date": warehouse.scalar("SELECT MAX(batch_date) FROM ops.file_state WHERE state = 'loaded'"),
        "files_missing": warehouse.scalar("SELECT COUNT(*) FROM ops.not_pulled WHERE is_missing"),
        "refreshed_at": utc_now(),
    }


def _bring_up_to_date(warehouse: Warehouse, made: Made, name: str, stamps: dict[str, Any]) -> None:
    if made.is_stale(f"marts.{name}"):
        _replace(warehouse, read_table("marts", name), stamps)
        made.note(f"marts.{name}", changed=True)
    else:
        stamped = ", ".join(f"{stamp} = :{stamp}" for stamp in stamps)
        warehouse.run(f"UPDATE marts.{name} SET {stamped}", **stamps)


def _replace(warehouse: Warehouse, table: Table, stamps: dict[str, Any]) -> None:
    select = disclosure.told(warehouse, table, select_text(table.name.replace(".", "/")), stamps["small_cell"])
    warehouse.run(f"DELETE FROM {table.name}")
    if table.statistics:
        estimated = statistics.apply(table.statistics, warehouse.frame(select))
        rows = _labelled(warehouse, table, disclosure.without_few(table, estimated, stamps["small_cell"]))
        whole = {c.name: "Int64" for c in table.columns if c.type == "integer"} if stamps["small_cell"] else {}
        append(warehouse, table.name, rows[[c.name for c in table.columns]].astype(whole).assign(**stamps))
    else:
        warehouse.insert_select(table.name, table.column_names, select, **stamps)


def _keep_estimates(warehouse: Warehouse) -> None:
    """Keep what the marts tell of the whole cohort, so that the next night can say what it changed."""
    made_with = warehouse.scalar(select_text("ops/made_with"))
    warehouse.run_file("ops/forget_estimate")
    warehouse.run_file("ops/keep_estimate", fingerprint=made_with)
    note(warehouse, "estimates", made_with)


def _rows(warehouse: Warehouse) -> int:
    counted = " + ".join(f"(SELECT COUNT(*) FROM marts.{name})" for name in manifest("marts"))
    return int(warehouse.scalar(f"SELECT {counted}"))


def _labelled(warehouse: Warehouse, table: Table, rows: "pd.DataFrame") -> "pd.DataFrame":
    """The rows with what their groups are called and how they are ordered, where the table has that."""
    if "stratum_label" not in (column.name for column in table.columns):
        return rows
    labels = warehouse.frame(select_text("ops/stratum_label"))
    found = rows.merge(labels, on=["stratification", "stratum"], how="left").astype({"stratum_order": "Int64"})
    return found.assign(stratum_label=found["stratum_label"].fillna(found["stratum"]))
