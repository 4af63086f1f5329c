"""Whether limits of a site's list are ones that a laboratory can have, in a unit that the analyte is measured in."""

from collections.abc import Sequence

from include.definitions.checking.problem import REFERENCE
from include.definitions.sites.limits import Limit

TABLES = ("unit_word", "unit_conversion", "analyte", "analyte_code", "plausible_limit")
TYPES = dict.fromkeys(("factor", "lower_from", "lower_to", "upper_from", "upper_to"), "DOUBLE")


def doubts_of(limits: Sequence[Limit]) -> dict[int, str]:
    """What speaks against some lines: what gives a result of a file no grade gives none of a list, either."""
    import duckdb  # here: whoever has no limits does without

    from include.warehouse.sql import select_text

    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA reference")
        for table in TABLES:
            given = connection.read_csv(str(REFERENCE / f"{table}.csv"), header=True, all_varchar=True)
            typed = (f"CAST({name} AS {TYPES.get(name, 'VARCHAR')}) AS {name}" for name in given.columns)
            given.select(", ".join(typed)).create(f"reference.{table}")
        connection.execute("CREATE TABLE site_limit (line INTEGER, test_code TEXT, unit TEXT, low DOUBLE, high DOUBLE)")
        lines = [(one.line_number, one.test_code, one.unit, one.low, one.high) for one in limits]
        if lines:
            connection.executemany("INSERT INTO site_limit VALUES (?, ?, ?, ?, ?)", lines)
        found = connection.execute(select_text("reference/doubtful_limit")).fetchall()
    return {line: _said(unit, analyte, is_known=known) for line, unit, analyte, known in found}


def _said(unit: str, analyte: str, *, is_known: bool) -> str:
    if is_known:
        return f"has a limit that no laboratory has for {analyte} in {unit}: is the unit right?"
    return f"{unit} is no unit of {analyte}"
