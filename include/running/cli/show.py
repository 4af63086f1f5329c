"""Reads tables for the command line."""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.running.cli.condition import read_condition
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import select_text


def list_tables(settings: Settings) -> pd.DataFrame:
    """Every table with what it means."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return warehouse.frame(select_text("ops/tables"))


def read_rows(settings: Settings, table: str, where: str | None, limit: int) -> pd.DataFrame:
    """Rows of a table or view; raises RegistryError REG-104 (no such table), REG-105 (condition)."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        tables = set(warehouse.frame(select_text("ops/table_names"))["table_name"])
        if table not in tables:
            raise RegistryError("REG-104", f"There is no table {table}.")
        condition = f" WHERE {read_condition(where, warehouse.engine.dialect.name, tables)}" if where else ""
        most = f" LIMIT {limit}" if limit else ""
        try:
            return warehouse.frame(f"SELECT * FROM {table}{condition}{most}")
        except sa.exc.DBAPIError:
            raise RegistryError("REG-105", "The condition cannot be read.") from None


def read_loads(settings: Settings) -> pd.DataFrame:
    """The ledger, oldest batch first."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return warehouse.frame(select_text("ops/loads"))


def refuse_unknown_night(warehouse: Warehouse, day: date) -> None:
    """Raise RegistryError REG-107 when no file is of that day."""
    if not warehouse.run_file("ops/night", day=day).scalar():
        raise RegistryError("REG-107", f"There is no night {day}.")
