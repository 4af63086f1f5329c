"""Has Great Expectations write rules as SQL, on a batch that it judges itself.

Its queries of failing rows leave out the row condition and the directive `ignore_row_if`, by which it counts, so these
are added. What comes out has to count on the batch what Great Expectations counts; else the rule is not compiled.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from include.definitions.expectations import Rule
from include.pipeline.validation.compiled import COUNTS, CompiledRule, Judging
from include.warehouse import Warehouse
from include.warehouse.sql import render

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

BATCH = "{batch}"
STAND_IN = "rows_of_the_batch"
"""What `{batch}` is called while a query is parsed."""
ROWS_QUERY = "unexpected_rows_query"
FORM = {**COUNTS, "unexpected_index_column_names": ["row_number"], "return_unexpected_index_query": True}
PLAIN = {"expressions", "from_", "where"}
"""The parts of a SELECT that is asked row by row."""


def compile_rules(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> tuple[list[CompiledRule], list[str]]:
    """The rules as SQL, by the batch `table`, which has a column `row_number`; and the ids of those that are none.

    These cannot be evaluated, or pass by more than their rows (`mostly`, a mean). Great Expectations needs the
    session's transactions for itself.
    """
    total: int = warehouse.scalar(f"SELECT COUNT(*) FROM {table}")
    found = _evaluate(warehouse, rules, table)
    judged = [rule for rule in rules if rule.rule_id in found]
    made = [one for rule in judged if (one := _compile(warehouse, rule, found[rule.rule_id], table))]
    said = {rule.rule_id: _counted(rule, found[rule.rule_id], total) for rule in judged}
    compiled = [one for one, counted in _count(warehouse, made, table) if counted == said[one.rule_id]]
    return compiled, sorted({rule.rule_id for rule in rules} - {rule.rule_id for rule in compiled})


def _evaluate(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> dict[str, Any]:
    """Great Expectations' result of each rule that it can evaluate; one that raises may take others with it."""
    found = _validate(warehouse, rules, table)
    for rule in rules if len(rules) > 1 else ():
        if rule.rule_id not in found:
            found |= _validate(warehouse, [rule], table)
    return found


