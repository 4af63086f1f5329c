"""Decisions about records: override a rule, reject, reopen, undo a decision; and judging open records again.

A decision is about what a row says, or about the values that a rule judges, so it holds for every row that says the
same, whenever and wherever it comes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from include.basics.errors import RegistryError
from include.basics.templates import Names
from include.definitions import contracts
from include.definitions.expectations import read_suite
from include.people.decisions.events import demand, enter
from include.people.decisions.selection import Selection, choose
from include.pipeline.landing.places import OUT_OF_REACH
from include.pipeline.receiving.landed import CHANGED, GONE
from include.pipeline.receiving.reread import reread
from include.pipeline.resolving import resolve
from include.warehouse import Warehouse

STATES = {
    "override": ("open",),
    "reject": ("open", "waiting"),
    "reopen": ("rejected", "overridden"),
    "replay": ("open",),
    "note": ("open", "waiting"),
    "letter": ("open",),
}
"""The states of the records that each decision, and each letter, is about."""

UNDONE = ("override", "reject", "reopen", "note")
"""The decisions that can be undone."""


@dataclass(frozen=True)
class OfValues(Names, files="decisions/states"):
    """Whether a decision is about values that rules judge, too."""

    values: bool


@dataclass(frozen=True)
class Decided:
    """How many records a decision was about, and what became of them: their states, or the fates of rows in the record.

    `decision_id` is the decision's number, by which it can be undone.
    """

    records: int
    states: dict[str, int]
    decision_id: int | None = None


def override_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Declare the values of open records and cells right although rules fail them; they load.

    With a rule in the selection only that rule is overridden. An override ends when a value that the rule judges
    changes. A record that fails another rule as well, or what nobody can override (a missing key, say), stays as it
    was, and no override is entered for it.
    Raises RegistryError REG-602 when nothing is selected, REG-603 without a reason, REG-308 when nothing could be done,
    REG-309 when that is so because cells cannot be read.
    """
    demand(who, why)
    with _chosen(warehouse, selection, STATES["override"]) as records:
        meant = _overridable(selection.rule_id)
        warehouse.replace_temporary("chosen_failure", "decisions/chosen_failure")
        unreadable = int(warehouse.run_file("decisions/count_unreadable").scalar() or 0)
        warehouse.run_file("decisions/keep_passing", rule_ids=meant)
        if not warehouse.scalar("SELECT COUNT(*) FROM chosen_record"):
            if unreadable == records:
                raise RegistryError("REG-309", f"What is set aside of {records} records are cells that cannot be read.")
            raise RegistryError("REG-308", f"None of {records} records passes with this override.")
        return _decide(warehouse, "override", who, why, overridden=False, rule_ids=meant)


def reject_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Set open and waiting records aside for good, and every row that says the same, whenever and wherever it comes.

    Raises RegistryError REG-602, REG-603, REG-606.
    """
    demand(who, why)
    with _chosen(warehouse, selection, STATES["reject"]):
        return _decide(warehouse, "reject", who, why)


def reopen_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Withdraw a rejection or an override: the records are judged by the rules again, with every row that it let in.

    Raises RegistryError REG-602, REG-603, REG-606.
    """
    demand(who, why)
    with _chosen(warehouse, selection, STATES["reopen"]):
        return _decide(warehouse, "reopen", who, why, overridden=True)


def note_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Note something for the department about open and waiting records: it stands in the letter, and decides nothing.

    Raises RegistryError REG-602, REG-603, REG-606.
    """
    demand(who, why)
    with _chosen(warehouse, selection, STATES["note"]):
        return _decide(warehouse, "note", who, why)


def undo_decision(warehouse: Warehouse, decision_id: int, who: str, why: str) -> None:
    """Take back a decision about records, with all that it was about: as if it had not been made.

    Raises RegistryError REG-603, REG-606, REG-607 when there is no such decision or it cannot be undone.
    """
    demand(who, why)
    found = warehouse.run_file("decisions/decision", decision_id=decision_id).first()
    if found is None or found.undone or found.kind not in UNDONE:
        raise RegistryError("REG-607", f"Decision {decision_id} cannot be undone.")
    with warehouse.transaction():
        enter(warehouse, "undo", who, why, undoes=decision_id)
    resolve(warehouse)


def replay_records(warehouse: Warehouse, selection: Selection) -> Decided:
    """Judge open records again by the rules of now; those that pass load. Nothing selected is no error.

    Raises RegistryError REG-303 when a rule cannot be evaluated, and REG-203 or REG-207 after all others are done when
    a landed file cannot be read or was changed: its records stay as they are.
    """
    with _chosen(warehouse, selection, STATES["replay"], at_least=0) as records:
        unread: list[str] = []
        try:
            for file in warehouse.run_file("decisions/rereadable").mappings().all():
                unread += _reread(warehouse, dict(file))
        finally:
            resolve(warehouse)
        if unread:
            raise RegistryError(
                max(unread), f"The landed copies of {len(unread)} files cannot be used; their records stay open."
            )
        return Decided(records, _states(warehouse))


def _reread(warehouse: Warehouse, file: dict[str, Any]) -> list[str]:
    """Judge the chosen rows of a file again; the code of what kept it from being read."""
    try:
        reread(warehouse, file)
    except RegistryError as error:
        if error.code not in (GONE, CHANGED, *OUT_OF_REACH):
            raise
        return [error.code]
    return []


def _decide(
    warehouse: Warehouse,
    kind: str,
    who: str,
    why: str,
    *,
    overridden: bool | None = None,
    rule_ids: Sequence[str] = (),
) -> Decided:
    """Enter a decision about the chosen records, and about the values for which rules are (not) overridden."""
    warehouse.replace_temporary("chosen_failure", "decisions/chosen_failure")
    with warehouse.transaction():
        decision_id = enter(warehouse, kind, who, why)
        warehouse.run_file("decisions/about_content", decision_id=decision_id)
        if overridden is not None:
            about: dict[str, Any] = {"overridden": overridden, "rule_ids": list(rule_ids)}
            warehouse.run_file("decisions/about_values", decision_id=decision_id, **about)
    resolve(warehouse)
    states = _states(warehouse, values=overridden is not None)
    return Decided(sum(states.values()), states, decision_id)


def _states(warehouse: Warehouse, *, values: bool = False) -> dict[str, int]:
    found = warehouse.run_file("decisions/states", OfValues(values))
    return {row.state: int(row.record_count) for row in found}


def _overridable(rule_id: str | None) -> list[str]:
    """The rules that an override is about: one, or all that a person can override."""
    rules = (rule for feed in contracts.FEEDS for rule in read_suite(feed))
    return [rule.rule_id for rule in rules if rule.can_be_overridden and rule_id in (None, rule.rule_id)]


@contextmanager
def _chosen(warehouse: Warehouse, selection: Selection, states: tuple[str, ...], at_least: int = 1) -> Iterator[int]:
    """How many records are selected, ready in the temporary table `chosen_record`; raises REG-602 with too few."""
    resolve(warehouse)
    try:
        records = choose(warehouse, selection, states)
        if records < at_least:
            raise RegistryError("REG-602", f"There is no such record that is {' or '.join(states)}.")
        yield records
    finally:
        warehouse.connection.rollback()
        warehouse.drop_temporary()
