"""What a person saw before deciding: which rows, and whether they are still the same."""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from include.basics.errors import RegistryError
from include.people.decisions.records import STATES
from include.people.decisions.selection import Selection
from include.warehouse import Warehouse

SAMPLE = 10
GROUP = ("site", "source", "feed", "state")
SHOWN = ("load_id", "row_number", "feed", "state")


@dataclass(frozen=True)
class Shown:
    """What a decision would be about: how many rows, how many others say the same, both together by `groups`.

    `sample` are some of the rows; other rows would have another `mark`. A group is a site, source, feed and state.
    """

    count: int
    sharing: int
    groups: list[dict[str, Any]]
    sample: list[dict[str, Any]]
    mark: str


def shown(warehouse: Warehouse, kind: str, selection: Selection) -> Shown:
    """What a decision of a kind about a selection would be about now."""
    rows = _matching(warehouse, kind, selection)
    together = warehouse.run_file("decisions/count_sharing", states=list(STATES[kind]), **asdict(selection)).scalar()
    lying = {(row["load_id"], row["row_number"]) for row in rows}
    groups = Counter(tuple(row[name] for name in GROUP) for row in rows)
    return Shown(
        count=len(rows),
        sharing=int(together or 0) - len(lying),
        groups=[{**dict(zip(GROUP, group, strict=True)), "rows": rows} for group, rows in sorted(groups.items())],
        sample=[{name: row[name] for name in SHOWN} for row in rows[:SAMPLE]],
        mark=_mark(rows),
    )


def _matching(warehouse: Warehouse, kind: str, selection: Selection) -> list[dict[str, Any]]:
    found = warehouse.run_file("decisions/matching", **asdict(selection)).mappings()
    return [dict(row) for row in found if row["state"] in STATES[kind]]


def _mark(rows: list[dict[str, Any]]) -> str:
    said = "\n".join(f"{row['load_id']} {row['row_number']} {row['state']}" for row in rows)
    return f"{len(rows)}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def demand_unchanged(warehouse: Warehouse, kind: str, selection: Selection, mark: str) -> None:
    """Raise RegistryError REG-609 when the rows are others than those that were shown."""
    rows = _matching(warehouse, kind, selection)
    if _mark(rows) != mark:
        before = mark.partition("-")[0]
        raise RegistryError("REG-609", f"{before} rows were shown, and {len(rows)} match now, or others do.")
