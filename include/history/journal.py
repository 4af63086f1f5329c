"""The journal of decisions beside the landing area: one file each, chained to the one before by its hash."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.history import before
from include.pipeline.landing.places import NoSuchPlaceError, Place, place
from include.warehouse import Warehouse, migration, open_warehouse

Entry = tuple[str, bytes]
"""The name of a journal's file and what it holds."""
NAME = re.compile(r"[0-9]{12}\.json")


def journal_of(landing: str) -> Place:
    """Where the journal lies."""
    return place(f"{landing.rstrip('/')}/decisions")


def write_journal(warehouse: Warehouse, settings: Settings) -> None:
    """Write the decisions that the journal lacks.

    Raises RegistryError REG-205 when it cannot be written, and one of `OUT_OF_REACH` when it cannot be listed.
    """
    if migration.is_pending(warehouse):
        return
    journal = journal_of(settings.landing)
    _write_before(warehouse, journal)
    events = warehouse.scalar("SELECT COUNT(*) FROM decision.event")
    if not events:
        return
    known = _names(journal)
    if len(known) == events == _last(known):
        return
    with scratch() as folder:
        for name, content in entries(warehouse):
            file = folder / name
            if name not in known:
                file.write_bytes(content)
                _store(journal, file, name)
            elif name == max(known) and _content(journal, name, folder) != content:
                raise RegistryError("REG-608", f"The journal of decisions has another {name} than the warehouse.")
    if _last(known) > events:
        raise RegistryError("REG-608", "The journal has decisions that the warehouse lacks.")


def _write_before(warehouse: Warehouse, journal: Place) -> None:
    """Keep once what is known of the time before decisions were events."""
    content = before.before(warehouse)
    if content and before.NAME not in _paths(journal):
        with scratch() as folder:
            file = folder / before.NAME
            file.write_bytes(content)
            _store(journal, file, before.NAME)


def _last(names: set[str]) -> int:
    return max((int(name.partition(".")[0]) for name in names), default=0)


def check_journal(settings: Settings) -> list[str]:
    """What is wrong with the journal: files that are missing, changed, or of no decision."""
    journal = journal_of(settings.landing)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse, scratch() as folder:
        known, expected, wrong = _names(journal), set(), []
        if (content := before.before(warehouse)) and _before(journal) != content:
            wrong.append(f"{before.NAME} is missing or not what was decided before")
        for name, content in entries(warehouse):
            expected.add(name)
            if name not in known:
                wrong.append(f"{name} is missing")
            elif _content(journal, name, folder) != content:
                wrong.append(f"{name} is not the decision that was made")
    return wrong + [f"{name} is of no decision" for name in sorted(known - expected)]


def read_journal(landing: str) -> Iterator[dict[str, Any]]:
    """The decisions of a journal in their order; raises RegistryError REG-608 when the chain is broken."""
    journal, previous = journal_of(landing), ""
    with scratch() as folder:
        for number, name in enumerate(sorted(_names(journal)), 1):
            content = _content(journal, name, folder)
            told = _read(content)
            if told is None or told.get("previous") != previous or told.get("decision_id") != number:
                raise RegistryError("REG-608", f"The journal of decisions is broken at {name}.")
            previous = hashlib.sha256(content).hexdigest()
            yield told


def _read(content: bytes) -> dict[str, Any] | None:
    """The decision of a journal's file; None when it holds none."""
    try:
        told = json.loads(content)
        return {**told, "decided_at": datetime.fromisoformat(told["decided_at"])}
    except (ValueError, KeyError, TypeError):
        return None


def read_before(landing: str) -> bytes | None:
    """What is kept beside a journal of the time before it; None when nothing is."""
    return _before(journal_of(landing))


def entries(warehouse: Warehouse) -> Iterator[Entry]:
    """The journal as the decisions of a warehouse make it."""
    subjects: dict[int, list[dict[str, Any]]] = {}
    for subject in warehouse.run_file("history/subjects").mappings():
        told = {name: value for name, value in subject.items() if value is not None and name != "decision_id"}
        subjects.setdefault(subject["decision_id"], []).append(told)
    previous = ""
    for event in warehouse.run_file("history/events").mappings().all():
        noted = {name: value for name, value in event.items() if name != "entered_by" or value is not None}
        told = {**noted, "decided_at": event["decided_at"].isoformat(), "previous": previous}
        told["subjects"] = subjects.get(event["decision_id"], [])
        content = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
        previous = hashlib.sha256(content).hexdigest()
        yield f"{event['decision_id']:012d}.json", content


def _before(journal: Place) -> bytes | None:
    with scratch() as folder:
        return _content(journal, before.NAME, folder) if before.NAME in _paths(journal) else None


def _names(journal: Place) -> set[str]:
    return {path for path in _paths(journal) if NAME.fullmatch(path)}


def _paths(journal: Place) -> set[str]:
    try:
        return {item.path for item in journal.list()}
    except NoSuchPlaceError:
        return set()


def _content(journal: Place, name: str, folder: Any) -> bytes:
    file = folder / name
    journal.fetch(name, file)
    content: bytes = file.read_bytes()
    return content


def _store(journal: Place, file: Any, name: str) -> None:
    try:
        journal.store(file, name)
    except OSError:
        raise RegistryError("REG-205", "The journal of decisions cannot be written.") from None
