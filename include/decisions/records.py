"""Decisions about records: override a rule, reject, reopen, replay."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from include.auditing import audit
from include.decisions.alike import choose_alike
from include.decisions.person import demand
from include.decisions.selection import Selection, choose
from include.decisions.withdrawing import withdraw_overrides
from include.errors import RegistryError
from include.loading import settle
from include.loading.overrides import Override
from include.loading.reject import reject
from include.loading.replay import replay
from include.warehouse import Warehouse, utc_now


@dataclass(frozen=True)
class Decided:
    """How many records a decision was about, and how many of them have which state now."""

    records: int
    states: dict[str, int]


def override_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Declare the values of open records right although rules fail them; they load.

    With a rule in the selection only that rule is overridden. An override ends when a value that the rule judges
    changes. A record that fails another rule as well, or what nobody can override (a missing key, say), stays as it
    was, and no override is entered for it.
    Raises RegistryError REG-602 when nothing is selected, REG-603 without a reason, REG-308 when nothing could be done.
    """
    demand(who, why)
    rules = (selection.rule_id,) if selection.rule_id else ()
    with _chosen(warehouse, selection, ("open",)) as records:
        replay(warehouse, Override(who, why, rules))
        decided = _decided(warehouse, records)
    if decided.states == {"open": records}:
        raise RegistryError("REG-308", f"None of {records} records passes with this override.")
    return decided


def replay_records(warehouse: Warehouse, selection: Selection) -> Decided:
    """Judge open records again by the rules of now; those that pass load. Nothing selected is no error."""
    with _chosen(warehouse, selection, ("open",), at_least=0) as records:
        replay(warehouse)
        return _decided(warehouse, records)


def reject_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Set open and waiting records aside for good, and every row that says the same, whenever and wherever it comes.

    Raises RegistryError REG-602, REG-603, REG-606, and REG-604 when a patient in the record says the same.
    """
    demand(who, why)
    with _chosen(warehouse, selection, ("open", "waiting")) as records:
        with warehouse.transaction():
            choose_alike(warehouse)
            reject(warehouse, who, why)
            audit(warehouse)
            warehouse.count_step("load")
        settle(warehouse)
        return _decided(warehouse, records)


def reopen_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Withdraw a rejection or an override: the records are judged again by the rules.

    With an override goes every row that it let in. After a failure in between (REG-203, REG-303) the records are open,
    and `replay_records` judges them. Raises RegistryError REG-602, REG-603, REG-606, and REG-604 when a patient in the
    record would have to leave it.
    """
    demand(who, why)
    with _chosen(warehouse, selection, ("rejected", "overridden")) as records:
        with warehouse.transaction():
            withdraw_overrides(warehouse)
            warehouse.run_file("loading/decide", state="open", who=who, why=why, now=utc_now())
            audit(warehouse)
            warehouse.count_step("load")
        replay(warehouse)
        return _decided(warehouse, records)


@contextmanager
def _chosen(warehouse: Warehouse, selection: Selection, states: tuple[str, ...], at_least: int = 1) -> Iterator[int]:
    """How many records are selected, ready in the temporary table `chosen_record`; raises REG-602 with too few."""
    settle(warehouse)
    try:
        records = choose(warehouse, selection, states)
        if records < at_least:
            raise RegistryError("REG-602", f"There is no such record that is {' or '.join(states)}.")
        yield records
    finally:
        warehouse.connection.rollback()
        warehouse.drop_temporary()


def _decided(warehouse: Warehouse, records: int) -> Decided:
    found = warehouse.run_file("decisions/states").tuples().all()
    return Decided(records, {state: int(count) for state, count in found})
