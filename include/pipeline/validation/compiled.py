"""A suite as SQL: what Great Expectations said once of how each rule is asked, kept, and asked of a batch in one scan.

Great Expectations takes seconds to be imported and tenths of a second for each batch, whatever its size. Its queries of
failing rows are the same for every batch, so they are kept in `ops.compiled_rule` until a rule, the contract or the
version of Great Expectations is another one. Only `compiling` beside it asks it; nothing here imports it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from include.basics.templates import Names
from include.definitions import contracts
from include.definitions.expectations import Rule
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append
from include.warehouse.sql import OfTable, render

COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Great Expectations' results without any cell."""
Checked = tuple[int, str, int]
"""A file's number, a rule, and how many rows of the file it looked at."""
MAKING = ("compiling.py", "counting.py", "engine.py")
"""The files that decide what the SQL of a rule is."""


@dataclass(frozen=True)
class CompiledRule:
    """A rule as SQL of the warehouse's engine.

    `query` selects the `row_number` of each failing row of `{batch}`. `condition` is true for a row that fails (false
    or null for others); None = which rows fail depends on more than the row. `checked` is true for a row that the rule
    looks at.
    """

    rule_id: str
    severity: str
    level: str
    condition: str | None
    query: str
    checked: str

    def rows_of(self, table: str) -> str:
        """The query of the failing rows of a table or view."""
        return self.query.replace("{batch}", table)


@dataclass(frozen=True)
class Judging(
    Names,
    files="validation/count_checked validation/count_compiled validation/enter_queried validation/enter_scanned",
):
    """Rules that a table is judged by: failing rows go to the table `target`; `group` is what rows are counted by."""

    rules: Sequence[CompiledRule]
    table: str
    target: str = ""
    group: str = ""


def fingerprint(warehouse: Warehouse, rules: Sequence[Rule]) -> str:
    """A hash of everything that the SQL of some rules depends on; Great Expectations need not be imported for it."""
    feeds = sorted({rule.rule_id.partition(".")[0] for rule in rules} & {*contracts.FEEDS})
    judged = [[r.rule_id, r.severity, r.level, r.settings["type"], r.settings["kwargs"]] for r in rules]
    known = [_making(), warehouse.engine.dialect.name, judged, [repr(contracts.read(feed)) for feed in feeds]]
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _making() -> list[str]:
    """What compiles rules: Great Expectations' version, and the code around it."""
    folder = Path(__file__).parent
    code = (hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in MAKING)
    return [version("great_expectations"), version("sqlglot"), *code]


def known_rules(warehouse: Warehouse, rules: Sequence[Rule]) -> list[CompiledRule] | None:
    """The rules as they were kept, in the same order; None when one of them has to be compiled (again)."""
    if not rules:
        return []
    rule_ids = [rule.rule_id for rule in rules]
    kept = {row.rule_id: row for row in warehouse.run_file("validation/compiled_rules", rule_ids=rule_ids)}
    known = []
    for rule in rules:
        row = kept.get(rule.rule_id)
        if row is None or row.fingerprint != fingerprint(warehouse, [rule]):
            return None
        known.append(
            CompiledRule(rule.rule_id, rule.severity, rule.level, row.fails_when, row.failing_query, row.checked_when)
        )
    return known


def keep_rules(warehouse: Warehouse, rules: Sequence[Rule], compiled: Sequence[CompiledRule]) -> None:
    """Keep the compiled ones of some rules in place of what is kept of all of these."""
    if not rules:
        return
    by_id = {rule.rule_id: rule for rule in rules}
    rows = [
        {**_kept(rule, fingerprint(warehouse, [by_id[rule.rule_id]])), "compiled_at": utc_now()} for rule in compiled
    ]
    with warehouse.transaction():
        warehouse.wait_for_turn()
        warehouse.run_file("validation/forget_rules", OfTable("ops.compiled_rule"), rule_ids=list(by_id))
        append(warehouse, "ops.compiled_rule", rows)


def _kept(rule: CompiledRule, made_of: str) -> dict[str, str | None]:
    return {
        "rule_id": rule.rule_id,
        "fingerprint": made_of,
        "fails_when": rule.condition,
        "failing_query": rule.query,
        "checked_when": rule.checked,
    }


def write_failing(warehouse: Warehouse, compiled: Sequence[CompiledRule], table: str, target: str) -> list[str]:
    """Enter each row of `table` that fails a rule in `target` (row_number, rule_id, level, severity).

    The rules that have a condition share one scan. Commits what came before, and the rows. Returns the rules that could
    not be evaluated; they enter no row.
    """
    try:
        _enter_failing(warehouse, compiled, table, target)
    except sa.exc.DBAPIError:
        return [rule.rule_id for rule in compiled if not _enters(warehouse, rule, table, target)]
    return []


def _enters(warehouse: Warehouse, rule: CompiledRule, table: str, target: str) -> bool:
    try:
        _enter_failing(warehouse, [rule], table, target)
    except sa.exc.DBAPIError:
        return False
    return True


def _enter_failing(warehouse: Warehouse, compiled: Sequence[CompiledRule], table: str, target: str) -> None:
    """Enter the failing rows of all rules or of none."""
    scanned = [rule for rule in compiled if rule.condition is not None]
    others = [rule for rule in compiled if rule.condition is None]
    with warehouse.transaction():
        for rules, statement in ((scanned, "enter_scanned"), (others, "enter_queried")):
            if rules:
                warehouse.run_verbatim(render(f"validation/{statement}", Judging(rules, table, target)))


def count_checked(
    warehouse: Warehouse, compiled: Sequence[CompiledRule], table: str, group: str = "file_number"
) -> list[Checked]:
    """How many rows each rule looked at, by the column `group`: every group has a count of every rule, 0 too.

    To be asked for rules that could be evaluated.
    """
    if not compiled:
        return []
    found = warehouse.run_verbatim(render("validation/count_checked", Judging(compiled, table, group=group))).all()
    return [(row[0], one.rule_id, int(rows)) for row in found for one, rows in zip(compiled, row[1:], strict=True)]
