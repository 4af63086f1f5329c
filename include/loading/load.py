"""The load step: stage, validate, and one transaction that writes versions, quarantine, counts and the ledger."""

from typing import Any

from include.auditing import audit
from include.errors import RegistryError
from include.loading.hold import hold, share_exceeded
from include.loading.landed import CHANGED, local_file
from include.loading.ledger import finish, is_due, ledger_entry
from include.loading.names import names_of
from include.loading.overrides import apply_overrides
from include.loading.reject import refuse, reject_again
from include.loading.report import LoadReport, count_failures, read_report
from include.loading.settle import settle
from include.loading.write import (
    count_failing,
    count_fates,
    count_refused,
    keep_failures,
    keep_unreadable,
    write_consequences,
    write_quarantine,
    write_versions,
)
from include.settings import Settings
from include.staging import HOLDING, UNREADABLE_ROW, FileFacts, stage
from include.validation import judge, judge_file
from include.warehouse import Warehouse, open_warehouse, prepare


def load(settings: Settings, load_id: str) -> LoadReport:
    """Load one landed file; a load that is not due is left as it is.

    A file that cannot be read, fails a file rule or has too large a share of failing rows is held whole, with the
    reason in the ledger. One that is held because a rule could not be evaluated (REG-303) or its landed copy is not
    what was pulled (REG-207) is tried again by each run, one that is held for its share (REG-307) once the threshold
    lets it through.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        return load_landed(warehouse, load_id)


def load_landed(warehouse: Warehouse, load_id: str) -> LoadReport:
    """The same on an open warehouse."""
    settle(warehouse)
    entry = ledger_entry(warehouse, load_id)
    if is_due(warehouse, load_id):
        _load_file(warehouse, entry)
    settle(warehouse)
    warehouse.drop_temporary()
    warehouse.connection.commit()
    return read_report(warehouse, load_id)


def _load_file(warehouse: Warehouse, entry: dict[str, Any]) -> None:
    released = entry["state"] == "released"
    try:
        with local_file(entry) as file:
            facts = stage(warehouse, entry["feed"], file)
        results = judge_file(warehouse, facts)
        failed = [r.rule_id for r in results if r.status == "fail" and r.rule_id != UNREADABLE_ROW]
        if failed and not released:
            hold(warehouse, entry, _reason(failed, facts), facts.row_count, results)
            return
        names = {**names_of(warehouse, entry["feed"]), "batch_date": entry["batch_date"].isoformat()}
        warehouse.replace_temporary("staged", "loading/staged", names)
        results += judge(warehouse, entry["feed"])
        if broken := [result.rule_id for result in results if result.status == "error"]:
            error = RegistryError("REG-303", f"cannot evaluate {', '.join(broken)}")
            hold(warehouse, entry, error, facts.row_count, results)
            return
        apply_overrides(warehouse, names)
    except RegistryError as error:
        if error.code not in (CHANGED, *HOLDING):
            raise
        hold(warehouse, entry, error, (entry["rows_received"] or 0) if error.code == CHANGED else 0, [])
        return
    failing = count_failing(warehouse) + facts.unreadable_rows
    if not released and (exceeded := share_exceeded(warehouse, entry["feed"], failing, facts.row_count)):
        hold(warehouse, entry, RegistryError("REG-307", exceeded), facts.row_count, results, failing, names)
        return
    with warehouse.transaction():
        counts = _write_rows(warehouse, entry, names)
        counts["quarantined"] += failing + count_refused(warehouse)
        counts["received"] = facts.row_count
        finish(warehouse, entry, "loaded", None, counts, results, failing)
        keep_failures(warehouse, entry, names, loaded=True)
        keep_unreadable(warehouse, entry, names)
        count_failures(warehouse, entry["load_id"])
        audit(warehouse)


def _write_rows(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> dict[str, int]:
    refuse(warehouse, names)
    write_versions(warehouse, entry, names)
    write_quarantine(warehouse, entry, names)
    reject_again(warehouse, entry["load_id"])
    write_consequences(warehouse, entry, names)
    return count_fates(warehouse)


def _reason(failed: list[str], facts: FileFacts) -> RegistryError:
    missing = f" (missing: {', '.join(facts.missing)})" if facts.missing else ""
    return RegistryError("REG-302", f"failed {', '.join(failed)}{missing}")
