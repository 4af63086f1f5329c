"""What became of a load: its ledger row, without the file's content."""

from dataclasses import dataclass

from include.errors import RegistryError
from include.warehouse import Warehouse

FATES = ("loaded", "updated", "unchanged", "quarantined", "waiting")
"""What becomes of a row."""


@dataclass(frozen=True)
class LoadReport:
    """Counts of rows; received = loaded + updated + unchanged + quarantined + waiting.

    `finished_second` is when it ended, in seconds since 1970 (UTC).
    """

    load_id: str
    feed: str
    batch_date: str
    state: str
    reason: str | None
    reason_code: str | None
    received: int
    loaded: int
    updated: int
    unchanged: int
    quarantined: int
    waiting: int
    finished_second: int | None

    def counts(self) -> dict[str, int | str | None]:
        """The report as plain values for logs and XCom."""
        return dict(self.__dict__)


def read_report(warehouse: Warehouse, load_id: str) -> LoadReport:
    """The report of a load from the ledger; raises RegistryError REG-304 when the ledger does not know it."""
    row = warehouse.run_file("ops/load_report", load_id=load_id).mappings().first()
    if row is None:
        raise RegistryError("REG-304", f"The load {load_id} is unknown.")
    return LoadReport(**row)
