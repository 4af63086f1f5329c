"""The nightly run in one process."""

from dataclasses import dataclass
from datetime import date

import psycopg
import sqlalchemy as sa

from include.derivation import derive_touched
from include.errors import RegistryError
from include.landing import NotPulled, pull_new
from include.loading import LoadReport, load_landed
from include.marts import publish, refresh_stale
from include.settings import Settings
from include.warehouse import Warehouse, open_warehouse, prepare


@dataclass(frozen=True)
class RunReport:
    """What a run did; `failed` maps load ids to the code and kind of error."""

    settings: Settings
    loads: list[LoadReport]
    failed: dict[str, str]
    not_pulled: list[NotPulled]
    broken_rules: list[str]
    patients_derived: int
    marts_refreshed: int


def run_steps(settings: Settings, through: date | None = None) -> RunReport:
    """Load, derive and refresh all there is to do, up to a batch date."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        pulled = pull_new(warehouse, settings, through=through)
        loads, failed = _load_all(warehouse, pulled.waiting)
        derived = derive_touched(warehouse)
        refreshed = refresh_stale(warehouse)
        publish(warehouse)
    return RunReport(
        settings,
        loads,
        failed,
        pulled.not_pulled,
        derived.broken_rules,
        derived.patients,
        refreshed.tables,
    )


def _load_all(warehouse: Warehouse, load_ids: list[str]) -> tuple[list[LoadReport], dict[str, str]]:
    """Load file by file; one that fails unexpectedly does not keep the others from loading."""
    loads, failed = [], {}
    for load_id in load_ids:
        try:
            loads.append(load_landed(warehouse, load_id))
        except Exception as error:
            warehouse.connection.rollback()
            failed[load_id] = _code_of(error)
    return loads, failed


def _code_of(error: Exception) -> str:
    """The code of an error and its kind; its text may quote cells."""
    if isinstance(error, RegistryError):
        return error.code
    if isinstance(error, sa.exc.DBAPIError):
        return f"REG-106 ({type(error.orig).__name__})"
    return f"{'REG-106' if isinstance(error, psycopg.Error) else 'REG-305'} ({type(error).__name__})"
