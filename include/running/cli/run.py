"""The nightly run in one process."""

from dataclasses import dataclass
from datetime import date

from include.basics.settings import Settings
from include.history.journal import write_journal
from include.pipeline.derivation import derive_touched
from include.pipeline.landing import NotPulled, pull_new
from include.pipeline.marts import publish, refresh_stale
from include.pipeline.receiving import LoadReport
from include.pipeline.receiving.loads import load_landed
from include.warehouse import open_warehouse, prepare


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
        write_journal(warehouse, settings)
        pulled = pull_new(warehouse, settings, through=through)
        loads, failed = load_landed(warehouse, pulled.waiting)
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
