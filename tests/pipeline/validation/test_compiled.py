"""The kept SQL of the rules says of every row what Great Expectations says, on nights and at random."""

import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.definitions import contracts
from include.definitions.contracts import Field
from include.definitions.expectations import Rule, read_suite
from include.pipeline.validation.compiled import (
    CompiledRule,
    count_checked,
    fingerprint,
    keep_rules,
    known_rules,
    write_failing,
)
from include.pipeline.validation.compiling import compile_rules, plain_condition
from include.warehouse import Warehouse
from tests.pipeline.validation.test_judge import stage_file, stage_rows
from tests.support import great_expectations
from tests.support.extracts import Row, row
from tests.support.registry import Registry

NUMBERS = ("", "0", "1", "2.5", "5", "7", "20", "100", "170", "3000", "-3", "0.01", "1e9", "<5", ">=60", "many")
DATES = ("", "2010-01-10", "1950-06-15", "2012-03-01", "2031-01-01", "1890-01-01", "2012-02-30", "soon")
FAILING = "CREATE TEMPORARY TABLE found (row_number BIGINT, rule_id TEXT, level TEXT, severity TEXT)"


@pytest.fixture(autouse=True)
def _nothing_is_kept(request: pytest.FixtureRequest) -> None:
    """The tests' warehouses keep all rules, as nobody wants to wait for them: here they are made."""
    name = {"registry", "duckdb_registry"} & set(request.fixturenames)
    for registry in map(request.getfixturevalue, name):
        registry.warehouse.run("DELETE FROM ops.compiled_rule")
        registry.warehouse.connection.commit()


def given_rule(rule_id: str, kind: str, level: str = "row", **kwargs: Any) -> Rule:
    """A rule of these settings."""
    settings = {
        "type": kind,
        "kwargs": kwargs,
        "meta": {"rule_id": rule_id},
        "severity": "warning",
        "description": "A rule of a test.",
    }
    return Rule(rule_id, "warning", level, settings)


def rows_query(rule_id: str, query: str) -> Rule:
    """A rule that is a query."""
    return given_rule(rule_id, "unexpected_rows_expectation", unexpected_rows_query=query)


def words_of(feed: str) -> dict[str, list[str]]:
    """The codes that a suite's rules name: those of each column's set, and under "" those of its queries."""
    words: dict[str, list[str]] = {"": []}
    for rule in read_suite(feed):
        given = rule.settings["kwargs"]
        words[""] += re.findall(r"'([^']+)'", given.get("unexpected_rows_query", ""))
        if "value_set" in given:
            words[given["column"]] = [str(value) for value in given["value_set"]]
    return words


def random_cell(chance: random.Random, field: Field, words: dict[str, list[str]], number: int) -> str:
    """A cell that may be good, missing, unreadable, impossible or unknown."""
    if field.name.endswith("_id"):
        return chance.choice(("", "K1", f"K{number}", f"K{number}", f"K{number}"))
    if field.type in ("date", "timestamp"):
        return chance.choice(DATES) + chance.choice(("", "T08:15") if field.type == "timestamp" else ("",))
    if field.type == "partial_date":
        return chance.choice((*DATES, "2012", "2012-03", "1950"))
    if field.type != "text":
        return chance.choice(NUMBERS)
    return chance.choice([*words.get(field.name, []), *chance.choices(words[""] or ["x"], k=3), "", "junk"])


def random_rows(feed: str, count: int, seed: int) -> list[Row]:
    """Valid rows of which some cells are replaced, from none to all."""
    chance, words, made = random.Random(seed), words_of(feed), []  # noqa: S311
    for number in range(1, count + 1):
        share = chance.choice((0, 0.1, 0.5, 1))
        cells = {
            field.name: random_cell(chance, field, words, number)
            for field in contracts.read(feed).fields
            if chance.random() < share
        }
        made.append(row(feed, f"V{number}", **cells) | {k: v for k, v in cells.items() if v or chance.random() < 0.5})
    return made


def settle(warehouse: Warehouse, feed: str) -> None:
    """Let the staged rows have births, deaths, moves and a part, each by its number."""
    flags = {"patients": (), "merges": ("closes_cycle", "has_other_survivor")}.get(feed, ("is_moved",))
    told = "".join(f", {flag} = CASE row_number % 4 WHEN 0 THEN TRUE WHEN 1 THEN FALSE END" for flag in flags)
    warehouse.run("ALTER TABLE staged ADD COLUMN part BIGINT")
    warehouse.run(
        "UPDATE staged SET part = row_number % 3,"
        " patient_birth_date = CASE row_number % 3 WHEN 0 THEN DATE '1950-06-15' WHEN 1 THEN DATE '2011-01-01' END,"
        " patient_death_date = CASE row_number % 5 WHEN 0 THEN DATE '2012-01-01' END,"
        f" patient_earliest_death_date = CASE row_number % 5 WHEN 0 THEN DATE '2011-12-01' END{told}"
    )


