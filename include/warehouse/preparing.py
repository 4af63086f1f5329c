"""Brings the warehouse in step with the files of this version.

`prepare` does nothing when the warehouse already fits them. When they changed, every patient is queued to be derived
again, and who has revised rows to be judged again; derived tables and marts keep their rows until then, unless their
columns changed.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from include.definitions import contracts, expectations
from include.warehouse import catalogue, reference
from include.warehouse.access import SCHEMAS
from include.warehouse.connection import Warehouse
from include.warehouse.creating import create_all, resolve_everything
from include.warehouse.locks import between_readers
from include.warehouse.noted import DEFINING, fingerprint_of, made_from, note
from include.warehouse.sql import FOLDER
from include.warehouse.versions import refuse_newer

DEFINITIONS = (FOLDER, contracts.FOLDER, reference.FOLDER)
CODE = Path(__file__).resolve().parent
READS_ONLY = re.compile(r"(?:\s|--.*\n)*(?:SELECT|WITH|COMMENT|SET LOCAL)\b")
STEPS = ("prepare", "catalogue", "resolve")


def prepare(warehouse: Warehouse) -> None:
    """Bring the warehouse in step with the files of this version, each part in one transaction.

    While no file is another, none is read but for its bytes.
    """
    if _is_prepared(warehouse):
        return
    made = made_from(warehouse)
    _in_step(warehouse, "prepare", made, _made_of, create_all)
    _in_step(warehouse, "catalogue", made, lambda: _judged_by(warehouse), catalogue.fill)
    _in_step(warehouse, "resolve", made, catalogue.settled_rules, resolve_everything)
    with warehouse.transaction():
        note(warehouse, "files", _files(made_from(warehouse)))


def prepare_in_turn(warehouse: Warehouse) -> None:
    """The same for a session that has no turn: it waits for one where there is something to do."""
    if _is_prepared(warehouse):
        warehouse.connection.commit()
        return
    with warehouse.turn():
        prepare(warehouse)


def _is_prepared(warehouse: Warehouse) -> bool:
    made = made_from(warehouse)
    refuse_newer(made)
    if made.get("files") != _files(made):
        return False
    return made["catalogue"].endswith(f" {catalogue.thresholds_begun(warehouse)}")


def planned(warehouse: Warehouse) -> list[str]:
    """The statements with which `prepare` would bring the warehouse's tables and views in step: run, and taken back.

    Rows of reference tables, comments and what is only read are left out.
    """
    made = made_from(warehouse)
    refuse_newer(made)
    if made.get("prepare") == _made_of():
        return []
    statements: list[str] = []

    def try_out() -> None:
        statements.clear()
        create_all(warehouse)
        warehouse.connection.rollback()

    def listen(*told: Any) -> None:
        statements.append(told[2])

    sa.event.listen(warehouse.engine, "before_cursor_execute", listen)
    try:
        between_readers(warehouse, try_out, SCHEMAS)
    finally:
        sa.event.remove(warehouse.engine, "before_cursor_execute", listen)
    return [statement for statement in statements if not READS_ONLY.match(statement)]


def _made_of() -> str:
    """What tables and views are made of: the definitions, and which cells can be set aside."""
    return f"{fingerprint_of(*DEFINITIONS)} {[expectations.cells(feed) for feed in contracts.FEEDS]}"


def _judged_by(warehouse: Warehouse) -> str:
    return f"{fingerprint_of(contracts.FOLDER, expectations.FOLDER)} {catalogue.thresholds_begun(warehouse)}"


def _in_step(
    warehouse: Warehouse,
    step: str,
    made: Mapping[str, str],
    fingerprint: Callable[[], str],
    make: Callable[[Warehouse], None],
) -> None:
    """Make what some files describe, unless it was made with the same fingerprint; making it may change that."""
    if made.get(step) == fingerprint():
        return

    def make_and_note() -> None:
        make(warehouse)
        note(warehouse, step, fingerprint())

    between_readers(warehouse, make_and_note, SCHEMAS)


def _files(made: Mapping[str, str]) -> str:
    """All files that the fingerprints follow from, and the fingerprints."""
    files = fingerprint_of(*DEFINITIONS, expectations.FOLDER, CODE, suffixes=(*DEFINING, ".py"))
    return f"{files} {[made.get(step) for step in STEPS]}"
