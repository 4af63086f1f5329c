"""Replaying: open rows are judged again, after a rule was mended or a person has decided about them.

Rows whose version waits in the record (a birth or death makes it impossible) are settled again. The others are staged
again from the landed file, and those that pass now load as if they had passed when their file came.
"""

from collections.abc import Collection
from typing import Any

from include import contracts
from include.auditing import audit
from include.errors import RegistryError
from include.loading.landed import CHANGED, GONE, local_file
from include.loading.ledger import ledger_entry
from include.loading.names import names_of
from include.loading.overrides import Override, apply_overrides, said_by
from include.loading.reject import refuse, reject_again
from include.loading.report import count_failures
from include.loading.settle import settle
from include.loading.write import keep_failures, update_lifespans, write_consequences, write_versions
from include.staging import stage
from include.validation import judge
from include.warehouse import Warehouse, utc_now


def replay(warehouse: Warehouse, override: Override | None = None) -> None:
    """Judge the open rows of the temporary table `chosen_record` again; an override is entered for them first.

    Raises RegistryError REG-303 when a rule cannot be evaluated, and REG-203 or REG-207 after all others are done when
    a landed file cannot be read or was changed. What was done stays done, the rest stays open: replaying again goes on
    from there.
    """
    chosen = set(warehouse.run("SELECT DISTINCT feed FROM chosen_record").scalars())
    feeds = [feed for feed in contracts.FEEDS if feed in chosen]
    _unsettle(warehouse, feeds)
    _check(settle(warehouse, feeds, override))
    if override:
        _unsettle(warehouse, feeds)
    unread: list[str] = []
    for feed in feeds:
        for load_id in warehouse.run_file("loading/replayable", {"feed": feed}).scalars().all():
            try:
                _replay_load(warehouse, load_id, override)
            except RegistryError as error:
                if error.code not in (GONE, CHANGED):
                    raise
                unread.append(error.code)
    _check(settle(warehouse, feeds))
    settle(warehouse)
    if unread:
        raise RegistryError(
            max(unread), f"The landed copies of {len(unread)} files cannot be used; their records stay open."
        )


def _unsettle(warehouse: Warehouse, feeds: Collection[str]) -> None:
    """Queue whoever has a version of the chosen keys; who has a visit of theirs may be dead now, or alive."""
    with warehouse.transaction():
        for feed in feeds:
            warehouse.run_file("loading/unsettle_chosen", names_of(warehouse, feed))
        if "visits" in feeds:
            warehouse.replace_temporary("concerned", "loading/concerned_unsettled", {})
            update_lifespans(warehouse)


def _check(broken: list[str]) -> None:
    if broken:
        raise RegistryError("REG-303", f"Rules cannot be evaluated: {', '.join(broken)}.")


def _replay_load(warehouse: Warehouse, load_id: str, override: Override | None) -> None:
    entry = ledger_entry(warehouse, load_id)
    names = {**names_of(warehouse, entry["feed"]), "batch_date": entry["batch_date"].isoformat()}
    with local_file(entry) as file:
        stage(warehouse, entry["feed"], file)
    warehouse.replace_temporary("staged", "loading/staged", names)
    _check([result.rule_id for result in judge(warehouse, entry["feed"]) if result.status == "error"])
    _keep_chosen(warehouse, names, load_id)
    with warehouse.transaction():
        _write(warehouse, entry, names, override)


def _keep_chosen(warehouse: Warehouse, names: dict[str, Any], load_id: str) -> None:
    """Narrow what was staged and judged to the rows that are replayed."""
    with warehouse.transaction():
        warehouse.replace_temporary("chosen_rows", "loading/chosen_rows", names, load_id=load_id)
        warehouse.drop_temporary("staged_rows")
        warehouse.run("ALTER TABLE chosen_rows RENAME TO staged_rows")
        warehouse.replace_temporary("staged", "loading/staged", names)
        warehouse.run_file("loading/forget_unchosen")


def _write(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any], override: Override | None) -> None:
    load = {"load_id": entry["load_id"]}
    refuse(warehouse, names)
    if override:
        warehouse.replace_temporary("chosen", "loading/chosen", names)
    apply_overrides(warehouse, names, override)
    write_versions(warehouse, entry, names)
    warehouse.replace_temporary("replayed", "loading/replayed", names)
    warehouse.run_file("loading/replay_records", now=utc_now(), **said_by(override), **load)
    warehouse.run_file("loading/replay_counts", **load)
    reject_again(warehouse, entry["load_id"])
    write_consequences(warehouse, entry, names)
    warehouse.run_file("loading/forget_replayed", **load)
    keep_failures(warehouse, entry, names, loaded=True)
    count_failures(warehouse, entry["load_id"])
    audit(warehouse)
    warehouse.count_step("load")