def compiled_of(warehouse: Warehouse, rules: Sequence[Rule], table: str = "staged") -> list[CompiledRule]:
    """All of the rules as SQL, as they are read from where they are kept."""
    compiled, broken = compile_rules(warehouse, rules, table)
    assert broken == []
    keep_rules(warehouse, rules, compiled)
    assert known_rules(warehouse, rules) == compiled
    return compiled


def failing_of(warehouse: Warehouse, compiled: Sequence[CompiledRule], table: str = "staged") -> Counter[Any]:
    """The failing rows by the compiled rules, all of which can be evaluated."""
    warehouse.run("DROP TABLE IF EXISTS found")
    warehouse.run(FAILING)
    assert write_failing(warehouse, compiled, table, "found") == []
    return Counter(warehouse.run("SELECT row_number, rule_id, level, severity FROM found").tuples().all())


def checked_of(warehouse: Warehouse, compiled: Sequence[CompiledRule], table: str = "staged") -> dict[Any, int]:
    """How many rows the rules looked at, by part and rule."""
    counts = count_checked(warehouse, compiled, table, "part")
    assert len(counts) == len({count[:2] for count in counts})
    return {(part, rule_id): rows for part, rule_id, rows in counts}


def by_rule(counts: dict[Any, int]) -> dict[str, int]:
    """The counts of all parts together."""
    together: Counter[str] = Counter()
    for (_, rule_id), rows in counts.items():
        together[rule_id] += rows
    return dict(together)


def agree(warehouse: Warehouse, feed: str, compiled: Sequence[CompiledRule]) -> int:
    """Compare the kept SQL with Great Expectations on `staged`; returns how many rules a row failed."""
    rules = read_suite(feed)
    said = great_expectations.counts_of(warehouse, rules, "staged")
    expected = great_expectations.failing_of(warehouse, rules, "staged")
    assert failing_of(warehouse, compiled) == expected
    failed = Counter(rule_id for _, rule_id, _, _ in expected.elements())
    assert failed == Counter({rule_id: rows for rule_id, (_, rows) in said.items() if rows})
    assert by_rule(checked_of(warehouse, compiled)) == {rule_id: checked for rule_id, (checked, _) in said.items()}
    return len(failed)


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_kept_rules_say_what_great_expectations_says(
    registry: Registry, first_night: Path, tmp_path: Path, feed: str
) -> None:
    warehouse, rules = registry.warehouse, read_suite(feed)
    stage_rows(warehouse, tmp_path, feed, row(feed))
    compiled = compiled_of(warehouse, rules)
    for file in (first_night / contracts.read(feed).source / feed).rglob("*.*"):
        stage_file(warehouse, feed, file)
        settle(warehouse, feed)
        agree(warehouse, feed, compiled)
    stage_rows(warehouse, tmp_path, feed, *random_rows(feed, 300, seed=0))
    settle(warehouse, feed)
    assert agree(warehouse, feed, compiled) >= len(rules) * 0.7
    assert sum(rule.condition is not None for rule in compiled) >= len(rules) / 2


def test_rules_of_the_file_are_compiled_for_many_files(registry: Registry) -> None:
    warehouse, rules = registry.warehouse, read_suite("file")
    facts = [(5, 0, 0, 0, 0), (5, 2, 0, 1, 0), (9, 0, 2, 0, 3)]
    warehouse.run(
        "CREATE TEMPORARY TABLE staged_files (row_number BIGINT, part BIGINT, row_count BIGINT,"
        " missing_columns BIGINT, unknown_columns BIGINT, repeated_columns BIGINT, unreadable_rows BIGINT)"
    )
    for number, of in enumerate(facts):
        warehouse.run(f"INSERT INTO staged_files VALUES {(number, number, *of)}")
    compiled = compiled_of(warehouse, rules, "staged_files")
    expected = great_expectations.failing_of(warehouse, rules, "staged_files")
    assert len(expected) == 4
    assert failing_of(warehouse, compiled, "staged_files") == expected
    checked = checked_of(warehouse, compiled, "staged_files")
    assert checked == {(n, rule.rule_id): 1 for n in range(len(facts)) for rule in rules}
    assert all(rule.condition for rule in compiled)


