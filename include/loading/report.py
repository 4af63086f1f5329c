"""What became of a load: its ledger row, without the file's content."""

from dataclasses import dataclass
from typing import Any

from include import contracts
from include.errors import RegistryError
from include.expectations import read_suite
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
    received: int
    loaded: int
    updated: int
    unchanged: int
    quarantined: int
    waiting: int
    finished_second: int | None

    @property
    def is_waiting(self) -> bool:
        """Whether a run has to load it: it is new, or a rule could not be evaluated the last time."""
        return self.state == "received" or (self.state == "held" and str(self.reason).startswith("REG-303"))

    def counts(self) -> dict[str, int | str | None]:
        """The report as plain values for logs and XCom."""
        return dict(self.__dict__)


def read_report(warehouse: Warehouse, load_id: str) -> LoadReport:
    """The report of a load from the ledger; raises RegistryError REG-304 when the ledger does not know it."""
    row = warehouse.run_file("ops/load_report", load_id=load_id).mappings().first()
    if row is None:
        raise RegistryError("REG-304", f"The load {load_id} is unknown.")
    return LoadReport(**row)


def count_impossible(warehouse: Warehouse, feed: str, loads: str, **parameters: Any) -> None:
    """Count again what the feed's critical lifespan rules say of loads; `loads` is SQL that gives their ids."""
    rules = [r.rule_id for r in read_suite(feed) if r.level == "lifespan" and r.severity == "critical"]
    if rules:
        names = {"feed": feed, "key": contracts.read(feed).key, "rule_ids": rules, "loads": loads}
        warehouse.run_file("loading/count_impossible", names, **parameters)
