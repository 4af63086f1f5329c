"""The fate of each touched row of a feed: from the temporary tables `new_reading` and `touched_key` to `fate`."""

from include.resolving.scope import Scope
from include.validation import judge
from include.warehouse import Warehouse


def decide_fates(warehouse: Warehouse, scope: Scope) -> set[str]:
    """Make the temporary tables `fate` and `failed`; returns the rules that cannot be evaluated: none then."""
    _make(warehouse, scope, "known")
    if broken := judge(warehouse, scope.late_rules, "known"):
        return broken
    warehouse.run_file("resolving/special", scope.names)
    _make(warehouse, scope, "failed")
    if scope.cells:
        warehouse.run_file("resolving/moot")
    for table in ("standing", "owner"):
        _make(warehouse, scope, table)
    if scope.move_rules and (broken := _set_moves_aside(warehouse, scope)):
        return broken
    _make(warehouse, scope, "fate")
    return set()


def keep_fates(warehouse: Warehouse, scope: Scope) -> None:
    """Put the temporary table `fate` in the place of what was known, and queue the patients whose versions changed."""
    names = scope.names
    with warehouse.transaction():
        _make(warehouse, scope, "previous")
        warehouse.run_file("resolving/touch", names)
        for table in ("fate", "cell", "failure"):
            warehouse.run_file("resolving/forget", {**names, "table": table})
        for statement in ("keep_fate", "keep_cells", "keep_failures", "mark_readings", "mark_decisions"):
            warehouse.run_file(f"resolving/{statement}", names)
        warehouse.run("DELETE FROM resolved.due WHERE feed = :feed", feed=scope.feed)
        warehouse.count_step("load")
    warehouse.analyze("resolved.fate")


def _set_moves_aside(warehouse: Warehouse, scope: Scope) -> set[str]:
    if not warehouse.scalar("SELECT COUNT(*) FROM owner WHERE is_moved"):
        return set()
    if broken := judge(warehouse, scope.move_rules, "owner"):
        return broken
    warehouse.run_file("resolving/moved", scope.names_of_moves)
    warehouse.run_file("resolving/set_aside_moved", scope.names_of_moves)
    return set()


def _make(warehouse: Warehouse, scope: Scope, table: str) -> None:
    warehouse.replace_temporary(table, f"resolving/{table}", scope.names)
    warehouse.analyze(table)
