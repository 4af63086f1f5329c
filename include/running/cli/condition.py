"""Reads a person's condition as one expression that can only read tables of the warehouse."""

import sqlglot
from sqlglot import exp

from include.basics.errors import RegistryError

ALLOWED = (
    *(exp.Abs, exp.Ceil, exp.Floor, exp.Round, exp.Sqrt, exp.Ln, exp.Exp, exp.Pow, exp.Sign, exp.Trunc),
    *(exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Case, exp.If, exp.Cast, exp.TryCast),
    *(exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Trim, exp.Left, exp.Right, exp.Concat, exp.DPipe),
    *(exp.Replace, exp.SplitPart, exp.StartsWith, exp.EndsWith, exp.Contains, exp.StrPosition, exp.RegexpLike),
    *(exp.CurrentDate, exp.CurrentTimestamp, exp.Extract, exp.DateTrunc, exp.TimestampTrunc, exp.Year, exp.Month),
    *(exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Exists, exp.Any, exp.Array),
    *(exp.And, exp.Or, exp.Xor, exp.JSONExtract, exp.JSONExtractScalar),
)
"""The functions that a condition may call: none of them writes, waits, or reaches out of the warehouse."""
REFUSED = (exp.DML, exp.DDL, exp.Command, exp.Lock, exp.Into, exp.Placeholder, exp.Parameter, exp.SessionParameter)


def read_condition(text: str, dialect: str, tables: set[str]) -> str:
    """The SQL of a condition, made anew from what it was read as.

    `dialect` is that of the engine (duckdb, postgresql), `tables` are those (schema.table) that a subquery may read.
    Raises RegistryError REG-105 when it is not one expression, or does more than read.
    """
    try:
        (condition,) = sqlglot.Dialect.get_or_raise(_named(dialect)).parse_into(exp.Condition, text)
    except (sqlglot.errors.SqlglotError, ValueError, RecursionError):
        raise RegistryError("REG-105", "The condition is not one expression.") from None
    if condition is None:
        raise RegistryError("REG-105", "The condition is empty.")
    for part in condition.walk():
        if wrong := _wrong(part, tables):
            raise RegistryError("REG-105", f"The condition {wrong}.")
    return condition.sql(dialect=_named(dialect), comments=False)


def _named(dialect: str) -> str:
    return "postgres" if dialect == "postgresql" else dialect


def _wrong(part: exp.Expr, tables: set[str]) -> str:
    """What a part of the condition does that a condition may not; empty when nothing."""
    if isinstance(part, REFUSED):
        return "may only read"
    if isinstance(part, exp.Func) and not isinstance(part, ALLOWED):
        return "calls a function that is not allowed"
    if isinstance(part, exp.Table) and (part.catalog or f"{part.db}.{part.name}" not in tables):
        return "reads what is no table of the registry"
    return ""
