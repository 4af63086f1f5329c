"""What each rule says of a file that is tried, and of which of its rows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.definitions import contracts
from include.definitions.expectations import own_rules
from include.pipeline.validation import judge
from include.pipeline.validation.compiled import count_checked
from include.warehouse import Warehouse

MOST = 10
"""How many rows and tests of a rule are named."""


@dataclass(frozen=True)
class Said:
    """What a rule says of the file.

    `rows` are the first that fail, counted from 1 below the header, `tests` the tests that they are of.
    """

    rule_id: str
    severity: str
    failed: int
    checked: int
    rows: list[int]
    tests: list[str]


def said_of(warehouse: Warehouse, feed: str, places: Sequence[int]) -> list[Said]:
    """What the rules say of the rows in the temporary table `staged`; `places` are these rows' numbers in the file."""
    rules = own_rules(feed)
    judged = judge(warehouse, rules, "staged")
    failed = dict(warehouse.run("SELECT rule_id, COUNT(*) FROM failing GROUP BY rule_id").tuples().all())
    checked: Counter[str] = Counter()
    for _, rule_id, looked_at in count_checked(warehouse, judged.rules, "staged"):
        checked[rule_id] += looked_at
    rows, tests = _failing(warehouse, feed, places)
    return [
        Said(
            rule.rule_id,
            rule.severity,
            int(failed[rule.rule_id]),
            checked[rule.rule_id],
            rows[rule.rule_id],
            sorted(tests[rule.rule_id]),
        )
        for rule in rules
        if rule.rule_id in failed
    ]


def _failing(
    warehouse: Warehouse, feed: str, places: Sequence[int]
) -> tuple[Mapping[str, list[int]], Mapping[str, set[str]]]:
    """Of each rule the first rows that fail it, as the file counts them, and the tests that they are of."""
    test = "CONCAT_WS(' ', s.test_code, s.test_name)" if "test_code" in contracts.read(feed).names else "NULL"
    found = warehouse.run_verbatim(
        f"SELECT f.rule_id, s.file_row_number, {test} FROM failing AS f "
        "INNER JOIN staged AS s ON f.row_number = s.row_number ORDER BY s.file_row_number, f.rule_id"
    )
    rows: dict[str, list[int]] = defaultdict(list)
    tests: dict[str, set[str]] = defaultdict(set)
    for rule_id, number, said in found.tuples():
        if len(rows[rule_id]) < MOST and places[number - 1] not in rows[rule_id]:
            rows[rule_id].append(places[number - 1])
        if said and len(tests[rule_id]) < MOST:
            tests[rule_id].add(said)
    return rows, tests
