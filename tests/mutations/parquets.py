"""Mutations of Parquet files: types that nobody expects, columns that are not there, broken bytes."""

import tempfile
from functools import cache
from pathlib import Path
from random import Random

import duckdb

from tests.mutations.good import SENTINEL, Extract, Mutant, Mutation

TYPES = (
    "CAST(7 AS TINYINT)",
    "CAST(15400 AS INTEGER)",
    "CAST(1e300 AS DOUBLE)",
    "CAST('nan' AS DOUBLE)",
    "CAST('-infinity' AS REAL)",
    "CAST(30.5 AS DECIMAL(38, 10))",
    "CAST(170141183460469231731687303715884105727 AS HUGEINT)",
    "CAST(18446744073709551615 AS UBIGINT)",
    "TRUE",
    "NULL",
    "DATE '2012-01-05'",
    "DATE '-infinity'",
    "CAST('0044-03-15 (BC)' AS DATE)",
    "TIMESTAMP '2012-01-05 08:15:00.123456'",
    "TIMESTAMPTZ '2012-01-05 08:15:00+05'",
    "CAST('2012-01-05 08:15:00.123456789' AS TIMESTAMP_NS)",
    "TIME '08:15:00'",
    "INTERVAL 3 DAY",
    "CAST('\\x00\\xFF' AS BLOB)",
    "UUID '6f8a3a7e-0c5e-4a3c-9a63-0d6f3f7f2a11'",
    "[1, 2, NULL]",
    f"['{SENTINEL}', 'b']",
    f"{{'a': 1, 'b': '{SENTINEL}'}}",
    "MAP {'k': [1, 2]}",
    "[{'a': [1]}]",
    "CAST('x' AS ENUM ('x', 'y'))",
    "'a' || chr(0) || 'b'",
    f"repeat('{SENTINEL}', 5000)",
    "'é😀'",
)


def typed_otherwise(random: Random, extract: Extract) -> Mutant:
    """One to three columns of another type."""
    types = {name: random.choice(TYPES) for name in random.sample(extract.header, random.randrange(1, 4))}
    has_text_to_refuse = any("chr(0)" in kind or "5000" in kind for kind in types.values())
    rows = None if has_text_to_refuse else len(extract.rows)
    return Mutant(f"Parquet, {', '.join(types.values())}", parquet(extract, types), ".parquet", rows)


def columns_otherwise(random: Random, extract: Extract) -> Mutant:
    """Columns that lack, that nobody knows, and names that are none."""
    kept = random.sample(extract.header, random.randrange(1, len(extract.header) + 1))
    more = random.choice(
        (f'1 AS "{SENTINEL}"', '2 AS "a""b"', '3 AS " "', '[1, 2] AS "list"', "{'status': 1} AS \"s\"")
    )
    return Mutant("Parquet, other columns", parquet(extract, {}, kept, more), ".parquet", len(extract.rows))


def no_rows(_: Random, extract: Extract) -> Mutant:
    return Mutant("Parquet without rows", parquet(extract.with_rows([]), {}), ".parquet", 0)


def broken(random: Random, extract: Extract) -> Mutant:
    content = bytearray(parquet(extract, {}))
    if random.random() < 0.4:
        return Mutant("Parquet cut short", bytes(content[: random.randrange(len(content))]), ".parquet")
    for _ in range(random.choice((1, 1, 3, 20))):
        content[random.randrange(len(content))] = random.randrange(256)
    return Mutant("Parquet with bytes changed", bytes(content), ".parquet")


def parquet(extract: Extract, types: dict[str, str], kept: list[str] | None = None, more: str = "") -> bytes:
    """The file of an extract; `types` are expressions in the place of a column's text."""
    names = ", ".join(f'"{name}"' for name in extract.header)
    cells = [text or None for row in extract.rows or (extract.header,) for text in row]
    marks = ", ".join(f"({', '.join(['CAST(? AS VARCHAR)'] * len(extract.header))})" for _ in extract.rows or (1,))
    columns = [f'{types.get(name, _quoted(name))} AS "{name}"' for name in kept or extract.header]
    select = ", ".join([*columns, *filter(None, [more])])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.parquet"
        rows = f"SELECT {select} FROM (VALUES {marks}) AS t ({names}) LIMIT {len(extract.rows)}"
        _connection().execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet)", cells)
        return file.read_bytes()


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _quoted(name: str) -> str:
    return f'"{name}"'


MUTATIONS: tuple[Mutation, ...] = (typed_otherwise, columns_otherwise, no_rows, broken)
