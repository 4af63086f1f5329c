"""The ledger's entry of a load: read before it, written at its end."""

from dataclasses import asdict
from typing import Any, cast

import pandas as pd

from include.errors import RegistryError
from include.validation import RuleResult
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append


def ledger_entry(warehouse: Warehouse, load_id: str) -> dict[str, Any]:
    """What the ledger knows of a load, and when its load starts; raises RegistryError REG-304 when it knows nothing."""
    found = warehouse.run_file("ops/ledger_entry", load_id=load_id).mappings().first()
    if found is None:
        raise RegistryError("REG-304", f"The load {load_id} is unknown.")
    return {**found, "started_at": utc_now()}


def is_due(warehouse: Warehouse, load_id: str) -> bool:
    """Whether a run has to load it."""
    return bool(warehouse.scalar("SELECT COUNT(*) FROM ops.due_load WHERE load_id = :load_id", load_id=load_id))


def finish(
    warehouse: Warehouse,
    entry: dict[str, Any],
    state: str,
    error: RegistryError | None,
    counts: dict[str, int],
    results: list[RuleResult],
    failing: int,
) -> None:
    """Write what became of a load and what the rules said; forgets what they said of an earlier try.

    `error` is what kept the file from loading, if anything did.
    """
    for table in ("ops.validation_result", "quarantine.failure"):
        warehouse.run(f"DELETE FROM {table} WHERE load_id = :load_id", load_id=entry["load_id"])
    said = pd.DataFrame([asdict(result) for result in results]).assign(load_id=entry["load_id"])
    append(warehouse, "ops.validation_result", said)
    warehouse.run_file(
        "ops/finish_load",
        load_id=entry["load_id"],
        state=state,
        reason=f"{error.code}: {error.what}" if error else None,
        reason_code=error.code if error else None,
        failing=failing,
        started_at=entry["started_at"],
        finished_at=utc_now(),
        **cast(dict[str, Any], counts),
    )
    warehouse.count_step("load")
