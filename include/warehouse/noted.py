"""What steps made last: the fingerprint of what each made it of."""

import hashlib
from collections.abc import Container
from pathlib import Path

from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse

DEFINING = (".sql", ".yml", ".csv")


def note(warehouse: Warehouse, step: str, fingerprint: str) -> None:
    """Note that a step made something of what has this fingerprint."""
    generation = (warehouse.generation(step) or 0) + 1
    warehouse.run("DELETE FROM ops.step WHERE step = :step", step=step)
    now = utc_now()
    warehouse.run_file("ops/enter_step", step=step, generation=generation, fingerprint=fingerprint, changed_at=now)


def made_from(warehouse: Warehouse) -> dict[str, str]:
    """The fingerprints of what steps made last."""
    known = warehouse.scalar(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'ops' AND table_name = 'step'"
    )
    if not known:
        return {}
    return dict(warehouse.run("SELECT step, fingerprint FROM ops.step").tuples().all())


def fingerprint_of(*folders: Path, suffixes: Container[str] = DEFINING) -> str:
    """A hash of the definitions in some folders: SQL, YAML and CSV files, or those of other suffixes."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(file for file in folder.rglob("*") if file.suffix in suffixes):
            digest.update(f"{file.relative_to(folder.parent)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
