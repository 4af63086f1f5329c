"""What a warehouse kept of the time before decisions were events, beside the journal of decisions: it is a fact too."""

import json
from datetime import date, datetime
from typing import Any

from include.basics.errors import RegistryError
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.tables import Table, read_table

NAME = "before.json"
TABLES = (("decision", "before"), ("received", "loaded_before"))


def before(warehouse: Warehouse) -> bytes | None:
    """The tables as a JSON text; None when the warehouse has no such time."""
    told = {table.name: _rows(warehouse, table) for table in _tables()}
    return json.dumps(told, sort_keys=True, ensure_ascii=False).encode() if any(told.values()) else None


def enter_before(warehouse: Warehouse, content: bytes) -> None:
    """Enter the tables in a warehouse without them; raises RegistryError REG-608 when the text is none of theirs."""
    try:
        told = json.loads(content)
    except ValueError:
        raise RegistryError("REG-608", f"{NAME} beside the journal of decisions cannot be read.") from None
    for table in _tables():
        times = {column.name for column in table.columns if column.type == "timestamp"}
        rows = [{name: _read(value, name in times) for name, value in row.items()} for row in told[table.name]]
        append(warehouse, table.name, rows)


def _tables() -> list[Table]:
    return [read_table(schema, name) for schema, name in TABLES]


def _rows(warehouse: Warehouse, table: Table) -> list[dict[str, Any]]:
    asked = f"SELECT {table.column_names} FROM {table.name} ORDER BY {', '.join(table.key)}"
    return [{name: _written(value) for name, value in row.items()} for row in warehouse.run(asked).mappings()]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(value: Any, is_time: bool) -> Any:
    return datetime.fromisoformat(value) if is_time and value else value
