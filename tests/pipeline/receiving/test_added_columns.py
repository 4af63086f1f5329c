"""A column that a contract gained leaves the content of rows without it what it was: decisions about them hold on."""

from dataclasses import replace

import duckdb

from include.definitions import contracts
from include.definitions.contracts.feed_sql import FeedSql

FEED = "reports"


def content(contract: contracts.Contract, **cells: object) -> str:
    """What the row of a report says by a contract."""
    names = contracts.read(FEED).names
    values = dict.fromkeys(f"{name}{ending}" for name in names for ending in ("", "_comparator", "_text"))
    values |= {"report_id": "R1", "ki67_percent": 3.0, **cells}
    with duckdb.connect() as connection:
        columns = ", ".join(f'${name} AS "{name}"' for name in values)
        made = FeedSql(contract, True).content("r")
        return str(connection.execute(f"SELECT {made} FROM (SELECT {columns}) AS r", values).fetchall()[0][0])


def test_a_row_without_the_columns_that_were_added_says_what_it_said() -> None:
    now = contracts.read(FEED)
    before = replace(now, fields=tuple(field for field in now.fields if not field.added))
    assert len(before.fields) < len(now.fields)
    assert content(now) == content(before)
    assert len({content(now), content(now, necrosis="yes"), content(now, necrosis="no")}) == 3


def test_a_text_that_looks_like_another_column_is_no_other_column() -> None:
    now = contracts.read(FEED)
    last = next(field.name for field in reversed(now.fields) if not field.added)
    alike = [{"necrosis": "yes", "pt": "T1"}, {"necrosis": "yes\x1fpt=T1"}, {last: "\x1fnecrosis=yes\x1fpt=T1"}]
    assert len({content(now, **cells) for cells in alike}) == 3
