"""The nightly run in one process."""

from dataclasses import dataclass
from datetime import date
from logging import INFO, WARNING

from include.basics.logs import logger, timed
from include.basics.settings import Settings
from include.history.journal import write_journal
from include.pipeline.derivation import derive_touched
from include.pipeline.landing import NotPulled, pull_new
from include.pipeline.marts import publish, refresh_stale
from include.pipeline.marts.disclosure import tells_few
from include.pipeline.receiving import LoadReport
from include.pipeline.receiving.loads import load_landed
from include.warehouse import open_warehouse, prepare


@dataclass(frozen=True)
class RunReport:
    """What a run did; `failed` maps load ids to the code and kind of error, `tells_few` of the marts."""

    settings: Settings
    loads: list[LoadReport]
    failed: dict[str, str]
    not_pulled: list[NotPulled]
    broken_rules: list[str]
    patients_derived: int
    marts_refreshed: int
    tells_few: bool


def run_steps(settings: Settings, through: date | None = None) -> RunReport:
    """Load, derive and refresh all there is to do, up to a batch date."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        write_journal(warehouse, settings)
        with timed("pull"):
            pulled = pull_new(warehouse, settings, through=through)
        with timed("load"):
            loads, failed = load_landed(warehouse, pulled.waiting)
        _log(loads, failed)
        with timed("derive"):
            derived = derive_touched(warehouse)
        with timed("refresh"):
            refreshed = refresh_stale(warehouse)
            publish(warehouse)
        bare = tells_few(warehouse)
    return RunReport(
        settings,
        loads,
        failed,
        pulled.not_pulled,
        derived.broken_rules,
        derived.patients,
        refreshed.tables,
        bare,
    )


def _log(loads: list[LoadReport], failed: dict[str, str]) -> None:
    for load in loads:
        told = {"feed": load.feed, "load_id": load.load_id, "state": load.state, "code": load.reason_code}
        logger.log(WARNING if load.state == "held" else INFO, "received", extra={"step": "load", **told})
    for load_id, code in failed.items():
        logger.error("not received", extra={"step": "load", "load_id": load_id, "code": code})
