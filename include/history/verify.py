"""Verify: everything that is no fact, made again from the facts in a scratch file and compared with what is stored."""

from collections.abc import Callable
from dataclasses import dataclass

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.basics.templates import Names
from include.history.world import tables_of, world
from include.warehouse import Warehouse, catalogue, open_warehouse, prepare
from include.warehouse.reference import DICTIONARY, reference_tables
from include.warehouse.schema import derived_tables, mart_tables
from include.warehouse.sql import render
from include.warehouse.tables import Column, Table, manifest, read_table

OF_THE_RUN = {"derived_at", "refreshed_at", "judged_at", "compiled_at", "patient_key", "is_late"}
"""Columns that tell of a run or of the moment of reading, and random ones."""
OF_THE_ENGINE = {"payload", "value_hash", "content", "fingerprint"}
"""Columns that may be written otherwise by another engine."""
MOST_KEYS = 20


@dataclass(frozen=True)
class Differing(Names, files="history/differing"):
    """Two tables that are to be alike in some columns, and the key by which the rows that are not are counted."""

    left: str
    right: str
    columns: list[str]
    key: list[str]


@dataclass(frozen=True)
class Difference:
    """A table whose rows are not what the facts make.

    `rows` counts those that only one side has; `keys` are the first of their keys. Where the facts make no such table,
    or none of its columns, `rows` is 0.
    """

    table: str
    rows: int
    keys: list[tuple[str, ...]]


def verify(settings: Settings) -> list[Difference]:
    """The tables that differ from what the facts make of them; none when all is well.

    Raises RegistryError REG-801 when something is still to be received, resolved, derived or refreshed, or was while
    the facts were read.
    """
    changes, left_out = _at_rest(settings)
    with (
        world(settings) as made,
        scratch() as folder,
        open_warehouse(made.warehouse) as again,
        tables_of(settings.warehouse, again, folder) as stored,
    ):
        found = [difference(again, table, stored, left_out) for table in made_tables()]
    if _at_rest(settings)[0] != changes:
        raise RegistryError("REG-801", "Something was received, derived or refreshed meanwhile.")
    return [one for one in found if one]


def _at_rest(settings: Settings) -> tuple[int, set[str]]:
    """How many changes the warehouse has seen, and the columns that are not compared."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        if warehouse.run_file("history/unrest").scalar() or warehouse.marts_are_stale():
            raise RegistryError("REG-801", "Something is still to be received, resolved, derived or refreshed.")
        return warehouse.changes(), OF_THE_RUN if warehouse.is_duckdb else OF_THE_RUN | OF_THE_ENGINE


def made_tables() -> list[Table]:
    """The tables that are no facts, and no notes of what steps did or told."""
    resolved = [read_table("resolved", name) for name in manifest("resolved") if name != "due"]
    noted = [*(read_table("clinical", name) for name in manifest("clinical")), read_table("ops", "cross_check")]
    files = [*reference_tables(), *catalogue.catalogue_tables(), DICTIONARY]
    return [*resolved, *noted, *files, *derived_tables(), *mart_tables()]


def difference(
    warehouse: Warehouse, table: Table, stored: Callable[[Table], str], left_out: set[str]
) -> Difference | None:
    """What a table of a warehouse and the stored one do not have in common, but for the columns that are left out."""
    columns = [column for column in table.columns if column.name not in left_out]
    of = Differing(
        table.name,
        f"{stored(table)} AS stored",
        columns=list(map(_compared, columns)),
        key=[name for name in table.key if name not in left_out],
    )
    rows = warehouse.run_verbatim(render("history/differing", of)).all()
    if not rows:
        return None
    return Difference(table.name, sum(row.differing for row in rows), [tuple(row[:-1]) for row in rows[:MOST_KEYS]])


def _compared(column: Column) -> str:
    """A column as it is compared: of a float nine digits, as sums depend on the order of their terms."""
    if column.type != "double":
        return f'"{column.name}"'
    return f'printf(\'%.8e\', "{column.name}") AS "{column.name}"'
