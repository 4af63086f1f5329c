"""The verdict on a batch: every failing row in the table `failing`, and the rules that were asked.

Great Expectations judges the first rows of the first batch after a rule changed, and what it asked is kept as SQL,
which every row is asked (`include/pipeline/validation/compiled.py`). No cell value leaves the engine.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from include.definitions.expectations import Rule
from include.pipeline.validation.compiled import CompiledRule, keep_rules, known_rules, write_failing
from include.warehouse import Warehouse


@dataclass
class Judged:
    """Which rules cannot be evaluated, which others were asked of how many rows together, and the seconds of that.

    Great Expectations, where it was asked, takes none of them.
    """

    broken: set[str] = field(default_factory=set)
    rules: Sequence[CompiledRule] = ()
    rows: int = 0
    seconds: float = 0.0


def judge(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> Judged:
    """Judge the rows of a temporary table or view, whose column row_number numbers them through all files.

    Leaves the temporary table `failing` (row_number, rule_id, level, severity) with every rule that a row fails. It
    says nothing of the rules that cannot be evaluated.
    """
    warehouse.replace_temporary("failing", "receiving/failing")
    judged = Judged(rows=int(warehouse.scalar(f"SELECT COUNT(*) FROM {table}")))
    if not judged.rows:
        return judged
    compiled = known_rules(warehouse, rules)
    if compiled is None:
        compiled, refused = _compile(warehouse, rules, table)
        judged.broken |= set(refused)
    began = time.perf_counter()
    judged.broken |= set(write_failing(warehouse, compiled, table, "failing"))
    judged.rules = [one for one in compiled if one.rule_id not in judged.broken]
    judged.seconds = time.perf_counter() - began
    return judged


def _compile(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> tuple[list[CompiledRule], list[str]]:
    """The rules as SQL, which is kept, and those that are none, by the first rows of the batch."""
    from include.pipeline.validation.compiling import compile_rules

    # enough for Great Expectations to say how each rule is asked; any rows will do
    warehouse.create_temporary("first_rows", f"AS SELECT * FROM {table} LIMIT 10000")
    compiled, refused = compile_rules(warehouse, rules, "first_rows")
    warehouse.run("DROP TABLE first_rows")
    keep_rules(warehouse, rules, compiled)
    return compiled, refused
