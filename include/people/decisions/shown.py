"""What a person saw before deciding: which rows, and whether they are still the same."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from include.basics.errors import RegistryError
from include.people.decisions.records import STATES
from include.people.decisions.selection import Selection
from include.warehouse import Warehouse

SAMPLE = 10


@dataclass(frozen=True)
class Shown:
    """How many rows a decision would be about, some of them, and a mark that other rows would not have."""

    count: int
    sample: list[dict[str, Any]]
    mark: str


def shown(warehouse: Warehouse, kind: str, selection: Selection) -> Shown:
    """What a decision of a kind about a selection would be about now."""
    found = warehouse.run_file("decisions/matching", **asdict(selection)).mappings()
    rows = [dict(row) for row in found if row["state"] in STATES[kind]]
    said = "\n".join(f"{row['load_id']} {row['row_number']} {row['state']}" for row in rows)
    return Shown(len(rows), rows[:SAMPLE], f"{len(rows)}-{hashlib.sha256(said.encode()).hexdigest()[:16]}")


def demand_unchanged(warehouse: Warehouse, kind: str, selection: Selection, mark: str) -> None:
    """Raise RegistryError REG-609 when the rows are others than those that were shown."""
    now = shown(warehouse, kind, selection)
    if now.mark != mark:
        before = mark.partition("-")[0]
        raise RegistryError("REG-609", f"{before} rows were shown, and {now.count} match now, or others do.")
