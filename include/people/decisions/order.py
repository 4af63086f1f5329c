"""Carries out what a person decided on a page: by the same functions as the command line, in that person's name."""

import logging
from collections.abc import Mapping
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history.journal import write_journal
from include.people.decisions import (
    Selection,
    note_records,
    override_records,
    reject_file,
    reject_records,
    release_file,
    reopen_records,
    replay_records,
    undo_decision,
)
from include.people.decisions.events import signed_in
from include.people.decisions.letter import mail_letter
from include.people.decisions.shown import demand_unchanged
from include.pipeline.resolving import resolve
from include.warehouse import Warehouse, open_warehouse, prepare

RECORDS = {
    "override": override_records,
    "reject": reject_records,
    "reopen": reopen_records,
    "note": note_records,
}
FILES = {"release": release_file, "reject_file": reject_file}

logger = logging.getLogger("registry")


def carry_out(settings: Settings, order: Mapping[str, Any], who: str) -> dict[str, Any]:
    """What became of it: records, states, the decision's number; or `refused`, why nothing was done.

    What is decided is decided, also where the journal cannot be written: whoever writes to it next writes the rest.
    """
    try:
        with open_warehouse(settings.warehouse) as warehouse:
            prepare(warehouse)
            done = decide(warehouse, order, who)
            _keep_journal(warehouse, settings)
            return done
    except RegistryError as error:
        logger.warning("%s", error)
        return {"refused": str(error)}


def _keep_journal(warehouse: Warehouse, settings: Settings) -> None:
    try:
        write_journal(warehouse, settings)
    except RegistryError as error:
        logger.warning("%s", error)


def decide(warehouse: Warehouse, order: Mapping[str, Any], who: str) -> dict[str, Any]:
    """What became of it, on an open warehouse. Raises RegistryError when nothing was done."""
    with signed_in(f"airflow:{who}"):
        return _done(warehouse, order, who)


def _done(warehouse: Warehouse, order: Mapping[str, Any], who: str) -> dict[str, Any]:
    kind, why = order["kind"], order.get("reason", "")
    if kind == "undo":
        undo_decision(warehouse, order["decision_id"], who, why)
        return {"states": {}}
    if kind in FILES:
        return {"states": {FILES[kind](warehouse, order["load_id"], who, why).state: 1}}
    selection = Selection(**order["selection"])
    resolve(warehouse)
    demand_unchanged(warehouse, kind, selection, order["mark"])
    if kind == "letter":
        return {"states": {}, "mailed": mail_letter(warehouse, selection, order.get("language", "en"))}
    decided = (
        replay_records(warehouse, selection) if kind == "replay" else RECORDS[kind](warehouse, selection, who, why)
    )
    return {"records": decided.records, "states": decided.states, "decision_id": decided.decision_id}
