"""The fate of each touched row of a feed."""

from include.pipeline.resolving.persons import refuse_merges
from include.pipeline.resolving.scope import Scope
from include.pipeline.validation import judge
from include.warehouse import Warehouse
from include.warehouse.sql import OfTable, render

KEPT = (
    "received.file",
    "received.reading",
    "resolved.fate",
    "resolved.reading",
    "resolved.row_count",
    "resolved.spelling",
)
"""What is kept for all feeds, of which PostgreSQL's planner has to know how many rows there are."""


def decide_fates(warehouse: Warehouse, scope: Scope) -> set[str]:
    """Make the temporary tables `fate` and `failed`; returns the rules that cannot be evaluated: none then."""
    for table in ("touched_key", "known"):
        _make(warehouse, scope, table)
    if broken := judge(warehouse, scope.late_rules, "known").broken:
        return broken
    warehouse.run_file("resolving/special", scope)
    _make(warehouse, scope, "failed")
    if scope.cells:
        warehouse.run_file("resolving/moot")
    _make(warehouse, scope, "standing")
    if _make_owner(warehouse, scope) and (broken := _set_aside_by_others(warehouse, scope)):
        return broken
    _make(warehouse, scope, "fate")
    return set()


def keep_fates(warehouse: Warehouse, scope: Scope) -> None:
    """Put the temporary table `fate` in the place of what was known, and queue the patients whose versions changed."""
    with warehouse.transaction():
        _make(warehouse, scope, "previous")
        _keep_absent(warehouse, scope)
        if scope.f.of_patients:
            warehouse.run_file("resolving/touch", scope)
        if scope.is_watched and not scope.everything:
            with warehouse.joins_of_many():
                _make(warehouse, scope, "touched_month")
        warehouse.run_verbatim(render("resolving/forget", scope))
        for statement in ("keep_fate", "keep_cells", "keep_failures", "mark_readings", "mark_decisions"):
            warehouse.run_file(f"resolving/{statement}", scope)
        _keep_counts(warehouse, scope)
        warehouse.analyze_grown(*KEPT, f"received.{scope.feed}")
        _keep_column_counts(warehouse, scope)
        warehouse.run("DELETE FROM resolved.due WHERE feed = :feed", feed=scope.feed)
        warehouse.count_step("load")
        warehouse.count_step(f"clinical.{scope.feed}")


def _keep_counts(warehouse: Warehouse, scope: Scope) -> None:
    """Count the rows of new readings, and list the units that they have, for those who would look through all rows."""
    for table, is_kept in (("row_count", scope.f.waits), ("spelling", scope.f.measured)):
        if is_kept:
            warehouse.run_file("resolving/forget_reading", OfTable(table))
            warehouse.run_file(f"resolving/keep_{table}", scope)


def _keep_column_counts(warehouse: Warehouse, scope: Scope) -> None:
    """Count what the columns say in the touched months: all rows of a month together, as a patient counts once."""
    if scope.is_watched:
        with warehouse.joins_of_many():
            for statement in ("forget_column_count", "keep_column_count"):
                warehouse.run_file(f"resolving/{statement}", scope)
        warehouse.analyze_grown("resolved.column_count")


def _keep_absent(warehouse: Warehouse, scope: Scope) -> None:
    """Note which keys the latest full exports have not; it takes as long as they and the ones before them are."""
    _make(warehouse, scope, "full_export")
    if warehouse.scalar("SELECT COUNT(*) FROM full_export"):
        _make(warehouse, scope, "present_key")
        for statement in ("forget_absent", "keep_absent"):
            warehouse.run_file(f"resolving/{statement}", scope)


def _make_owner(warehouse: Warehouse, scope: Scope) -> bool:
    """Make the temporary table `owner`: what other rows make of a row; whether there is something to judge."""
    if not scope.f.of_patients:
        return refuse_merges(warehouse, scope)
    _make(warehouse, scope, "owner")
    return bool(warehouse.scalar("SELECT COUNT(*) FROM owner WHERE is_moved"))


def _set_aside_by_others(warehouse: Warehouse, scope: Scope) -> set[str]:
    if broken := judge(warehouse, scope.key_rules, "owner").broken:
        return broken
    warehouse.run_file("resolving/moved", scope)
    warehouse.run_file("resolving/set_aside_moved")
    return set()


def _make(warehouse: Warehouse, scope: Scope, table: str) -> None:
    warehouse.replace_temporary(table, f"resolving/{table}", scope)
    warehouse.analyze(table)
