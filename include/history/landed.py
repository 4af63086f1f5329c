"""The landed copies held against the ledger: each is read once, and only its hash is kept."""

from dataclasses import dataclass

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.receiving.landed import CHANGED, GONE, local_file
from include.warehouse import open_warehouse


@dataclass(frozen=True)
class Damaged:
    """A landed copy that is gone, or has other bytes than the ledger says."""

    load_id: str
    landing_uri: str
    is_missing: bool


def check_landed(settings: Settings) -> list[Damaged]:
    """The damaged ones of all landed copies, but of files that were rejected.

    Raises RegistryError REG-210 to REG-217 when a bucket cannot be reached.
    """
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        entries = [dict(entry) for entry in warehouse.run_file("history/landed_files").mappings()]
    damaged = []
    for entry in entries:
        try:
            with local_file(entry):
                pass
        except RegistryError as error:
            if error.code not in (GONE, CHANGED):
                raise
            damaged.append(Damaged(entry["load_id"], entry["landing_uri"], error.code == GONE))
    return damaged


def told_of(damaged: list[Damaged]) -> str:
    """How many they are, with the code and what to do."""
    return str(RegistryError(CHANGED, f"{len(damaged)} landed copies are missing or not what was received."))
