"""Carries out what a person answered about a held file."""

import logging
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history.journal import write_journal
from include.people.decisions import reject_file, release_file
from include.people.decisions.events import signed_in
from include.warehouse import Warehouse, open_warehouse, prepare

DECISIONS = {"release": release_file, "reject": reject_file}
MAY_PASS = ("REG-103", "REG-106", *(f"REG-{number}" for number in (112, 113, 114, 115, 116, 118, 119)), "REG-203")
"""Errors that may be gone when the task is tried again."""

logger = logging.getLogger("registry")


def carry_out(settings: Settings, load_id: str, answer: dict[str, Any], run: str) -> list[dict[str, Any]]:
    """Release or reject the file; empty when that is done, otherwise the run that asks again, with a note why.

    Raises RegistryError for what may pass by itself.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        asked = decide(warehouse, load_id, answer, run)
        write_journal(warehouse, settings)
        return asked


def decide(warehouse: Warehouse, load_id: str, answer: dict[str, Any], run: str) -> list[dict[str, Any]]:
    """The same on an open warehouse."""
    (choice,) = answer["chosen_options"]
    why = str((answer["params_input"] or {}).get("reason") or "").strip()
    try:
        with signed_in(f"airflow:{answer['responded_by_user']['id']}"):
            DECISIONS[choice](warehouse, load_id, _name(answer["responded_by_user"]), why)
    except RegistryError as error:
        if error.code in MAY_PASS:
            raise
        logger.warning("%s", error)
        return [{"trigger_run_id": _next(run), "conf": {"load_id": load_id, "note": str(error)}}]
    return []


def is_waiting(answer: dict[str, Any]) -> bool:
    """Whether the file stays held: somebody said so, or nobody answered in time."""
    return answer["chosen_options"] == ["wait"] or not answer["responded_by_user"]


def _name(user: dict[str, str]) -> str:
    """Who answered, as Airflow knows the person."""
    return user["name"] if user["name"] == user["id"] else f"{user['name']} ({user['id']})"


def _next(run: str) -> str:
    """The id of the run that asks once more: `<id>`, `<id>~2`, `<id>~3`."""
    first, _, number = run.partition("~")
    return f"{first}~{int(number or 1) + 1}"
