"""The verdict on a batch: every failing row in the table `failing`, how many rows each rule looked at in `checked`.

Great Expectations judges the first rows of the first batch after a rule changed, and what it asked is kept as SQL,
which every row is asked (`include/pipeline/validation/compiled.py`). No cell value leaves the engine.
"""

from collections.abc import Sequence

from include.definitions.expectations import Rule
from include.pipeline.validation.compiled import CompiledRule, keep_rules, known_rules, write_checked, write_failing
from include.warehouse import Warehouse


def judge(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> set[str]:
    """Judge the rows of a temporary table or view, whose column row_number numbers them through all files.

    Leaves the temporary tables `failing` (row_number, rule_id, level, severity) with every rule that a row fails, and
    `checked` (file_number, rule_id, rows_checked). Returns the rules that cannot be evaluated: the tables say nothing
    of them.
    """
    for name in ("failing", "checked"):
        warehouse.replace_temporary(name, f"receiving/{name}", {})
    broken: set[str] = set()
    if not warehouse.scalar(f"SELECT COUNT(*) FROM {table}"):
        return broken
    compiled = known_rules(warehouse, rules)
    if compiled is None:
        compiled, refused = _compile(warehouse, rules, table)
        broken |= set(refused)
    broken |= set(write_failing(warehouse, compiled, table, "failing"))
    write_checked(warehouse, [one for one in compiled if one.rule_id not in broken], table, "file_number", "checked")
    warehouse.connection.commit()
    return broken


def _compile(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> tuple[list[CompiledRule], list[str]]:
    """The rules as SQL, which is kept, and those that are none, by the first rows of the batch."""
    from include.pipeline.validation.compiling import compile_rules

    warehouse.replace_temporary("first_rows", "validation/first_rows", {"table": table})
    compiled, refused = compile_rules(warehouse, rules, "first_rows")
    warehouse.run("DROP TABLE first_rows")
    keep_rules(warehouse, rules, compiled)
    return compiled, refused
