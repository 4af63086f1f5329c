"""Decisions about records: override a rule, reject, reopen, replay."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from include import contracts
from include.auditing import audit
from include.decisions.person import demand
from include.decisions.selection import Selection, choose
from include.errors import RegistryError
from include.loading import settle
from include.loading.overrides import Override
from include.loading.replay import replay
from include.loading.write import LIFESPAN_FEEDS, update_lifespans
from include.warehouse import Warehouse, utc_now


@dataclass(frozen=True)
class Decided:
    """How many records a decision was about, and how many of them have which state now."""

    records: int
    states: dict[str, int]


def override_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Declare the values of open records right although rules fail them; they load.

    With a rule in the selection only that rule is overridden. An override ends when a value that the rule judges
    changes. A record that fails what nobody can override, a missing key say, stays open.
    Raises RegistryError REG-602 when nothing is selected, REG-603 without a reason, REG-308 when nothing could be done.
    """
    demand(who, why)
    rules = (selection.rule_id,) if selection.rule_id else ()
    with _chosen(warehouse, selection, ("open",)) as records:
        since = utc_now()
        replay(warehouse, Override(who, why, rules))
        with warehouse.transaction():
            warehouse.run_file("decisions/end_idle_override", since=since, now=utc_now())
        decided = _decided(warehouse, records)
    if decided.states == {"open": records}:
        raise RegistryError("REG-308", f"None of {records} records passes with this override.")
    return decided


def replay_records(warehouse: Warehouse, selection: Selection) -> Decided:
    """Judge open records again by the rules of now; those that pass load. Nothing selected is no error."""
    settle(warehouse)
    records = choose(warehouse, selection, ("open",))
    replay(warehouse)
    decided = _decided(warehouse, records)
    warehouse.drop_temporary()
    return decided


def reject_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Set open and waiting records aside for good. Raises RegistryError REG-602, REG-603."""
    demand(who, why)
    with _chosen(warehouse, selection, ("open", "waiting")) as records:
        with warehouse.transaction():
            _withdraw(warehouse)
            warehouse.run_file("decisions/decide", state="rejected", who=who, why=why, now=utc_now())
            audit(warehouse)
            warehouse.count_step("load")
        settle(warehouse)
        return _decided(warehouse, records)


def reopen_records(warehouse: Warehouse, selection: Selection, who: str, why: str) -> Decided:
    """Withdraw a rejection or an override: the records are judged again by the rules.

    After a failure in between (REG-203, REG-303) they are open, and `replay_records` judges them.
    Raises RegistryError REG-602, REG-603, REG-606, and REG-604 when a patient in the record would have to leave it.
    """
    demand(who, why)
    with _chosen(warehouse, selection, ("rejected", "overridden")) as records:
        if warehouse.run_file("decisions/withdrawn_patients").scalar():
            raise RegistryError("REG-604", "An overridden row of patients is part of the record.")
        with warehouse.transaction():
            warehouse.run_file("decisions/end_override", now=utc_now())
            _withdraw(warehouse)
            warehouse.run_file("decisions/decide", state="open", who=who, why=why, now=utc_now())
            audit(warehouse)
            warehouse.count_step("load")
        replay(warehouse)
        return _decided(warehouse, records)


@contextmanager
def _chosen(warehouse: Warehouse, selection: Selection, states: tuple[str, ...]) -> Iterator[int]:
    """How many records are selected, ready in the temporary table `chosen_record`; raises REG-602 without any."""
    settle(warehouse)
    records = choose(warehouse, selection, states)
    if not records:
        raise RegistryError("REG-602", f"There is no such record that is {' or '.join(states)}.")
    yield records
    warehouse.drop_temporary()


def _withdraw(warehouse: Warehouse) -> None:
    """Take the versions of the chosen records out of the record, with everything that follows."""
    feeds = set(warehouse.run("SELECT DISTINCT feed FROM chosen_record").scalars())
    for feed in contracts.FEEDS:
        if feed in feeds:
            names = {"feed": feed, "key": contracts.read(feed).key}
            warehouse.replace_temporary("withdrawn", "decisions/withdrawn", names)
            if feed in LIFESPAN_FEEDS:
                warehouse.replace_temporary("concerned", "decisions/concerned", names)
            for statement in ("count_withdrawn", "unsettle_withdrawn", "touch_withdrawn", "delete_withdrawn"):
                warehouse.run_file(f"decisions/{statement}", names)
            warehouse.run_file("loading/reopen_uncorrected", {**names, "moved": "withdrawn"})
            if feed in LIFESPAN_FEEDS:
                update_lifespans(warehouse)


def _decided(warehouse: Warehouse, records: int) -> Decided:
    found = warehouse.run_file("decisions/states").tuples().all()
    return Decided(records, {state: int(count) for state, count in found})
