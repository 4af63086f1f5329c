"""A DuckDB dialect that Great Expectations can read from, and that does not load pandas to bind values.

Great Expectations fetches rows after it has closed the connection; DuckDB's cursor is empty by then.
Rows are therefore buffered as soon as a statement has run.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb_sqlalchemy
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy


class BufferedExecutionContext(duckdb_sqlalchemy.DuckDBExecutionContext):
    """Fetches every row of a result at once."""

    def post_exec(self) -> None:
        super().post_exec()  # type: ignore[no-untyped-call]
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(duckdb_sqlalchemy.Dialect):
    """duckdb-sqlalchemy's dialect with buffered results."""

    execution_ctx_cls = BufferedExecutionContext
    supports_statement_cache = True

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        with _pandas_hidden():
            super().do_execute(cursor, statement, parameters, context)


@contextmanager
def _pandas_hidden() -> Iterator[None]:
    """Meanwhile pandas cannot be loaded, unless it is, or another thread might want it.

    DuckDB loads it to compare the values that it binds with those of pandas: a fifth of what a small night takes.
    """
    if "pandas" in sys.modules or threading.active_count() > 1:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pandas"]


def register() -> None:
    """Make `duckdb:///` URLs use the buffered dialect.

    How many rows a statement changed is not looked for: nobody asks, and the driver reads most statements letter by
    letter for it.
    """
    registry.register("duckdb", __name__, "BufferedDialect")
    duckdb_sqlalchemy.CursorWrapper._capture_dml_rowcount = _of_no_row  # type: ignore[method-assign]


def _of_no_row(self: duckdb_sqlalchemy.CursorWrapper, statement: str) -> bool:
    return False