def test_counts_of_rows_looked_at_are_by_group(registry: Registry, tmp_path: Path) -> None:
    cells: Iterable[dict[str, str]] = [{"ecog": "1"}, {}, {"ecog": "7"}, {"ecog": "2", "status": "cancelled"}, {}]
    rows = [row("visits", f"V{n}", **cell) for n, cell in enumerate(cells)]
    stage_rows(registry.warehouse, tmp_path, "visits", *rows)
    compiled = compiled_of(registry.warehouse, read_suite("visits"))
    settle(registry.warehouse, "visits")
    counts = checked_of(registry.warehouse, compiled)
    assert [counts[part, "visits.ecog.impossible"] for part in range(3)] == [1, 1, 0]
    assert [counts[part, "visits.visit_id.missing"] for part in range(3)] == [1, 2, 2]


def test_a_changed_rule_has_another_fingerprint_and_is_not_known(registry: Registry, tmp_path: Path) -> None:
    warehouse, rules = registry.warehouse, list(read_suite("visits"))
    stage_rows(warehouse, tmp_path, "visits", row("visits"))
    assert known_rules(warehouse, rules) is None
    compiled = compiled_of(warehouse, rules)
    assert known_rules(warehouse, rules[:3]) == compiled[:3]
    old = rules[0]
    changed = replace(old, severity="info", settings={**old.settings, "severity": "info"})
    assert fingerprint(warehouse, [changed]) != fingerprint(warehouse, [old])
    assert fingerprint(warehouse, [*rules[1:], changed]) != fingerprint(warehouse, rules)
    assert known_rules(warehouse, [changed, *rules[1:]]) is None
    keep_rules(warehouse, [changed], compile_rules(warehouse, [changed], "staged")[0])
    assert [rule.severity for rule in known_rules(warehouse, [changed]) or []] == ["info"]
    assert known_rules(warehouse, rules) is None
    assert registry.rows("SELECT COUNT(*) FROM ops.compiled_rule") == [(len(rules),)]


