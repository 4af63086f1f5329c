"""What became of a load: its ledger row, without the file's content."""

from collections.abc import Sequence
from dataclasses import dataclass

from include.basics.errors import RegistryError
from include.warehouse import Warehouse

FATES = ("loaded", "updated", "unchanged", "quarantined", "waiting")
"""What becomes of a row."""


@dataclass(frozen=True)
class LoadReport:
    """Counts of rows; received = loaded + updated + unchanged + quarantined + waiting.

    `cells_set_aside` are cells of these rows that are null in the record and that nobody has decided yet.
    `finished_second` is when it ended, in seconds since 1970 (UTC).
    """

    load_id: str
    site: str
    feed: str
    batch_date: str
    state: str
    reason: str | None
    reason_code: str | None
    size_bytes: int
    received: int
    loaded: int
    updated: int
    unchanged: int
    quarantined: int
    waiting: int
    cells_set_aside: int
    finished_second: int | None

    def counts(self) -> dict[str, int | str | None]:
        """The report as plain values for logs and XCom."""
        return dict(self.__dict__)


def read_report(warehouse: Warehouse, load_id: str) -> LoadReport:
    """The report of a load from the ledger; raises RegistryError REG-304 when the ledger does not know it."""
    return read_reports(warehouse, [load_id])[0]


def read_reports(warehouse: Warehouse, load_ids: Sequence[str]) -> list[LoadReport]:
    """The reports of some loads, in their order; raises RegistryError REG-304 when one of them is unknown."""
    rows = warehouse.run_file("ops/load_report", load_ids=list(load_ids)).mappings()
    found = {row["load_id"]: LoadReport(**row) for row in rows}
    if unknown := [load_id for load_id in load_ids if load_id not in found]:
        raise RegistryError("REG-304", f"The load {unknown[0]} is unknown.")
    return [found[load_id] for load_id in load_ids]
