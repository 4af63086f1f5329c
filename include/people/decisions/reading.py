"""Lists and pages of what is to be decided; the values of a row are in `read_record` alone."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from include.basics.errors import RegistryError
from include.people.decisions.selection import Selection
from include.warehouse import Warehouse


@dataclass(frozen=True)
class Page:
    """Which of the rows, in their order, are wanted."""

    most: int = 50
    skipped: int = 0


@dataclass(frozen=True)
class Record:
    """A row in quarantine, or with cells there: what is known of it, its cells that are set aside alone, the rules it
    fails with their words, its changes of state.
    """

    facts: dict[str, Any]
    cells: pd.DataFrame
    rules: pd.DataFrame
    trail: pd.DataFrame


def list_records(warehouse: Warehouse, selection: Selection, page: Page) -> pd.DataFrame:
    """Records in quarantine, the newest batch first; no values of theirs."""
    return _frame(warehouse, "records", **asdict(selection), **asdict(page))


def list_cells(warehouse: Warehouse, selection: Selection, page: Page) -> pd.DataFrame:
    """Cells that are set aside alone, as records are listed."""
    return _frame(warehouse, "cells", **asdict(selection), **asdict(page))


def list_files(warehouse: Warehouse, state: str | None, page: Page) -> pd.DataFrame:
    """Files, the newest batch first."""
    chosen = {"state": state, "site": None, "source": None, "feed": None}
    return _frame(warehouse, "files", **chosen, **asdict(page)).drop(columns="total")


def list_decisions(warehouse: Warehouse, page: Page) -> pd.DataFrame:
    """What people decided, the latest first."""
    return _frame(warehouse, "decisions", kind=None, site=None, **asdict(page)).drop(columns="total")


def read_record(warehouse: Warehouse, load_id: str, row_number: int) -> Record:
    """A record with the row as it came; raises RegistryError REG-602 when it is not in quarantine."""
    place: dict[str, Any] = {"load_id": load_id, "row_number": row_number}
    facts = warehouse.run_file("decisions/record", **place).mappings().first()
    if facts is None:
        raise RegistryError("REG-602", f"Row {row_number} of load {load_id} is not in quarantine.")
    cells, rules, trail = (_frame(warehouse, name, **place) for name in ("cells_of_row", "failed_rules", "trail"))
    return Record(dict(facts), cells, rules, trail)


def _frame(warehouse: Warehouse, select: str, **parameters: Any) -> pd.DataFrame:
    result = warehouse.run_file(f"decisions/{select}", **parameters)
    return pd.DataFrame(result.tuples().all(), columns=list(result.keys()))