def test_another_contract_or_version_is_another_fingerprint(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, before = read_suite("visits"), fingerprint(registry.warehouse, read_suite("visits"))
    contract = contracts.read("visits")
    monkeypatch.setattr(contracts, "read", lambda _: replace(contract, fields=contract.fields[:-1]))
    assert fingerprint(registry.warehouse, rules) != before
    monkeypatch.undo()
    assert fingerprint(registry.warehouse, rules) == before
    monkeypatch.setattr("include.pipeline.validation.compiled._making", lambda: ["2.0"])
    assert fingerprint(registry.warehouse, rules) != before


def test_a_broken_rule_is_named_and_the_others_are_compiled(registry: Registry, tmp_path: Path) -> None:
    broken = [
        rows_query("visits.x.gone", "SELECT row_number FROM {batch} WHERE no_such_column IS NULL"),
        rows_query("visits.x.wrong", "SELECT row_number FROM {batch} WHERE"),
        given_rule("visits.x.missing", "expect_column_values_to_not_be_null", column="no_such_column"),
        given_rule("visits.x.mostly", "expect_column_values_to_not_be_null", column="ecog", mostly=0.5),
        given_rule("visits.x.mean", "expect_column_mean_to_be_between", column="weight_kg", min_value=1),
    ]
    rules = [broken[0], *read_suite("visits"), *broken[1:]]
    stage_rows(registry.warehouse, tmp_path, "visits", row("visits"), row("visits", "V2", visit_date="soon"))
    compiled, named = compile_rules(registry.warehouse, rules, "staged")
    assert named == sorted(rule.rule_id for rule in broken)
    assert [rule.rule_id for rule in compiled] == [rule.rule_id for rule in read_suite("visits")]
    keep_rules(registry.warehouse, rules, compiled)
    assert known_rules(registry.warehouse, rules) is None
    settle(registry.warehouse, "visits")
    agree(registry.warehouse, "visits", compiled)


def test_a_rule_that_no_longer_can_be_evaluated_is_named_and_the_others_enter(
    registry: Registry, tmp_path: Path
) -> None:
    stage_rows(registry.warehouse, tmp_path, "visits", row("visits", visit_date="soon"), row("visits", "V2", ecog="9"))
    compiled = compiled_of(registry.warehouse, read_suite("visits"))
    expected = failing_of(registry.warehouse, compiled)
    assert expected
    gone = "no_such_column IS NULL"
    query = f"SELECT row_number FROM {{batch}} WHERE {gone}"
    broken = [
        CompiledRule("visits.x.gone", "warning", "row", gone, query, "TRUE"),
        CompiledRule("visits.x.query", "warning", "row", None, query, "TRUE"),
    ]
    registry.warehouse.run("DELETE FROM found")
    assert write_failing(registry.warehouse, [broken[0], *compiled, broken[1]], "staged", "found") == [
        "visits.x.gone",
        "visits.x.query",
    ]
    found = registry.warehouse.run("SELECT row_number, rule_id, level, severity FROM found").tuples().all()
    assert Counter(found) == expected


def test_what_great_expectations_knows_beyond_the_suites_is_compiled_too(registry: Registry, tmp_path: Path) -> None:
    kept = {"type": "comparison", "column": {"name": "status"}, "operator": "!=", "parameter": "100%"}
    pair = {"column_A": "height_cm", "column_B": "weight_kg", "row_condition": kept}
    rules = [
        given_rule("visits.a.unique", "expect_column_values_to_be_unique", column="patient_id", row_condition=kept),
        given_rule("visits.a.longer", "expect_column_value_lengths_to_be_between", column="status", max_value=4),
        given_rule("visits.a.strict", "expect_column_pair_values_a_to_be_greater_than_b", **pair),
        given_rule(
            "visits.a.never", "expect_column_pair_values_a_to_be_greater_than_b", **pair, ignore_row_if="neither"
        ),
        rows_query("visits.a.said", "SELECT row_number FROM {batch} WHERE status <> ': {{x}} %é'"),
    ]
    cells = [{}, {"status": "100%"}, {"height_cm": "170"}, {"weight_kg": ""}, {"height_cm": "50", "weight_kg": "80"}]
    rows = [row("visits", f"V{n}", **{"weight_kg": "60", **cell}) for n, cell in enumerate(cells)]
    stage_rows(registry.warehouse, tmp_path, "visits", *rows)
    compiled = compiled_of(registry.warehouse, rules)
    assert [rule.rule_id for rule in compiled if rule.condition is None] == ["visits.a.unique"]
    found = failing_of(registry.warehouse, compiled)
    failed = {r.rule_id: {number for number, rule_id, _, _ in found if rule_id == r.rule_id} for r in rules}
    assert list(failed.values()) == [{1, 3, 4, 5}, {1, 3, 4, 5}, {5}, {5}, {1, 2, 3, 4, 5}]


def test_known_rules_are_judged_by_without_great_expectations(duckdb_registry: Registry, tmp_path: Path) -> None:
    stage_rows(duckdb_registry.warehouse, tmp_path, "visits", row("visits"))
    compiled_of(duckdb_registry.warehouse, read_suite("visits"))
    url = duckdb_registry.warehouse.engine.url.render_as_string(hide_password=False)
    duckdb_registry.warehouse.connection.close()
    duckdb_registry.warehouse.engine.dispose()
    program = f"""
import sys
from include.definitions.expectations import read_suite
from include.pipeline.validation.compiled import known_rules
from include.warehouse import open_warehouse
with open_warehouse({url!r}) as warehouse:
    known = known_rules(warehouse, read_suite("visits"))
print(len(known), "great_expectations" in sys.modules, "sqlglot" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(read_suite("visits"))), "False", "False"]


def test_a_batch_of_no_rows_is_enough_to_compile(registry: Registry, tmp_path: Path) -> None:
    warehouse, rules = registry.warehouse, read_suite("results")
    stage_rows(warehouse, tmp_path, "results", row("results"))
    full = compiled_of(warehouse, rules)
    warehouse.run("DELETE FROM staged")
    assert compiled_of(warehouse, rules) == full
    assert failing_of(warehouse, full) == Counter()


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("SELECT row_number FROM {batch} WHERE a > 1;", "a > 1"),
        ("SELECT row_number, a FROM {batch} WHERE a = ';' -- x", "a = ';'"),
        ('SELECT row_number FROM {batch} WHERE "WHERE" IN (1)', '"WHERE" IN (1)'),
        ("SELECT row_number FROM {batch}", None),
        ("SELECT DISTINCT row_number FROM {batch} WHERE a > 1", None),
        ("SELECT row_number FROM {batch} WHERE a > 1 LIMIT 1", None),
        ("SELECT row_number FROM {batch} WHERE a > 1 ORDER BY a", None),
        ("SELECT a AS row_number FROM {batch} WHERE a > 1", None),
        ("SELECT MIN(row_number) AS row_number FROM {batch} WHERE a > 1", None),
        ("SELECT row_number FROM {batch} WHERE a > 1 GROUP BY row_number", None),
        ("SELECT b.row_number FROM {batch} AS b WHERE b.a > 1", None),
        ("SELECT row_number FROM {batch}, other WHERE a > 1", None),
        ("SELECT row_number FROM {batch} INNER JOIN other ON a = b WHERE a > 1", None),
        ("SELECT row_number FROM {batch} WHERE a IN (SELECT a FROM {batch})", None),
        ("WITH x AS (SELECT 1) SELECT row_number FROM {batch} WHERE a > 1", None),
        ("SELECT row_number FROM {batch} WHERE a > 1 UNION ALL SELECT row_number FROM {batch} WHERE a > 2", None),
        ("SELECT row_number FROM", None),
        ("", None),
    ],
)
def test_a_condition_is_taken_from_plain_queries_only(dialect: str, query: str, condition: str | None) -> None:
    assert plain_condition(query, dialect) == condition