def _validate(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> dict[str, Any]:
    from include.pipeline.validation.engine import batch_of, counting_suite, raised, rule_id_of

    if not rules:
        return {}
    warehouse.connection.commit()
    found = batch_of(warehouse, table).validate(counting_suite(list(rules)), result_format=FORM)
    warehouse.connection.rollback()
    return {rule_id_of(result): result for result in found.results if not raised(result)}


def _compile(warehouse: Warehouse, rule: Rule, found: Any, table: str) -> CompiledRule | None:
    given = found.expectation_config.kwargs
    condition = given.get("row_condition")
    if given.get("mostly", 1) != 1 or isinstance(condition, str):
        return None
    if ROWS_QUERY in given:
        return None if condition else _own(warehouse, rule, given[ROWS_QUERY])
    query = found.result.get("unexpected_index_query")
    if query is None or not {"column", "column_A"} & given.keys():
        return None
    return _mapped(warehouse, rule, _with_batch(query, table, _dialect(warehouse)), found)


def _own(warehouse: Warehouse, rule: Rule, text: str) -> CompiledRule:
    """A rule that is a query already; its braces are written as Great Expectations reads them."""
    query = _trimmed(text.format(batch=STAND_IN), _dialect(warehouse)).replace(STAND_IN, BATCH)
    condition = plain_condition(query, _dialect(warehouse))
    return CompiledRule(rule.rule_id, rule.severity, rule.level, condition, query, "TRUE")


def _mapped(warehouse: Warehouse, rule: Rule, query: str, found: Any) -> CompiledRule:
    """A rule about the values of one column or two, by Great Expectations' query, which knows no domain."""
    given = found.expectation_config.kwargs
    domain = _domain(warehouse, given)
    own = plain_condition(query, _dialect(warehouse))
    fails = own and _all([own, *domain])
    asked = f"SELECT row_number FROM {BATCH} WHERE "
    rows = f"{asked}{fails}" if fails else f"{asked}row_number IN (SELECT f.row_number FROM ({query}) AS f)"
    if domain and not fails:
        rows = f"{rows} AND {_all(domain)}"
    if "column" in given and "missing_count" in found.result:
        domain = [*domain, f"{_quoted(warehouse, given['column'])} IS NOT NULL"]
    checked = "TRUE" if rule.level == "lifespan" else _all(domain)
    return CompiledRule(rule.rule_id, rule.severity, rule.level, fails or None, rows, checked)


def _domain(warehouse: Warehouse, given: dict[str, Any]) -> list[str]:
    """Conditions of the rows that a rule is about."""
    condition = given.get("row_condition")
    domain = [_row_condition(warehouse, condition)] if condition else []
    if "column" in given:
        return domain
    a, b = (f"{_quoted(warehouse, given[name])} IS NOT NULL" for name in ("column_A", "column_B"))
    kept = {"either_value_is_missing": [a, b], "both_values_are_missing": [f"{a} OR {b}"]}
    return domain + kept.get(given.get("ignore_row_if", "both_values_are_missing"), [])


def _row_condition(warehouse: Warehouse, condition: Any) -> str:
    """A row condition as Great Expectations writes it into its statements."""
    from great_expectations.expectations.metrics.util import sqlalchemy_select_to_sql_string
    from great_expectations.expectations.row_conditions import deserialize_row_condition

    from include.pipeline.validation.engine import SessionEngine

    engine = SessionEngine(engine=warehouse.engine, create_temp_table=False)
    read: Any = deserialize_row_condition(condition) if isinstance(condition, dict) else condition
    clause: Any = engine.condition_to_filter_clause(read)
    select: Any = sa.select(sa.column("row_number")).select_from(sa.table(STAND_IN)).where(clause)
    written = plain_condition(sqlalchemy_select_to_sql_string(engine, select), _dialect(warehouse))
    if written is None:
        raise ValueError("A row condition asks for more than its row.")
    return written


def _quoted(warehouse: Warehouse, column: str) -> str:
    return warehouse.engine.dialect.identifier_preparer.quote(column)


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "TRUE"


def _dialect(warehouse: Warehouse) -> str:
    """The engine's name in sqlglot's words."""
    return "duckdb" if warehouse.is_duckdb else "postgres"


def _with_batch(query: str, table: str, dialect: str) -> str:
    """A query of Great Expectations with `{batch}` in the place of the table's name."""
    from sqlglot import TokenType

    query = _trimmed(query, dialect)
    for token in reversed(_tokens(query, dialect)):
        if token.token_type in (TokenType.VAR, TokenType.IDENTIFIER) and token.text == table:
            query = query[: token.start] + BATCH + query[token.end + 1 :]
    return query


def plain_condition(query: str, dialect: str) -> str | None:
    """The text after WHERE of a query that only picks rows of its one table, or None when it does more than that."""
    from sqlglot import TokenType, parse_one
    from sqlglot.errors import SqlglotError

    query = _trimmed(query.replace(BATCH, STAND_IN), dialect)
    try:
        parsed = parse_one(query, dialect=dialect)
    except SqlglotError:
        return None
    if not _is_plain(parsed):
        return None
    where = next(token for token in _tokens(query, dialect) if token.token_type == TokenType.WHERE)
    return query[where.end + 1 :].strip()


def _is_plain(parsed: Any) -> bool:
    """Whether a statement is `SELECT row_number, ... FROM table WHERE ...`, with nothing that looks beyond the row."""
    from sqlglot import exp

    if not isinstance(parsed, exp.Select) or {part for part, value in parsed.args.items() if value} != PLAIN:
        return False
    beyond = parsed.find_all(exp.Query, exp.Table, exp.Window, exp.AggFunc)
    table = parsed.args["from_"].this
    return (
        {id(node) for node in beyond} == {id(parsed), id(table)}
        and {part for part, value in table.args.items() if value} == {"this"}
        and all(isinstance(chosen, exp.Column) for chosen in parsed.expressions)
        and "row_number" in [chosen.name for chosen in parsed.expressions]
        and not any(column.table for column in parsed.find_all(exp.Column))
    )


def _trimmed(query: str, dialect: str) -> str:
    """A statement without what follows its last word: semicolons and comments, which would end what it is put into."""
    from sqlglot import TokenType
    from sqlglot.errors import SqlglotError

    try:
        words = [token for token in _tokens(query, dialect) if token.token_type != TokenType.SEMICOLON]
    except SqlglotError:
        return query
    return query[: words[-1].end + 1].strip() if words else query


def _tokens(query: str, dialect: str) -> list["Token"]:
    from sqlglot import tokenize

    return tokenize(query, read=dialect)


def _counted(rule: Rule, found: Any, total: int) -> tuple[int, int]:
    """How many rows Great Expectations looked at, and how many of them fail."""
    checked = found.result.get("element_count", total) - (found.result.get("missing_count") or 0)
    failed = 0 if found.success else int(found.result.get("unexpected_count", found.result.get("observed_value", 1)))
    return total if rule.level == "lifespan" else checked, failed


def _count(
    warehouse: Warehouse, rules: Sequence[CompiledRule], table: str
) -> list[tuple[CompiledRule, tuple[int, int]]]:
    """How many rows the SQL of each rule looks at and finds failing; a rule whose SQL raises is left out."""
    if not rules:
        return []
    statement = render("validation/count_compiled", Judging(rules, table))
    try:
        with warehouse.transaction():
            counts = [int(count) for count in warehouse.run_verbatim(statement).one()]
    except sa.exc.DBAPIError:
        return [counted for rule in rules for counted in _count(warehouse, [rule], table)] if len(rules) > 1 else []
    return list(zip(rules, zip(counts[::2], counts[1::2], strict=True), strict=True))
