"""Some derived tables and marts made alone: all of them take a second and a half, a handful a tenth of that."""

from importlib import import_module

import pytest

from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse
from include.warehouse.lineage import sources
from include.warehouse.tables import manifest
from tests.support.marts import refresh_only


def make(warehouse: Warehouse, *tables: str) -> None:
    """Derive and refresh these, `derived.<table>` or `marts.<mart>`, and whatever they are made of, and nothing else.

    No rule across feeds is asked: what it finds enters no derived table.
    """
    needed = _with_sources(tables)
    with pytest.MonkeyPatch.context() as patch:
        derive = import_module("include.pipeline.derivation.derive")
        patch.setattr(derive, "manifest", lambda schema: _of(schema, needed))
        patch.setattr(derive, "cross_check", lambda warehouse, near: [])
        derive_touched(warehouse)
    if marts := _of("marts", needed):
        refresh_only(warehouse, *marts)


def _with_sources(tables: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = [*tables]
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += [source for source in sources(table) if source.startswith(("derived.", "marts."))]
    return found


def _of(schema: str, tables: set[str]) -> list[str]:
    """Those of a schema, in the order in which they are built."""
    return [name for name in manifest(schema) if f"{schema}.{name}" in tables]
