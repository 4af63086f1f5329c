"""Tables described by YAML: what they hold, their key and their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml
from include.warehouse.connection import Warehouse
from include.warehouse.sql import FOLDER

SQL_TYPES = {
    "text": 'TEXT COLLATE "C"',
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "double": "DOUBLE PRECISION",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """A column's name, type (a key of SQL_TYPES) and meaning; `begins` (SQL) is what older rows hold in a new one."""

    name: str
    type: str
    description: str
    begins: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the warehouse; `name` is written schema.table."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    grain: str = ""
    rule_version: str = ""
    statistics: str = ""

    @property
    def column_names(self) -> str:
        """The columns, comma-separated."""
        return ", ".join(f'"{column.name}"' for column in self.columns)


def columns_of(described: dict[str, dict[str, Any]], where: str) -> tuple[Column, ...]:
    """Columns from YAML; raises RegistryError REG-401 for an unknown type."""
    for name, column in described.items():
        if column.get("type") not in SQL_TYPES:
            raise RegistryError("REG-401", f"{where}: column {name} has an unknown type.")
    return tuple(
        Column(name, c["type"], c.get("description", ""), c.get("begins", "")) for name, c in described.items()
    )


@cache
def read_table(schema: str, name: str) -> Table:
    """The table that `include/sql/<schema>/<name>.yml` describes."""
    described = _read_yaml(FOLDER / schema / f"{name}.yml")
    return Table(
        name=f"{schema}.{name}",
        description=described["description"],
        columns=columns_of(described["columns"], f"{schema}/{name}.yml"),
        key=tuple(described.get("key", ())),
        grain=described.get("grain", ""),
        rule_version=str(described.get("rule_version", "")),
        statistics=described.get("statistics", ""),
    )


@cache
def manifest(schema: str, kind: str = "tables") -> tuple[str, ...]:
    """The tables (or views) of a schema in the order in which they are built."""
    return tuple(_read_yaml(FOLDER / schema / "manifest.yml").get(kind, ()))


def with_columns(table: Table, *more: Column) -> Table:
    """The same table with columns added at its end."""
    return Table(**{**table.__dict__, "columns": (*table.columns, *more)})


def columns_there(warehouse: Warehouse) -> dict[str, list[str]]:
    """The columns of every table and view of the warehouse, by schema.table."""
    there: dict[str, list[str]] = {}
    for row in warehouse.run_file("ops/columns"):
        there.setdefault(row.table_name, []).append(row.column_name)
    return there


def create(warehouse: Warehouse, table: Table, there: Sequence[str] = ()) -> None:
    """Create the table; one that has the columns `there` gains those that it lacks."""
    if not there:
        columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.type]}' for c in table.columns)
        warehouse.run_verbatim(f"CREATE TABLE {table.name} ({columns})")
        return
    for column in table.columns:
        if column.name not in there:
            warehouse.run_verbatim(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {SQL_TYPES[column.type]}')


def begin(warehouse: Warehouse, table: Table, there: Sequence[str]) -> None:
    """Fill the columns that a table with the columns `there` gained; DuckDB changes a table no more after that."""
    gained = [f'"{c.name}" = {c.begins}' for c in table.columns if there and c.begins and c.name not in there]
    if gained:
        warehouse.run_verbatim(f"UPDATE {table.name} SET {', '.join(gained)}")


def drop(warehouse: Warehouse, name: str) -> None:
    """Drop a table or view, if it is there, with the views that read it."""
    schema, _, table = name.partition(".")
    kind = warehouse.run_file("ops/table_kind", table_schema=schema, table_name=table).scalar()
    if kind:
        warehouse.run_verbatim(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name} CASCADE")


def describe(warehouse: Warehouse, table: Table, kind: str = "TABLE") -> None:
    """Write the descriptions into the database, where BI tools show them."""
    described = {f"{kind} {table.name}": table.description}
    described |= {f'COLUMN {table.name}."{column.name}"': column.description for column in table.columns}
    warehouse.run_verbatim("; ".join(_comment(target, text) for target, text in described.items()))


def _comment(target: str, text: str) -> str:
    quoted = text.replace("'", "''")
    return f"COMMENT ON {target} IS '{quoted}'"


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = read_yaml(file)
    except (OSError, yaml.YAMLError) as error:
        raise RegistryError("REG-401", f"{file.name} cannot be read.") from error
    return content
