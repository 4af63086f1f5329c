"""Rebuild: a new warehouse from the landed files and the journal of decisions alone."""

from dataclasses import dataclass
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.definitions.sites import read_sites
from include.history.before import enter_before
from include.history.journal import read_before, read_journal
from include.pipeline.derivation import derive_touched
from include.pipeline.landing import waiting_loads
from include.pipeline.landing.land import enter_loads
from include.pipeline.landing.places import place
from include.pipeline.landing.sidecar import read_sidecars
from include.pipeline.landing.site_limits import note_limits
from include.pipeline.mapping import NO_EXPORT
from include.pipeline.marts import publish, refresh_stale
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.frames import append

WITHOUT_EXPORT = "SELECT load_id FROM ops.file_state WHERE state = 'held' AND reason_code = :code"
STEP = "rebuild"
"""The step that is noted while a rebuild has not come to its end."""


@dataclass(frozen=True)
class RebuildReport:
    """How many files and decisions the new warehouse has; `failed` maps load ids to the code and kind of error."""

    files: int
    decisions: int
    failed: dict[str, str]


def rebuild(settings: Settings) -> RebuildReport:
    """Fill a warehouse without files; raises RegistryError REG-804 when it has some, REG-608 for a broken journal.

    A rebuild that was interrupted goes on where it stopped. Verdicts are those of the rules of now, so a record that
    older rules made may differ where rules changed.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        if warehouse.generation(STEP) is None:
            _begin(warehouse, settings)
        _, failed = load_landed(warehouse, waiting_loads(warehouse))
        failed |= dict.fromkeys(warehouse.run(WITHOUT_EXPORT, code=NO_EXPORT).scalars(), NO_EXPORT)
        derive_touched(warehouse)
        refresh_stale(warehouse)
        publish(warehouse)
        files, decisions = (
            int(warehouse.scalar(f"SELECT COUNT(*) FROM {table}")) for table in ("received.file", "decision.event")
        )
        warehouse.run("DELETE FROM ops.step WHERE step = :step", step=STEP)
    return RebuildReport(files, decisions, failed)


def _begin(warehouse: Warehouse, settings: Settings) -> None:
    if warehouse.scalar("SELECT COUNT(*) FROM received.file"):
        raise RegistryError("REG-804", "The warehouse has files.")
    with warehouse.transaction():
        enter_loads(warehouse, read_sidecars(place(settings.landing)))
        _enter_decisions(warehouse, settings)
        warehouse.set_generation(STEP, 1)
    note_limits(warehouse, read_sites())


def _enter_decisions(warehouse: Warehouse, settings: Settings) -> None:
    events: list[dict[str, Any]] = []
    subjects: list[dict[str, Any]] = []
    for told in read_journal(settings.landing):
        subjects += [{**subject, "decision_id": told["decision_id"]} for subject in told["subjects"]]
        event = {name: value for name, value in told.items() if name not in ("previous", "subjects")}
        events.append({"entered_by": None, **event})
    append(warehouse, "decision.event", events)
    append(warehouse, "decision.subject", subjects)
    if content := read_before(settings.landing):
        enter_before(warehouse, content)
