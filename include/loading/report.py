"""What became of a load: its ledger row, without the file's content."""

from collections.abc import Sequence
from dataclasses import dataclass

from include.errors import RegistryError
from include.warehouse import Warehouse


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


def count_failures(warehouse: Warehouse, load_id: str) -> None:
    """Count again what the rules say of a load's rows, from the rows that fail them."""
    warehouse.replace_temporary("counted", "loading/counted", {}, load_id=load_id)
    count_failures_of(warehouse, "counted")


def count_failures_of(warehouse: Warehouse, table: str, levels: Sequence[str] = ("row", "lifespan")) -> None:
    """The same of all loads whose `load_id` is in a temporary table, and of rules of some levels only."""
    warehouse.run_file("loading/count_failures", {"counted": table, "levels": levels})
